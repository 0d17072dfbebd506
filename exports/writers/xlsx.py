"""Excel workbooks: openpyxl draws the frame, Polars pours the rows, isal deflates."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import IO

import polars as pl

from exports.types import RECORD, SHEETS, Layout

from .base import Writer
from .makers import Makers
from .xlsx_about import about_rows
from .xlsx_cells import rows_xml
from .xlsx_frame import frame_of, part_name, rows_per_sheet, tables_of
from .zip import Fragment, ZipWriter, deflated


class XlsxWriter(Writer):
    """Sheets of a styled, frozen, filtered header row, then a row a record; every text is text, never a formula.

    Related rows may follow as further tables, each on sheets of its own.
    """

    extension = ".xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    max_columns = 16_384

    def __init__(self, file: IO[bytes], layout: Layout, *, first_row: int = 1) -> None:
        super().__init__(file, layout, first_row=first_row)
        self._rows_per_sheet = rows_per_sheet(layout)
        self.max_rows = SHEETS * self._rows_per_sheet
        self._columns = tables_of(layout)
        self._frame = frame_of(layout, [1] * len(self._columns))
        self._moment = datetime.now(UTC)
        self._zip = ZipWriter(file, self._moment)
        # Rows of each sheet so far, its header counted, for each table that has begun.
        self._tables: list[list[int]] = []
        self._pieces = Makers(self._append)
        self._begin_table()

    def _write(self, rows: pl.DataFrame) -> None:
        self._pour(rows, range(self.rows, self.rows + rows.height))

    def _write_related(self, place: int, rows: pl.DataFrame) -> None:
        self._begin_tables(place + 2)
        self._pour(rows, rows[RECORD])

    def _close(self) -> tuple[int, int]:
        self._begin_tables(len(self._columns))
        self._end_sheet()
        sheets = list(chain.from_iterable(self._tables))
        frame = frame_of(self.layout, list(map(len, self._tables)))
        if frame.about:
            before, after = frame.about
            content = before + about_rows(self.layout, self.warnings(), frame.styles) + after
            self._zip.add(part_name(len(sheets) + 1), content)
        for name, part in frame.parts_of(sheets, self._moment).items():
            self._zip.add(name, part)
        return self._zip.close()

    def _pour(self, rows: pl.DataFrame, records: range | pl.Series) -> None:
        """Append rows to the table that began last; ``records`` are the places of their records in the file."""
        sheets = self._tables[-1]
        done = 0
        while done < rows.height:
            if sheets[-1] > self._rows_per_sheet:
                self._end_sheet()
                self._begin_sheet()
            room = self._rows_per_sheet + 1 - sheets[-1]
            piece = rows.slice(done, room)
            self._pieces.put(_packed(self._rows_xml(piece, records[done : done + room])), rows=piece.height)
            sheets[-1] += piece.height
            done += piece.height

    def _begin_tables(self, count: int) -> None:
        """Let so many tables have begun; one without rows has its header."""
        while len(self._tables) < count:
            self._end_sheet()
            self._begin_table()

    def _begin_table(self) -> None:
        self._tables.append([])
        self._begin_sheet()

    def _begin_sheet(self) -> None:
        self._tables[-1].append(1)
        self._sheet = self._zip.open(part_name(sum(map(len, self._tables))))
        self._pieces.put([deflated([self._frame.tables[len(self._tables) - 1].before_rows])])

    def _end_sheet(self) -> None:
        self._pieces.put([deflated([self._frame.tables[len(self._tables) - 1].end_of(self._tables[-1][-1])])])
        self._pieces.finish()
        self._sheet.finish()

    def _rows_xml(self, piece: pl.DataFrame, records: range | pl.Series) -> Iterator[bytes]:
        def warn(code: str, column: str, rows: list[int]) -> None:
            self._warn(code, column, [records[row] for row in rows])

        table = len(self._tables) - 1
        return rows_xml(piece, self._columns[table], self._tables[table][-1] + 1, self._frame.styles, warn)

    def _append(self, fragment: Fragment) -> None:
        self._count(fragment.size, fragment.crc)
        self._sheet.append(fragment)


def _packed(rows: Iterable[bytes]) -> Iterator[Fragment]:
    yield deflated(rows)
