"""Texts laid out in cells: units, lines, and notes where lines are missing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .cells import Cells, Type, Warn, gather
from .faces import EM
from .geometry import PAD_X, SIZE
from .glyphs import Ints
from .lines import Broken, break_cells, turn, widths_of, write_notes

SHORTENED = "cell_shortened"


@dataclass(frozen=True)
class Text:
    """Rows of cells, broken into lines, each in the order in which it is drawn."""

    cells: Cells
    columns: int
    lines: Broken
    widths: Ints
    """Cumulated, in thousandths of the font size."""
    to_right: npt.NDArray[np.bool_]
    """Cells whose lines end at their right border: those that run from right to left, at first."""

    def heights(self) -> Ints:
        """Return how many lines each row has."""
        heights = np.ones(self.cells.count // self.columns, np.int64)
        np.maximum.at(heights, self.lines.cells // self.columns, self.lines.numbers + 1)
        return heights


def set_cells(cells: Cells, widths: Ints, room: Ints, type_: Type, warn: Warn) -> Text:
    """Break cells into lines; ``room`` is the width of each column in thousandths of the font size."""
    lines = break_cells(cells, widths, np.tile(room, cells.count // len(room)), type_.glyphs)
    turn(cells, lines)
    if lines.notes:
        write_notes(cells, lines, type_.glyphs)
        for cell, note in lines.notes.items():
            warn(SHORTENED, cell, note)
        widths = widths_of(cells.units, type_.glyphs)
    to_right = np.zeros(cells.count, bool)
    to_right[[cell for cell, (shaped, _) in cells.turned.items() if shaped.right_to_left]] = True
    return Text(cells, len(room), lines, widths, to_right)


def set_texts(texts: list[str], widths: Sequence[int], type_: Type) -> Text:
    """Set texts that are no data; ``widths`` are those of the columns on the page."""
    cells = gather(texts, type_, silent)
    room = np.array([room_in(width) for width in widths], np.int64)
    return set_cells(cells, widths_of(cells.units, type_.glyphs), room, type_, silent)


def silent(code: str, cell: int, detail: str) -> None:
    """Take warnings about what is no data."""


def room_in(width: int) -> int:
    """Return what fits into a cell of a width on the page, in thousandths of the font size."""
    return (width - 2 * PAD_X) * EM // SIZE
