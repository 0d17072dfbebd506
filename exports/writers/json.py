"""JSON (RFC 8259): one object with what is known about the export, and its records.

::

    {"metadata": {"title": "Participants", "template": "standard", ...},
    "records": [
    {"id":1,"first_name":"Ana"},
    {"id":2,"first_name":null}
    ]}
"""

from typing import IO

import msgspec
import polars as pl

from exports.types import Layout

from .about import metadata
from .json_records import record_lines
from .ndjson import NdjsonWriter

_END = ",\n"
LINES_AROUND = 3
"""Line ends that are no record's."""


class JsonWriter(NdjsonWriter):
    """Metadata first, so that a reader who streams knows the fields before the first record comes."""

    extension = ".json"
    media_type = "application/json"

    def __init__(self, file: IO[bytes], layout: Layout, *, first_row: int = 1) -> None:
        super().__init__(file, layout, first_row=first_row)
        self._append(b'{"metadata": ' + msgspec.json.encode(metadata(layout)) + b',\n"records": [\n')

    def _write(self, rows: pl.DataFrame) -> None:
        # A comma stands between records but not after the last, and which one that is nobody knows yet.
        if self.rows:
            self._append(_END.encode())
        *blocks, last = record_lines(rows, self.layout.columns, _END)
        for block in (*blocks, last[: -len(_END)]):
            self._append(block)

    def _close(self) -> tuple[int, int]:
        self._append(b"\n]}\n" if self.rows else b"]}\n")
        return super()._close()
