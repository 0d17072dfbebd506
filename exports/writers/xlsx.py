"""Excel workbooks: openpyxl draws the frame, Polars pours the rows, isal deflates."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import IO

import polars as pl

from exports.types import SHEETS, Layout

from .base import Writer
from .makers import Makers
from .xlsx_about import about_rows
from .xlsx_cells import rows_xml
from .xlsx_frame import frame_of, part_name, rows_per_sheet
from .zip import Fragment, ZipWriter, deflated


class XlsxWriter(Writer):
    """Sheets of a styled, frozen, filtered header row, then a row a record; every text is text, never a formula."""

    extension = ".xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    max_columns = 16_384
    seeks = True

    def __init__(self, file: IO[bytes], layout: Layout, *, first_row: int = 1) -> None:
        super().__init__(file, layout, first_row=first_row)
        self._rows_per_sheet = rows_per_sheet(layout)
        self.max_rows = SHEETS * self._rows_per_sheet
        self._frame = frame_of(layout)
        self._moment = datetime.now(UTC)
        self._zip = ZipWriter(file, self._moment)
        # Rows of each sheet so far, its header counted.
        self._sheets: list[int] = []
        self._pieces = Makers(self._append)
        self._begin_sheet()

    def _write(self, rows: pl.DataFrame) -> None:
        done = 0
        while done < rows.height:
            if self._sheets[-1] > self._rows_per_sheet:
                self._end_sheet()
                self._begin_sheet()
            piece = rows.slice(done, self._rows_per_sheet + 1 - self._sheets[-1])
            self._pieces.put(_packed(self._rows_xml(piece, done)), rows=piece.height)
            self._sheets[-1] += piece.height
            done += piece.height

    def _close(self) -> tuple[int, int]:
        self._end_sheet()
        frame = frame_of(self.layout, len(self._sheets))
        if frame.about:
            before, after = frame.about
            content = before + about_rows(self.layout, self.warnings(), frame.styles) + after
            self._zip.add(part_name(len(self._sheets) + 1), content)
        for name, part in frame.parts_of(self._sheets, self._moment).items():
            self._zip.add(name, part)
        return self._zip.close()

    def _begin_sheet(self) -> None:
        self._sheets.append(1)
        self._sheet = self._zip.open(part_name(len(self._sheets)))
        self._pieces.put([deflated([self._frame.before_rows])])

    def _end_sheet(self) -> None:
        self._pieces.put([deflated([self._frame.end_of(self._sheets[-1])])])
        self._pieces.finish()
        self._sheet.finish()

    def _rows_xml(self, piece: pl.DataFrame, done: int) -> Iterator[bytes]:
        def warn(code: str, column: str, rows: list[int]) -> None:
            self._warn(code, column, [done + row for row in rows])

        return rows_xml(piece, self.layout.columns, self._sheets[-1] + 1, self._frame.styles, warn)

    def _append(self, fragment: Fragment) -> None:
        self._count(fragment.size, fragment.crc)
        self._sheet.append(fragment)


def _packed(rows: Iterable[bytes]) -> Iterator[Fragment]:
    yield deflated(rows)
