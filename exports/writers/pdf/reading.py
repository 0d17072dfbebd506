"""Reading a PDF back: its structure and every stream for every file, cell by cell for small ones.

Cells are compared without blanks and characters that cannot be seen, for lines may end at any of them, and where text
runs from right to left without regard to the order of characters: the order in which they are drawn is another one,
and only the algorithm that made it could undo it. Of a cell that was cut, what is shown must be part of it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from unicodedata import normalize

import polars as pl

from exports.types import Column, Layout
from exports.writers.verify import Reading

from .extraction import Extraction, Row
from .parsing import Objects
from .scripts import INVISIBLE, RIGHT_TO_LEFT
from .shaping import MIRRORED
from .texts import texts

_RECORD = b"\n"
_UNSEEN = re.compile(rf"\s|{INVISIBLE.pattern}")
_NOTE = re.compile(r"(\[\+[0-9,]+more\]|\+[0-9,]+)\Z")
_TURNED = "\u200f"
_ALIKE = {code: min(chr(code), other) for code, other in MIRRORED.items()}
"""Brackets stand for those that they look like when they are turned round."""


class PdfReading(Reading):
    """A table that may stand on several pages side by side."""

    def __init__(self, path: Path, layout: Layout) -> None:
        super().__init__(path, layout)
        self._objects: Objects | None = None

    def content(self) -> Iterator[bytes]:
        """Yield the records' part of each page; every other object and stream is checked on the way."""
        objects = self._read()
        bodies = _bodies(objects)
        for number in set(objects) - set(bodies):
            if objects.has_stream(number):
                objects.stream(number)
        for body in bodies:
            yield objects.stream(body)

    def count_rows(self, blocks: Iterable[bytes]) -> Iterator[int]:
        """Count the lines of the first band's pages: each is one record, and no code holds a line end."""
        return (block.count(_RECORD) for block in blocks)

    def cells(self) -> Iterator[list[Any]]:
        """Yield rows by the codes of the streams and what the fonts say they stand for."""
        objects = self._read()
        extraction = Extraction(objects)
        yield self._row(extraction.header())
        waiting: list[Row] = []
        for body in _bodies(objects):
            band, rows = extraction.rows(objects.stream(body))
            if band == 0:
                yield from map(self._row, waiting)
                waiting = rows
            else:
                waiting = [{**first, **more} for first, more in zip(waiting, rows, strict=True)]
        yield from map(self._row, waiting)

    def expected(self, column: Column, rows: pl.DataFrame) -> list[Any]:
        """Return the texts of a column."""
        return [_wanted(text) for text in texts([column], rows)[0]]

    def expected_header(self, column: Column) -> str:
        """Return the header."""
        return _wanted(column.header)

    def same(self, found: Any, right: Any) -> bool:
        """Return whether a cell shows a value, or part of it and how much is missing."""
        if found == right:
            return True
        shown = _NOTE.sub("", found)
        have, want = (Counter(text.translate(_ALIKE)) for text in (shown, right.removeprefix(_TURNED)))
        return (have == want and right.startswith(_TURNED)) or (have <= want and shown != found)

    def _read(self) -> Objects:
        self._objects = self._objects or Objects(self.path)
        return self._objects

    def _row(self, row: Row) -> list[Any]:
        return [_comparable(row.get(place, "")) for place in range(len(self.layout.columns))]


def _comparable(text: str) -> str:
    if text.isascii():
        return "".join(text.split())
    return normalize("NFD", _UNSEEN.sub("", text))


def _wanted(text: str) -> str:
    """Return what is compared of a text, marked where the order of its characters is not."""
    return (_TURNED if RIGHT_TO_LEFT.search(text) else "") + _comparable(text)


def _bodies(objects: Objects) -> list[int]:
    """Return the streams that hold records: the last of each page but one, which is its number."""
    return [streams[-2] for streams in objects.pages()]
