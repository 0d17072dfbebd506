"""Newline-delimited JSON: one object a line and nothing else, for programs that read large files piece by piece."""

import polars as pl

from .json_records import record_lines
from .text import TextWriter


class NdjsonWriter(TextWriter):
    """A line a record, in UTF-8, without metadata."""

    extension = ".ndjson"
    media_type = "application/x-ndjson"

    def _write(self, rows: pl.DataFrame) -> None:
        self._blocks.put(record_lines(rows, self.layout.columns, "\n"), rows=rows.height)
