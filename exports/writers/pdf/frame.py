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
from .paint import paint
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

    def write(self, bands: Sequence[Band], document: Document) -> None:
        """Write the row of each band as a form that is drawn from its top left corner, ``/H`` and the band's number."""
        texts = [self._set(band) for band in bands]
        self.height = max(row_height(int(text.heights()[0])) for text in texts)
        forms = [self._form(text, band, document) for text, band in zip(texts, bands, strict=True)]
        document.resources["XObject"] = PDFDictionary({f"H{number}": form for number, form in enumerate(forms)})

    def _set(self, band: Band) -> Text:
        columns = [self._columns[place] for place in band.columns]
        text = set_texts([column.header for column in columns], band.widths, self._bold)
        text.to_right[:] |= [column.kind.is_number for column in columns]
        return text

    def _form(self, text: Text, band: Band, document: Document) -> PDFObjectReference:
        width = sum(band.widths)
        box = b"%b rg 0 %d %d %d re f 1 g " % (HEADER_COLOUR, -self.height, width, self.height)
        entries = {
            "Type": PDFName("XObject"),
            "Subtype": PDFName("Form"),
            "BBox": PDFArrayCompact([0, -self.height, width, 0]),
            "Resources": document.resources_at,
            "YBBColumns": PDFArrayCompact(_borders(band)),
        }
        return document.stream(box + _in_row(text, band.widths, 0, self._bold), entries)


class TitleBlock:
    """What stands above the table on the first page: a title and lines of notes."""

    def __init__(self, title: str, notes: Sequence[str], bold: Type, regular: Type) -> None:
        self._bold, self._regular = bold, regular
        self._title = set_texts([title], [INNER_WIDTH * SIZE // TITLE_SIZE], bold)
        self._title_height = (int(self._title.heights()[0]) * LEADING + PAD_Y) * TITLE_SIZE // SIZE if title else 0
        self._notes = set_texts(["\n".join(notes)], [INNER_WIDTH], regular)

    @property
    def height(self) -> int:
        """How high it is, with what is left free below."""
        return self._title_height + row_height(int(self._notes.heights()[0])) + 2 * PAD_Y

    def operators(self) -> bytes:
        """Return the operators that draw it."""
        scale = b"%g" % (TITLE_SIZE / SIZE)
        title = _in_row(self._title, [INNER_WIDTH], -PAD_X, self._bold)
        notes = _in_row(self._notes, [INNER_WIDTH], -PAD_X, self._regular)
        return b"q %b q %b 0 0 %b %d %d cm %b rg %b Q 1 0 0 1 %d %d cm %b g %b Q" % (
            *(SCALE, scale, scale, MARGIN, TABLE_TOP, HEADER_COLOUR, title),
            *(MARGIN, TABLE_TOP - self._title_height, _GREY, notes),
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
    painted = paint(text, Band((0, 1), widths), MARGIN - PAD_X, tops, list(range(len(lines))), regular.glyphs)
    return [b"q %b %b g BT%b ET Q" % (SCALE, _GREY, line) for line in painted]


def _in_row(text: Text, widths: Sequence[int], left: int, type_: Type) -> bytes:
    """Return the operators of cells that stand in one row, whose top is 0."""
    band = Band(tuple(range(len(widths))), tuple(widths))
    return b"BT%b ET" % paint(text, band, left, np.zeros(1, np.int64), [0], type_.glyphs)[0]
