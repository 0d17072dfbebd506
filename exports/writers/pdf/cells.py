"""Cells of a block as one array of units, cell after cell."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from unicodedata import category

import numpy as np
import numpy.typing as npt

from .characters import Trait
from .glyphs import BOX, JAPANESE_UNITS, Glyphs, Ints, Units
from .shaping import Shaped, Shaper

Flags: TypeAlias = npt.NDArray[np.bool_]
Warn: TypeAlias = Callable[[str, int, str], None]
"""Takes a warning's code, the number of the cell and what exactly it is about."""

CONTROL, NO_GLYPH = "control_character", "no_glyph"
_LINE_END = re.compile("\r\n?|[\x85\u2028\u2029]")
_KANA = (0x3041, 0x30FF)
_HAN = (0x3400, 0x9FFF)


@dataclass(frozen=True)
class Cells:
    """Cell i is ``units[starts[i]:starts[i + 1]]``, in logical order."""

    units: Units
    starts: Ints
    turned: dict[int, tuple[Shaped, int]]
    """Cells with text from right to left: cell -> what shaping said, and where the cell starts."""
    told: dict[int, str]
    """Cells whose glyphs are in another order than their characters, or stacked: cell -> its text."""

    @property
    def count(self) -> int:
        """How many cells there are."""
        return len(self.starts) - 1


@dataclass(frozen=True)
class Type:
    """What texts are set in: one weight of one document."""

    glyphs: Glyphs
    shaper: Shaper


def gather(texts: list[str], type_: Type, warn: Warn) -> Cells:
    """Return the units of texts; every table of the type's glyphs knows them afterwards."""
    glyphs, shaper = type_.glyphs, type_.shaper
    codes, starts = _codes(texts)
    glyphs.learn(codes)
    bits = glyphs.traits[codes]
    if (bits & Trait.UNTIDY).any():
        return gather([_LINE_END.sub("\n", text).replace("\t", " ") for text in texts], type_, warn)
    turned: dict[int, tuple[Shaped, int]] = {}
    told: dict[int, str] = {}
    if (complex_places := np.flatnonzero(bits & Trait.COMPLEX)).size:
        changed = _cells_of(complex_places, starts)
        shaped = [shaper.shape(texts[cell]) for cell in changed.tolist()]
        codes, starts = _replace(codes, starts, changed, [cell.units for cell in shaped])
        glyphs.learn(codes)
        for cell, made in zip(changed.tolist(), shaped, strict=True):
            if made.reordered:
                told[cell] = texts[cell]
            if made.levels:
                turned[cell] = made, int(starts[cell])
    _warn_of_boxes(codes, starts, glyphs, warn)
    return Cells(_japanese(codes, starts, glyphs), starts, turned, told)


def _warn_of_boxes(codes: Units, starts: Ints, glyphs: Glyphs, warn: Warn) -> None:
    boxed = np.flatnonzero(glyphs.face[codes] == BOX)
    cells = np.searchsorted(starts, boxed, "right") - 1
    for cell, code in zip(cells.tolist(), codes[boxed].tolist(), strict=True):
        warn(CONTROL if category(chr(code)) == "Cc" else NO_GLYPH, cell, f"U+{code:04X}")


def _codes(texts: Sequence[str]) -> tuple[Units, Ints]:
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), "<u4").astype(np.uint32)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    return codes, np.concatenate([[0], np.cumsum(lengths)])


def _cells_of(places: Ints, starts: Ints) -> Ints:
    """Return the cells that hold any of some rising places."""
    cells = np.searchsorted(starts, places, "right") - 1
    return cells[np.diff(cells, prepend=-1) > 0]


def _replace(codes: Units, starts: Ints, cells: Ints, units: list[list[int]]) -> tuple[Units, Ints]:
    """Put other units into some cells."""
    lengths = np.diff(starts)
    new_lengths = lengths.copy()
    new_lengths[cells] = [len(cell) for cell in units]
    kept = np.ones(len(lengths), bool)
    kept[cells] = False
    new_starts = np.concatenate([[0], np.cumsum(new_lengths)])
    made = np.empty(new_starts[-1], np.uint32)
    made[np.repeat(kept, new_lengths)] = codes[np.repeat(kept, lengths)]
    made[np.repeat(~kept, new_lengths)] = [unit for cell in units for unit in cell]
    return made, new_starts


def _japanese(units: Units, starts: Ints, glyphs: Glyphs) -> Units:
    """Draw Han characters as Japan does in cells that hold kana, too."""
    kana = np.flatnonzero((units >= _KANA[0]) & (units <= _KANA[1]))
    if not kana.size:
        return units
    cells = np.zeros(len(starts) - 1, bool)
    cells[_cells_of(kana, starts)] = True
    han = np.repeat(cells, np.diff(starts)) & (units >= _HAN[0]) & (units <= _HAN[1])
    for code in set(units[han].tolist()):
        glyphs.learn_japanese(code)
    known = han & (glyphs.face[np.where(han, units + JAPANESE_UNITS, 0)] != 0)
    return np.where(known, units + np.uint32(JAPANESE_UNITS), units)
