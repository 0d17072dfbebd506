"""What stands around the records: title, header row, page numbers."""

from collections.abc import Sequence

import numpy as np
from reportlab.pdfbase.pdfdoc import PDFArrayCompact, PDFDictionary, PDFName, PDFObjectReference

from exports.types import Column

from .cells import Type, gather
from .columns import Band, measure
from .document import Document
from .geometry import FOOTER_TOP, INNER_WIDTH, LEADING, MARGIN, PAD_X, PAD_Y, SIZE, TABLE_TOP, TITLE_SIZE, row_height
from .lines import widths_of
from .marks import LAYOUT, PAGINATION, marks
from .paint import paint
from .tags import more_of
from .text import Text, set_texts, silent

HEADER_COLOUR = b".212 .376 .573"
"""#366092."""
SCALE = b".1 0 0 .1 0 0 cm"
"""Lets the rest of a stream count in tenths of a point."""
_GREY = b".35"
_NUMBER_WIDTH = 1500
"""Kept for the page number."""


class HeaderRow:
    """The names of the columns, white on blue, wrapped where they are longer than their column."""

    def __init__(self, columns: Sequence[Column], bold: Type) -> None:
        self._columns, self._bold = columns, bold
        cells = gather([column.header for column in columns], bold, silent)
        self.measured = measure(cells, widths_of(cells.units, bold.glyphs), len(columns), bold.glyphs)
        self.height = 0
        self._texts: list[Text] = []

    def write(self, bands: Sequence[Band], document: Document) -> None:
        """Write the row of each band as a form that is drawn from its top left corner, ``/H`` and the band's number."""
        self._texts = [self._set(band) for band in bands]
        self.height = max(row_height(int(text.heights()[0])) for text in self._texts)
        forms = [self._form(text, band, document) for text, band in zip(self._texts, bands, strict=True)]
        document.resources["XObject"] = PDFDictionary({f"H{number}": form for number, form in enumerate(forms)})

    def marked(self, number: int, band: Band, mark: int) -> bytes:
        """Return the operators that draw a band's row the first time: its cells are marked from ``mark`` on."""
        cells = _in_row(self._texts[number], band.widths, 0, self._bold)
        shown = marks(b"TH", mark, len(cells)) % tuple(cells)
        # What a form draws is clipped to its box: without that, this row would look a shade wider than its repeats.
        clip = b"0 %d %d %d re W n " % (-self.height, sum(band.widths), self.height)
        return clip + LAYOUT % self._box(band) + b" 1 g BT%b ET" % shown

    def more(self, number: int) -> list[bytes]:
        """Return further entries of the elements of a band's cells."""
        return more_of(self._texts[number].cells)

    def _set(self, band: Band) -> Text:
        columns = [self._columns[place] for place in band.columns]
        text = set_texts([column.header for column in columns], band.widths, self._bold)
        text.to_right[:] |= [column.kind.is_number for column in columns]
        return text

    def _form(self, text: Text, band: Band, document: Document) -> PDFObjectReference:
        entries = {
            "Type": PDFName("XObject"),
            "Subtype": PDFName("Form"),
            "BBox": PDFArrayCompact([0, -self.height, sum(band.widths), 0]),
            "Resources": document.resources_at,
            "YBBColumns": PDFArrayCompact(_borders(band)),
        }
        cells = b"".join(_in_row(text, band.widths, 0, self._bold))
        return document.stream(b"%b 1 g BT%b ET" % (self._box(band), cells), entries)

    def _box(self, band: Band) -> bytes:
        return b"%b rg 0 %d %d %d re f" % (HEADER_COLOUR, -self.height, sum(band.widths), self.height)


class TitleBlock:
    """What stands above the table on the first page: a title and lines of notes."""

    def __init__(self, title: str, notes: Sequence[str], bold: Type, regular: Type) -> None:
        self._bold, self._regular = bold, regular
        self._title = set_texts([title], [INNER_WIDTH * SIZE // TITLE_SIZE], bold)
        self._title_height = (int(self._title.heights()[0]) * LEADING + PAD_Y) * TITLE_SIZE // SIZE if title else 0
        self._notes = set_texts(list(notes), [INNER_WIDTH], regular)
        self._notes_heights = self._notes.heights() * LEADING

    @property
    def height(self) -> int:
        """How high it is, with what is left free below."""
        return self._title_height + int(self._notes_heights.sum()) + 4 * PAD_Y

    def elements(self) -> list[tuple[bytes, bytes]]:
        """Return type and further entries of the element of each mark."""
        title = [(b"H1", more) for more in more_of(self._title.cells)] if self._title_height else []
        return title + [(b"P", more) for more in more_of(self._notes.cells)]

    def operators(self) -> bytes:
        """Return the operators that draw it, marked from 0 on."""
        scale = b"%g" % (TITLE_SIZE / SIZE)
        title = _in_row(self._title, [INNER_WIDTH], -PAD_X, self._bold)
        tops = self._notes_heights - np.cumsum(self._notes_heights)
        band = Band((0,), (INNER_WIDTH,))
        notes = paint(self._notes, band, -PAD_X, tops, [0], self._regular.glyphs)
        titles = len(title) if self._title_height else 0
        return b"q %b q %b 0 0 %b %d %d cm %b rg BT%b ET Q 1 0 0 1 %d %d cm %b g BT%b ET Q" % (
            *(SCALE, scale, scale, MARGIN, TABLE_TOP, HEADER_COLOUR),
            marks(b"H1", 0, titles) % tuple(title[:titles]),
            *(MARGIN, TABLE_TOP - self._title_height, _GREY),
            marks(b"P", titles, len(notes)) % tuple(notes),
        )


def _borders(band: Band) -> list[int]:
    """Return number and right border of each column: verification sorts what it reads into them."""
    rights = [left + width for left, width in zip(band.lefts, band.widths, strict=True)]
    return [number for column in zip(band.columns, rights, strict=True) for number in column]


def footers(lines: list[tuple[str, str]], regular: Type) -> list[bytes]:
    """Return the operators of the last line of each page: what is to stand on its left and on its right."""
    widths = (INNER_WIDTH - _NUMBER_WIDTH, _NUMBER_WIDTH + 2 * PAD_X)
    text = set_texts([half for line in lines for half in line], widths, regular)
    text.to_right[1::2] = True
    tops = np.full(len(lines), FOOTER_TOP)
    halves = paint(text, Band((0, 1), widths), MARGIN - PAD_X, tops, list(range(len(lines))), regular.glyphs)
    shown = (
        b"q %b %b g BT%b ET Q" % (SCALE, _GREY, b"".join(line)) for line in zip(halves[::2], halves[1::2], strict=True)
    )
    return [PAGINATION % line for line in shown]


def _in_row(text: Text, widths: Sequence[int], left: int, type_: Type) -> list[bytes]:
    """Return the operators of each of the cells that stand in one row, whose top is 0."""
    band = Band(tuple(range(len(widths))), tuple(widths))
    return paint(text, band, left, np.zeros(1, np.int64), [0], type_.glyphs)
