"""Newline-delimited JSON: one object a line and nothing else, for programs that read large files piece by piece."""

import polars as pl

from .base import Writer
from .json_records import record_lines


class NdjsonWriter(Writer):
    """A line a record, in UTF-8, without metadata."""

    extension = ".ndjson"
    media_type = "application/x-ndjson"

    def _write(self, rows: pl.DataFrame) -> None:
        for block in record_lines(rows, self.layout.columns, "\n"):
            self._append(block)

    def _close(self) -> tuple[int, int]:
        # The file is its content.
        return self.content_size, self.content_crc

    def _append(self, content: bytes | memoryview) -> None:
        self._measure(content)
        self.file.write(content)
