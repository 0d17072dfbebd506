"""JSON (RFC 8259): one object with what is known about the export, and its records.

::

    {"metadata": {"title": "Participants", "template": "standard", ...},
    "records": [
    {"id":1,"first_name":"Ana"},
    {"id":2,"first_name":null}
    ]}
"""

from collections.abc import Iterable, Iterator
from typing import IO

import msgspec
import polars as pl

from exports.types import Layout

from .about import metadata
from .json_records import record_lines
from .text import TextWriter

_END = ",\n"
LINES_AROUND = 3
"""Line ends that are no record's."""


class JsonWriter(TextWriter):
    """Metadata first, so that a reader who streams knows the fields before the first record comes."""

    extension = ".json"
    media_type = "application/json"

    def __init__(self, file: IO[bytes], layout: Layout, *, first_row: int = 1) -> None:
        super().__init__(file, layout, first_row=first_row)
        self._blocks.put([b'{"metadata": ', msgspec.json.encode(metadata(layout)), b',\n"records": [\n'])

    def _write(self, rows: pl.DataFrame) -> None:
        # A comma stands between records but not after the last, and which one that is nobody knows yet.
        if self.rows:
            self._blocks.put([_END.encode()])
        self._blocks.put(_without_last_end(record_lines(rows, self.layout.columns, _END)), rows=rows.height)

    def _close(self) -> tuple[int, int]:
        self._blocks.put([b"\n]}\n" if self.rows else b"]}\n"])
        return super()._close()


def _without_last_end(blocks: Iterable[bytes]) -> Iterator[bytes]:
    *others, last = blocks
    yield from others
    yield last[: -len(_END)]
