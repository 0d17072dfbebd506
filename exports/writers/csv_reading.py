"""Reading a CSV file back: a count of lines for every file, the standard library cell by cell for small ones."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from exports.neutral import neutral
from exports.types import Column

from .csv import cell_text
from .verify import Reading

_BLOCK = 1 << 20


class CsvReading(Reading):
    """A CSV file with a header."""

    def content(self) -> Iterator[bytes]:
        """Yield the file: nothing in it is compressed."""
        with self.path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block

    def count_rows(self, blocks: Iterable[bytes]) -> Iterator[int]:
        """Count the line ends outside quotes."""
        yield -1
        quoted, carried = False, b""
        for block in blocks:
            seen = carried + block
            # A line end that is cut in two is counted with its second half.
            carried = seen[-1:] if seen.endswith(b"\r") else b""
            pieces = seen[: len(seen) - len(carried)].split(b'"')
            yield sum(piece.count(b"\r\n") for piece in pieces[quoted::2])
            quoted ^= len(pieces) % 2 == 0

    def cells(self) -> Iterator[list[Any]]:
        """Yield rows as the csv module sees them."""
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file, delimiter=self.layout.delimiter, strict=True):
                # One column, nothing in it: the module sees an empty line.
                yield row or [""]

    def expected(self, column: Column, rows: pl.DataFrame) -> list[Any]:
        """Return the texts of a column; the module cannot tell absent from empty."""
        return rows.select(cell_text(column, rows).fill_null("")).to_series().to_list()

    def expected_header(self, column: Column) -> str:
        """Return the header."""
        return str(pl.select(neutral(pl.lit(column.header))).item())
