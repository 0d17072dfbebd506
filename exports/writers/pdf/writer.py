"""The PDF writer: blocks of rows are laid out, painted and put on pages; fonts and page numbers follow at the end."""

from datetime import UTC, datetime
from itertools import chain
from typing import IO

import numpy as np
import polars as pl

from exports.types import Layout
from exports.writers.about import lines
from exports.writers.base import Writer
from exports.writers.shown import texts

from .cells import Type, gather
from .closing import finish
from .columns import Band, Measured, arrange, measure
from .document import Document
from .faces import BOLD, REGULAR
from .frame import HeaderRow, TitleBlock
from .geometry import row_height
from .glyphs import Glyphs
from .lines import widths_of
from .metadata import describe
from .pages import Pages
from .shaping import Shaper
from .text import room_in, set_cells

MANY_ROWS = 5_000
"""More than this are written, with a warning: nobody reads them."""
MANY = "many_rows"
_BLOCK_CELLS = 8_192
"""Laid out together: enough for numpy, few enough for the processor's cache."""
_BLOCK_BYTES = 1 << 20
"""Text laid out together; each of its characters takes some hundred bytes meanwhile."""


class PdfWriter(Writer):
    """Landscape pages with a header row, striped rows, every script, and page numbers."""

    extension = ".pdf"
    media_type = "application/pdf"

    def __init__(self, file: IO[bytes], layout: Layout, *, first_row: int = 1) -> None:
        super().__init__(file, layout, first_row=first_row)
        self._document = Document(file, layout.language)
        self._regular, self._bold = _type(REGULAR, "F"), _type(BOLD, "B")
        self._moment = layout.about.asked_at if layout.about else datetime.now(UTC)
        self._to_right = np.array([column.kind.is_number for column in layout.columns])
        self._room = np.zeros(len(layout.columns), np.int64)
        self._pages: Pages | None = None
        self._block = 0
        self._warned: set[tuple[str, int]] = set()

    def _write(self, rows: pl.DataFrame) -> None:
        light = _BLOCK_BYTES * rows.height // max(rows.estimated_size(), 1)
        size = max(min(_BLOCK_CELLS // len(self.layout.columns), int(light)), 1)
        for self._block in range(0, rows.height, size):
            self._warned.clear()
            self._add(rows.slice(self._block, size))

    def _close(self) -> tuple[int, int]:
        if self._pages is None:
            nothing = Measured.nothing(len(self.layout.columns))
            self._pages = self._begin(nothing, [0] * len(self.layout.columns))
        self._pages.close()
        if self.rows > MANY_ROWS:
            self._warn(MANY, "", [self.rows] * self.rows)
        describe(self._document, self.layout.title, self._moment)
        finish(self._document, self._pages, self._title, (self._regular, self._bold), self._first_row)
        return self._document.size, self._document.crc

    def _add(self, rows: pl.DataFrame) -> None:
        columns = texts(self.layout.columns, rows)
        cells = gather(list(chain.from_iterable(zip(*columns, strict=True))), self._regular, self._warn_cell)
        widths = widths_of(cells.units, self._regular.glyphs)
        if self._pages is None:
            values = measure(cells, widths, len(columns), self._regular.glyphs)
            self._pages = self._begin(values, [max(map(len, column)) for column in columns])
        text = set_cells(cells, widths, self._room, self._regular, self._warn_cell)
        text.to_right[:] |= np.tile(self._to_right, rows.height)
        self._pages.add(text, row_height(text.heights()), self._regular.glyphs)

    def _begin(self, values: Measured, seen: list[int]) -> Pages:
        """Settle the columns by the first rows and open the first page."""
        columns = self.layout.columns
        header = HeaderRow(columns, self._bold)
        bands = arrange(columns, values, header.measured, seen)
        for band in bands:
            for place, width in zip(band.columns, band.widths, strict=True):
                self._room[place] = room_in(width)
        self._title = TitleBlock(self.layout.title, self._notes(bands), self._bold, self._regular)
        header.write(bands, self._document)
        return Pages(self._document, bands, header, self._title, self._measure)

    def _notes(self, bands: tuple[Band, ...]) -> list[str]:
        """Return what the first page says below the title."""
        about = dict(line for line in lines(self.layout, ()) if len(line) == 2) or {
            "Exported": f"{self._moment:%Y-%m-%d %H:%M:%S}, UTC"
        }
        notes = [
            f"{label}: {about[label]}" for label in ("Filters", "Exported", "Records", "This file") if label in about
        ]
        if len(bands) > 1:
            notes.append(
                f"The table is wider than a page: its {len(self.layout.columns)} columns stand on {len(bands)} pages "
                f"each time, {' | '.join(band.name for band in bands)}."
            )
        return notes

    def _warn_cell(self, code: str, cell: int, detail: str) -> None:
        row, place = divmod(cell, len(self.layout.columns))
        # A value counts once, however many of its characters are the cause.
        new = (code, cell) not in self._warned
        self._warned.add((code, cell))
        self._warn(code, self.layout.columns[place].name, [self.rows + self._block + row] * new, detail)


def _type(faces: tuple[str, ...], prefix: str) -> Type:
    glyphs = Glyphs(faces, prefix)
    return Type(glyphs, Shaper(glyphs))
