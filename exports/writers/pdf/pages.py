"""Rows onto pages, one band beside the other, and each page out of memory as soon as it is full."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from reportlab.pdfbase.pdfdoc import PDFObjectReference

from exports.exceptions import LimitExceeded

from .columns import Band
from .document import Document
from .frame import SCALE, HeaderRow, TitleBlock
from .geometry import MARGIN, TABLE_BOTTOM, TABLE_TOP
from .glyphs import Glyphs, Ints
from .marks import LAYOUT, PAGINATION, marks
from .paint import paint
from .tags import Tags, more_of
from .text import Text

MAX_PAGES = 1_000
_RECORD, _SAME_RECORD = b"\n", b"\t"
"""Begin each record in the streams of the first band and of the others; nothing else there holds these bytes."""
_STRIPE = b".93 .95 .98 rg"


@dataclass(frozen=True)
class Page:
    """A page whose records are written."""

    number: int
    """Of its object."""
    body: PDFObjectReference
    band: int
    first: int
    """Records, counted from 0 in the file; ``last`` is not on the page."""
    last: int


@dataclass
class _Open:
    """A page of one band that is being filled."""

    number: int
    header: bytes
    body: list[bytes] = field(default_factory=list)
    above: list[int] = field(default_factory=list)
    """The elements of what is marked above the records; marks are numbered on from there."""
    more: list[bytes] = field(default_factory=list)
    """Further entries of each cell's element."""


class Pages:
    """Takes rows and fills pages with them."""

    def __init__(
        self,
        document: Document,
        bands: Sequence[Band],
        header: HeaderRow,
        title: TitleBlock,
        measure: Callable[[bytes], None],
    ) -> None:
        """Open the first page; ``measure`` is told the content of every page before it is deflated."""
        self.done: list[Page] = []
        self.bands = bands
        self.tags = Tags(document, len(bands))
        self._document, self._measure, self._header = document, measure, header.height
        self._rows = self._first = self._top = 0
        self._place = b""
        self._pages: list[_Open] = []
        self._open(TABLE_TOP - title.height)
        self._mark_first(header, title)

    def add(self, text: Text, heights: Ints, glyphs: Glyphs) -> None:
        """Append rows of cells; ``heights`` are theirs on the page. Raises LimitExceeded."""
        pieces, tops = self._pieces(heights)
        starts = [start for start, _ in pieces]
        entries = np.array(more_of(text.cells), object).reshape(-1, text.columns)
        more = [entries[:, list(band.columns)].ravel().tolist() for band in self.bands]
        painted = [paint(text, band, MARGIN, tops, starts, glyphs) for band in self.bands]
        for start, end in pieces:
            # Every piece but the first begins a page; the first does where the last page is full.
            if start or tops[0] > self._top:
                self.close()
                self._open(TABLE_TOP)
            for page, band, cells, told in zip(self._pages, self.bands, painted, more, strict=True):
                columns = len(band.columns)
                some = slice(start * columns, end * columns)
                page.body += [self._stripes(tops[start:end], heights[start:end], sum(band.widths)), b" 0 g BT"]
                page.body += _records(cells[some], columns, len(page.above) + len(page.more), band is self.bands[0])
                page.body.append(b" ET")
                page.more += told[some]
            self._rows += end - start
            self._top = int(tops[end - 1] - heights[end - 1])

    def close(self) -> None:
        """Write the open page of every band. Raises LimitExceeded."""
        if len(self.done) + len(self.bands) > MAX_PAGES:
            raise LimitExceeded(
                f"A .pdf file holds {MAX_PAGES:,} pages; they are full after {self._first:,} records. "
                "Fewer records a file, or fewer columns, would fit.",
                rows=self._first,
            )
        for band, (page, table) in enumerate(zip(self._pages, self.tags.tables, strict=True)):
            content = b"".join([self._place, page.header, b" Q ", *page.body, b" Q"])
            self._measure(content)
            body = self._document.stream(content)
            self.done.append(Page(page.number, body, band, self._first, self._rows))
            columns = len(self.bands[band].columns)
            self.tags.add_page(table.add_page(page.number, page.above, columns, page.more))

    def _open(self, top: int) -> None:
        self._place = b"q %b q 1 0 0 1 %d %d cm " % (SCALE, MARGIN, top)
        headers = (PAGINATION % (b"/H%d Do" % band) for band in range(len(self.bands)))
        self._pages = [_Open(self._document.allocate(1), header) for header in headers]
        self._first = self._rows
        self._top = top - self._header

    def _mark_first(self, header: HeaderRow, title: TitleBlock) -> None:
        """Let the title on the first page, and the header row on the first of each band, be read."""
        self._pages[0].above += self.tags.add_texts(self._pages[0].number, title.elements())
        for number, (page, table) in enumerate(zip(self._pages, self.tags.tables, strict=True)):
            mark = len(page.above)
            page.header = header.marked(number, self.bands[number], mark)
            page.above += table.add_header(page.number, mark, header.more(number))

    def _pieces(self, heights: Ints) -> tuple[list[tuple[int, int]], Ints]:
        """Return which rows go onto the open page and onto each new one, and where every row begins."""
        sums = np.concatenate([[0], np.cumsum(heights)])
        tops = np.empty(len(heights), np.int64)
        pieces: list[tuple[int, int]] = []
        start, top = 0, self._top
        while start < len(heights):
            end = int(np.searchsorted(sums, sums[start] + top - TABLE_BOTTOM, "right")) - 1
            if end > start:
                pieces.append((start, end))
                tops[start:end] = top - (sums[start:end] - sums[start])
            start, top = end, TABLE_TOP - self._header
        return pieces, tops

    def _stripes(self, tops: Ints, heights: Ints, width: int) -> bytes:
        """Return operators that colour every other row."""
        odd = slice((self._rows + 1) % 2, None, 2)
        shown = zip(tops[odd].tolist(), heights[odd].tolist(), strict=True)
        boxes = b" ".join(b"%d %d %d %d re" % (MARGIN, top - high, width, high) for top, high in shown)
        return LAYOUT % (b"%b %b f" % (_STRIPE, boxes)) if boxes else b""


def _records(cells: list[bytes], columns: int, mark: int, is_first: bool) -> list[bytes]:
    """Return the operators of rows of cells, the cells marked from ``mark`` on."""
    separator = _RECORD if is_first else _SAME_RECORD
    borders = pairwise(range(0, len(cells) + 1, columns))
    return [separator + marks(b"TD", mark + start, columns) % tuple(cells[start:end]) for start, end in borders]
