"""Rows onto pages, one band beside the other, and each page out of memory as soon as it is full."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from reportlab.pdfbase.pdfdoc import PDFObjectReference

from exports.exceptions import LimitExceeded

from .columns import Band
from .document import Document
from .frame import SCALE
from .geometry import MARGIN, TABLE_BOTTOM, TABLE_TOP
from .glyphs import Glyphs, Ints
from .paint import paint
from .text import Text

MAX_PAGES = 1_000
_RECORD, _SAME_RECORD = b"\n", b"\t"
"""Begin each record in the streams of the first band and of the others; nothing else there holds these bytes."""
_STRIPE = b".93 .95 .98 rg"


@dataclass(frozen=True)
class Page:
    """A page whose records are written."""

    body: PDFObjectReference
    band: int
    first: int
    """Records, counted from 0 in the file; ``last`` is not on the page."""
    last: int


class Pages:
    """Takes rows and fills pages with them."""

    def __init__(
        self, document: Document, bands: Sequence[Band], *, header: int, above: int, measure: Callable[[bytes], None]
    ) -> None:
        """Open the first page; ``header`` and ``above`` are how high the header row is and what stands above it there.

        ``measure`` is told the content of every page before it is deflated.
        """
        self.done: list[Page] = []
        self.bands = bands
        self._document, self._measure, self._header = document, measure, header
        self._rows = self._first = self._top = 0
        self._bodies: list[list[bytes]] = []
        self._open(TABLE_TOP - above)

    def add(self, text: Text, heights: Ints, glyphs: Glyphs) -> None:
        """Append rows of cells; ``heights`` are theirs on the page. Raises LimitExceeded."""
        pieces, tops = self._pieces(heights)
        starts = [start for start, _ in pieces]
        painted = [paint(text, band, MARGIN, tops, starts, glyphs) for band in self.bands]
        for start, end in pieces:
            # Every piece but the first begins a page; the first does where the last page is full.
            if start or tops[0] > self._top:
                self.close()
                self._open(TABLE_TOP)
            for body, band, rows in zip(self._bodies, self.bands, painted, strict=True):
                separator = _RECORD if band is self.bands[0] else _SAME_RECORD
                body += [self._stripes(tops[start:end], heights[start:end], sum(band.widths)), b" 0 g BT"]
                body += [separator + row for row in rows[start:end]]
                body.append(b" ET")
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
        for band, body in enumerate(self._bodies):
            content = b"".join([*body, b" Q"])
            self._measure(content)
            self.done.append(Page(self._document.stream(content), band, self._first, self._rows))

    def _open(self, top: int) -> None:
        place = b"q %b q 1 0 0 1 %d %d cm " % (SCALE, MARGIN, top)
        self._bodies = [[b"%b/H%d Do Q " % (place, band)] for band in range(len(self.bands))]
        self._first = self._rows
        self._top = top - self._header

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
        return b" %b %b f" % (_STRIPE, boxes) if boxes else b""
