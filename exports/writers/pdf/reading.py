"""Reading a PDF back: its structure and every stream for every file, cell by cell for small ones.

Cells are compared without blanks and characters that cannot be seen, for lines may end at any of them. Where text runs
from right to left, characters are drawn in another order, and only the algorithm that made it could undo it: there the
cell's element must say the text, and the same characters must be drawn. Of a cell that was cut, what is shown must be
part of it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from unicodedata import normalize

import polars as pl

from exports.exceptions import VerificationFailed
from exports.types import Column, Layout, WrittenFile
from exports.writers.shown import texts
from exports.writers.verify import Reading

from .extraction import Extraction, Marked, Row
from .parsing import Objects
from .scripts import INVISIBLE, RIGHT_TO_LEFT
from .shaping import MIRRORED
from .tree import TaggedCell, Tree

_RECORD = b"\n"
_UNSEEN = re.compile(rf"\s|{INVISIBLE.pattern}")
_NOTE = re.compile(r"(\[\+[0-9,]+more\]|\+[0-9,]+)\Z")
_TURNED = "\u200f"
_ALIKE = {code: min(chr(code), other) for code, other in MIRRORED.items()}
"""Brackets stand for those that they look like when they are turned round."""


class PdfReading(Reading):
    """A table that may stand on several pages side by side."""

    def __init__(self, path: Path, layout: Layout, written: WrittenFile) -> None:
        super().__init__(path, layout, written)
        self._objects: Objects | None = None

    def content(self) -> Iterator[bytes]:
        """Yield the records' part of each page; every other object and stream is checked on the way."""
        objects = self._read()
        bodies = _bodies(objects)
        for number in set(objects.streams()) - set(bodies):
            objects.stream(number)
        for body in bodies:
            yield objects.stream(body)

    def count_rows(self, blocks: Iterable[bytes]) -> Iterator[int]:
        """Count the lines of the first band's pages: each is one record, and no code holds a line end."""
        return (block.count(_RECORD) for block in blocks)

    def cells(self) -> Iterator[list[Any]]:
        """Yield rows by the codes of the streams, what the fonts say they stand for, and the structure tree."""
        objects = self._read()
        extraction, tables = Extraction(objects), Tree(objects).tables()
        waiting: list[Row] = []
        for number, (page, body) in enumerate(zip(objects.page_numbers(), _bodies(objects), strict=True)):
            first, band = number < len(tables), number % len(tables)
            rows, marked = extraction.rows(objects.stream(body), band, first=first)
            columns = extraction.columns(band)
            shown = [extraction.header()] * first + rows
            read = [self._cells(columns, row, next(tables[band]), page, marked) for row in shown]
            if band == 0:
                yield from map(self._row, waiting)
                waiting = read
            else:
                waiting = [{**left, **right} for left, right in zip(waiting, read, strict=True)]
        yield from map(self._row, waiting)
        if any(next(table, None) for table in tables):
            raise VerificationFailed("The structure tree has more rows than the pages.")

    def expected(self, column: Column, rows: pl.DataFrame) -> list[Any]:
        """Return the texts of a column."""
        return [_wanted(text) for text in texts([column], rows)[0]]

    def expected_header(self, column: Column) -> str:
        """Return the header."""
        return _wanted(column.header)

    def same(self, found: Any, right: Any) -> bool:
        """Return whether a cell shows a value, or part of it and how much is missing."""
        return bool(found == right) or (not right.startswith(_TURNED) and _is_cut(found, right))

    def _read(self) -> Objects:
        self._objects = self._objects or Objects(self.path)
        return self._objects

    def _cells(self, columns: list[int], row: Row, tagged: list[TaggedCell], page: int, marked: Marked) -> Row:
        """Return what the cells of one row say, once it is sure that their elements have what is drawn in them."""
        read: Row = {}
        for column, cell in zip(columns, tagged, strict=True):
            drawn = row.get(column, "")
            if cell.page != page or marked.get(cell.mark) != drawn:
                raise VerificationFailed(f"The element of a cell does not have the text {drawn!r} that is drawn there.")
            read[column] = _comparable(drawn) if cell.told is None else _said(cell.told, _comparable(drawn))
        return read

    def _row(self, row: Row) -> list[Any]:
        return [row[place] for place in range(len(self.layout.columns))]


def _comparable(text: str) -> str:
    if text.isascii():
        return "".join(text.split())
    return normalize("NFD", _UNSEEN.sub("", text))


def _wanted(text: str) -> str:
    """Return what is compared of a text, marked where the order of its characters is not."""
    return (_TURNED if RIGHT_TO_LEFT.search(text) else "") + _comparable(text)


def _said(told: str, drawn: str) -> str:
    """Return what is compared of a cell that says what is drawn in another order."""
    text = _wanted(told)
    if _letters(drawn) != _letters(text) and not _is_cut(drawn, text):
        raise VerificationFailed(f"A cell says {told!r}, but {drawn!r} is drawn.")
    return text


def _is_cut(drawn: str, text: str) -> bool:
    """Return whether part of a text is drawn, and how much is missing."""
    shown = _NOTE.sub("", drawn)
    return shown != drawn and _letters(shown) <= _letters(text)


def _letters(text: str) -> Counter[str]:
    return Counter(text.removeprefix(_TURNED).translate(_ALIKE))


def _bodies(objects: Objects) -> list[int]:
    """Return the streams that hold records: the last of each page but one, which is its number."""
    return [streams[-2] for streams in objects.pages()]
