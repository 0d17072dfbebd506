"""The structure tree read back (ISO 32000-1, 14.7): the cells of each table, and where on the pages they are."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from exports.exceptions import VerificationFailed

from .parsing import Objects
from .syntax import entry, found, references

_KIND = re.compile(rb"/S/(\w+)")
_CELL = re.compile(
    rb"<</S/(T[DH])/P (\d+) 0 R/Pg (\d+) 0 R/K (\d+)(?:/A<</O/Table/Scope/Column>>)?(?:/ActualText<feff([0-9a-f]*)>)?>>"
)


class TaggedCell(NamedTuple):
    """An element that is a cell."""

    page: int
    """Number of the page's object."""
    mark: int
    told: str | None
    """What it says instead of what is drawn."""


class Tree:
    """The elements of one file; VerificationFailed where they do not hang together."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._root = references(entry(objects.root(), b"StructTreeRoot"))[0]
        self._elements: tuple[int, list[int]] = 0, []
        listed = re.findall(rb"(\d+) (\d+) 0 R", entry(objects[self._root], b"Nums"))
        self._listed = {int(key): int(number) for key, number in listed}

    def tables(self) -> list[Iterator[list[TaggedCell]]]:
        """Return the rows of each table, its header row first."""
        (document,) = self._kids(self._root, b"Document")
        return [self._rows(kid) for kid in self._kids(document, b"H1", b"P", b"Table") if self._kind(kid) == b"Table"]

    def _rows(self, table: int) -> Iterator[list[TaggedCell]]:
        for part in self._kids(table, b"THead", b"TBody"):
            kind = b"TH" if self._kind(part) == b"THead" else b"TD"
            for row in self._kids(part, b"TR"):
                yield [self._cell(cell, row, kind) for cell in references(entry(self._objects[row], b"K"))]

    def _kids(self, number: int, *kinds: bytes) -> list[int]:
        """Return the children of an element; each must be of one of some types and know its parent."""
        kids = references(entry(self._objects[number], b"K"))
        for kid in kids:
            if self._kind(kid) not in kinds or references(entry(self._objects[kid], b"P")) != [number]:
                raise VerificationFailed(f"Object {kid} of the file is not the element that object {number} holds.")
        return kids

    def _kind(self, number: int) -> bytes:
        return bytes(found(_KIND.search(self._objects[number]), "type of an element")[1])

    def _cell(self, number: int, row: int, kind: bytes) -> TaggedCell:
        found_kind, parent, page, mark, told = found(_CELL.fullmatch(self._objects[number]), "cell").groups()
        if (found_kind, int(parent)) != (kind, row) or self._elements_of(int(page))[int(mark)] != number:
            raise VerificationFailed(f"Object {number} of the file is not the cell that its row and page say it is.")
        return TaggedCell(int(page), int(mark), bytes.fromhex(told.decode()).decode("utf-16-be") if told else None)

    def _elements_of(self, page: int) -> list[int]:
        """Return the elements of the marks on a page, in the order of the marks."""
        if page != self._elements[0]:
            listed = self._listed[int(entry(self._objects[page], b"StructParents"))]
            self._elements = page, references(self._objects[listed])
        return self._elements[1]
