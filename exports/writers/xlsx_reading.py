"""Reading a workbook back: isal and a count of rows for every file, calamine cell by cell for small ones."""

import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import cached_property
from itertools import repeat
from math import ceil
from typing import Any

import polars as pl
from python_calamine import CalamineWorkbook

from exports.exceptions import VerificationFailed
from exports.types import Column

from .unzip import members
from .verify import Reading
from .xlsx_frame import has_about, part_name, rows_per_sheet, tables_of
from .xlsx_text import cell_text

_ROW = b"<row "


class XlsxReading(Reading):
    """A workbook of tables, each on sheets with a header, and perhaps an About sheet behind them."""

    def content(self) -> Iterator[bytes]:
        """Yield the XML of all sheets but About; every other member is inflated and checked on the way."""
        sheets = {part_name(number + 1) for number in range(self._sheets())}
        for name, blocks in members(self.path):
            for block in blocks:
                if name in sheets:
                    yield block

    def count_rows(self, blocks: Iterable[bytes]) -> Iterator[int]:
        """Count opening row tags: no text can hold one, for its ``<`` would be escaped."""
        reach, tail = len(_ROW) - 1, b""
        for block in blocks:
            # A tag that is cut in two is found in what lies around the cut; more is not copied.
            yield block.count(_ROW) + (tail + block[:reach]).count(_ROW)
            tail = (tail + block[-reach:])[-reach:]
        yield -self._sheets()

    def cells(self) -> Iterator[list[Any]]:
        """Yield rows as calamine sees them; a time is a datetime, a number a float."""
        return self._table(0)

    def related_cells(self, place: int) -> Iterator[list[Any]]:
        """Yield related rows in the same way."""
        return self._table(place + 1)

    def _table(self, place: int) -> Iterator[list[Any]]:
        """Yield the rows of one of the tables that follow one another, each on so many sheets as its rows need."""
        counts = [
            max(ceil(rows / rows_per_sheet(self.layout)), 1) for rows in (self.written.rows, *self.written.related_rows)
        ]
        first, count = sum(counts[:place]), counts[place]
        headers = [self.expected_header(column) for column in tables_of(self.layout)[place]]
        blank = [""] * len(headers)
        for number in range(first, first + count):
            sheet = self._book.get_sheet_by_index(number)
            rows = [_plain_row(row, blank) for row in sheet.to_python(skip_empty_area=False)]
            if number > first and rows[:1] != [headers]:
                raise VerificationFailed(f"Sheet {number + 1} was read back with another header than was written.")
            yield from rows[number > first :]
            if number + 1 < first + count:
                # calamine stops after the last row with a value, but only the last sheet may be shorter.
                yield from repeat(blank, rows_per_sheet(self.layout) + 1 - len(rows))

    def expected(self, column: Column, rows: pl.DataFrame) -> list[Any]:
        """Return the cells of a column: an absent or empty value is an empty cell."""
        misfits = rows[f"{column.name}?"].to_list() if f"{column.name}?" in rows.columns else [None] * rows.height
        read: Callable[[Any], Any] = float if column.kind.is_number else _same if column.kind.is_temporal else _text
        return [
            _text(misfit) if value is None else read(value)
            for value, misfit in zip(rows[column.name].to_list(), misfits, strict=True)
        ]

    def expected_header(self, column: Column) -> str:
        """Return the header."""
        return _text(column.header)

    def _sheets(self) -> int:
        """Return how many sheets hold records or related rows."""
        with zipfile.ZipFile(self.path) as archive:
            found = sum(name.startswith("xl/worksheets/") for name in archive.namelist())
        return found - has_about(self.layout)

    @cached_property
    def _book(self) -> CalamineWorkbook:
        return CalamineWorkbook.from_path(self.path)


def _plain_row(row: list[Any], blank: list[str]) -> list[Any]:
    return [_plain(cell) for cell in row] + blank[len(row) :]


def _plain(cell: Any) -> Any:
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return datetime(cell.year, cell.month, cell.day)
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell


def _same(value: Any) -> Any:
    return value


def _text(value: str | None) -> str:
    return cell_text(value) if value else ""
