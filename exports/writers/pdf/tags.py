"""The structure tree, which tells what the marks on the pages are (ISO 32000-1, 14.7 and 14.8.4).

``Document`` holds a title (``H1``), notes (``P``) and one ``Table`` for each band, with one ``THead`` and, over all
pages, one ``TBody``. Each cell is an object of its own, as the standard wants it, written with its page and forgotten.
"""

from collections.abc import Iterable, Sequence

from reportlab.pdfbase.pdfdoc import PDFDictionary

from .cells import Cells
from .document import Document

_LEAF = b"<</S/%b/P %d 0 R/Pg %d 0 R/K %d%b>>"
"""An element whose content is a mark on a page: type, parent, page, mark, further entries."""
_SCOPE = b"/A<</O/Table/Scope/Column>>"


def more_of(cells: Cells) -> list[bytes]:
    """Return further entries of each cell's element: what it says where its glyphs do not tell in their order."""
    more = [b""] * cells.count
    for cell, text in cells.told.items():
        more[cell] = b"/ActualText<feff%b>" % text.encode("utf-16-be").hex().encode()
    return more


class Table:
    """A table that grows page by page."""

    def __init__(self, document: Document, parent: int) -> None:
        """``parent`` is the number of the element that the table belongs to."""
        self._document, self._parent = document, parent
        self.number = document.allocate(2)
        self._body, self._head = self.number + 1, 0
        self._rows: list[range] = []

    def add_header(self, page: int, mark: int, more: Sequence[bytes]) -> range:
        """Write the header row, marked from ``mark`` on, and return the numbers of its cells.

        ``page`` is the number of the page's object; ``more`` are further entries of each cell.
        """
        first = self._document.allocate(len(more) + 2)
        cells = range(first, first + len(more))
        row, self._head = cells.stop, cells.stop + 1
        objects = [
            _LEAF % (b"TH", row, page, number, _SCOPE + entries) for number, entries in enumerate(more, start=mark)
        ]
        objects += [_branch(b"TR", self._head, cells), _branch(b"THead", self.number, [row])]
        self._document.pack(first, objects)
        return cells

    def add_page(self, page: int, above: Sequence[int], columns: int, more: Sequence[bytes]) -> int:
        """Write the rows of a page and, in the order of their marks, what all marks of the page belong to.

        ``above`` are the elements of the marks before those of the rows. Returns the number of the object that lists
        the elements.
        """
        rows = len(more) // columns
        first = self._document.allocate(len(more) + rows + 1)
        last = first + len(more)
        self._rows.append(range(last, last + rows))
        parents = (row for row in self._rows[-1] for _ in range(columns))
        objects = [
            _LEAF % (b"TD", row, page, mark, entries)
            for mark, (row, entries) in enumerate(zip(parents, more, strict=True), start=len(above))
        ]
        starts = range(first, last, columns)
        objects += [_branch(b"TR", self._body, range(start, start + columns)) for start in starts]
        objects.append(_listed([*above, *range(first, last)]))
        self._document.pack(first, objects)
        return last + rows

    def close(self) -> None:
        """Write the table itself; its body only where there are rows."""
        rows = [row for page in self._rows for row in page]
        kids = [self._head, self._body] if rows else [self._head]
        objects = [_branch(b"Table", self._parent, kids), _branch(b"TBody", self.number, rows)]
        self._document.pack(self.number, objects[: len(kids)])


class Tags:
    """The tree of one document; pages are added in their order."""

    def __init__(self, document: Document, tables: int) -> None:
        self._document = document
        self._root = document.allocate(2)
        self._top = self._root + 1
        self.tables = [Table(document, self._top) for _ in range(tables)]
        self._texts: list[int] = []
        self._pages: list[int] = []

    def add_texts(self, page: int, texts: Iterable[tuple[bytes, bytes]]) -> range:
        """Write elements above the tables, marked from 0 on, and return their numbers.

        ``texts`` are the types of the elements and further entries of each.
        """
        objects = [_LEAF % (kind, self._top, page, mark, more) for mark, (kind, more) in enumerate(texts)]
        first = self._document.allocate(len(objects))
        self._document.pack(first, objects)
        self._texts += (numbers := range(first, first + len(objects)))
        return numbers

    def add_page(self, elements: int) -> None:
        """Take the number of the object that lists the elements of a page."""
        self._pages.append(elements)

    def close(self) -> None:
        """Write what holds the rest together and let the catalogue refer to it."""
        for table in self.tables:
            table.close()
        kids = [*self._texts, *(table.number for table in self.tables)]
        pages = b"".join(b" %d %d 0 R" % page for page in enumerate(self._pages))
        root = b"<</Type/StructTreeRoot/K %d 0 R/ParentTree<</Nums[%b]>>/ParentTreeNextKey %d>>" % (
            *(self._top, pages, len(self._pages)),
        )
        self._document.pack(self._root, [root, _branch(b"Document", self._root, kids)])
        catalog = self._document.Catalog
        catalog.StructTreeRoot, catalog.MarkInfo = f"{self._root} 0 R", PDFDictionary({"Marked": "true"})


def _branch(kind: bytes, parent: int, kids: Iterable[int]) -> bytes:
    """Return an element that holds others."""
    return b"<</S/%b/P %d 0 R/K%b>>" % (kind, parent, _listed(kids))


def _listed(numbers: Iterable[int]) -> bytes:
    return b"[%b]" % b" ".join([b"%d 0 R" % number for number in numbers])
