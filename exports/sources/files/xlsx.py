"""Workbooks: the first sheet, read whole by calamine.

Of the two readers there are, calamine takes 1.3 s and 140 MB for 100,000 records of 15 columns, openpyxl in its
read-only mode 24 s and 13 MB. What that may come to is bounded by ``xlsx_size``.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import time, timedelta
from itertools import islice
from typing import IO, Any

import polars as pl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from exports.engine.column_records import ColumnRecords
from exports.engine.decode import Source
from exports.engine.lexical import text_of
from exports.exceptions import InvalidFile

from . import xlsx_size
from .base import Batches
from .header import understood

_WHOLE = 1e15
"""Up to here a double that is whole says which whole number was meant."""


class XlsxBatches(Batches):
    """Dates and times are ISO 8601, numbers what a spreadsheet shows of them, 15 digits, and 5 for 5.0.

    A row without any value is no record: a workbook cannot tell it from one that is not there. A cell that shows an
    error (``#N/A``) holds no value. Of formulas the value counts that was saved with them.
    """

    def _read(self) -> Iterator[Source]:
        with _seekable(self.file) as file:
            xlsx_size.check(file)
            sheet = self._first_sheet(file)
        rows = (row for row in sheet.iter_rows() if row.count("") < len(row))
        header = understood([_text(cell) or "" for cell in next(rows, [])], self.fields)
        self.ignored_columns = header.ignored
        while some := list(islice(rows, self.rows)):
            columns = zip(header.fields, zip(*some, strict=True), strict=True)
            yield ColumnRecords(pl.DataFrame([_column(field.name, cells) for field, cells in columns if field]))

    def _first_sheet(self, file: IO[bytes]) -> CalamineSheet:
        try:
            book = CalamineWorkbook.from_filelike(file)
            self.ignored_sheets = tuple(book.sheet_names[1:])
            return book.get_sheet_by_index(0)
        except (CalamineError, IndexError) as error:
            sentence = str(error).rstrip(".")
            raise InvalidFile(f"The workbook cannot be read: {sentence}.") from error


@contextmanager
def _seekable(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """Give a file that can be read from any place: itself, or a copy on disk of one that comes out of gzip."""
    if file.seekable():
        yield file
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(file, copy)
        copy.seek(0)
        yield copy


def _column(name: str, cells: Sequence[Any]) -> pl.Series:
    types = set(map(type, cells))
    if types == {str}:
        return pl.Series(name, cells, dtype=pl.String).replace("", None)
    text = _TEXTS.get(types.pop(), text_of) if len(types) == 1 else _text
    return pl.Series(name, list(map(text, cells)), dtype=pl.String)


def _text(cell: Any) -> str | None:
    return _TEXTS.get(type(cell), text_of)(cell)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < _WHOLE else f"{value:.15g}"


def _clock(duration: timedelta) -> str:
    """Return hours, minutes and seconds, as a cell shows them that counts more than a day."""
    minutes, seconds = divmod(round(duration.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


_TEXTS: dict[type, Callable[[Any], str | None]] = {
    str: lambda text: text or None,
    float: _number,
    time: time.isoformat,
    timedelta: _clock,
}
"""Texts of the types for which ``lexical.text_of`` has another or none."""
