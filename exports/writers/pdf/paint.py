"""Cells as operators of a content stream, joined from slices of one long string of codes.

Coordinates are tenths of a point (each stream scales the page once), so that every number is whole.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .characters import Trait
from .columns import Band
from .faces import EM
from .geometry import ASCENT, LEADING, PAD_X, PAD_Y, SIZE
from .glyphs import Glyphs, Ints, Units
from .text import Text

Flags: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Lines:
    """Lines to draw, one after the other: units ``starts[i]:ends[i]``, none of them empty, none overlapping.

    The blank that a line was broken at is drawn behind it: readers of the marks see no lines.
    """

    starts: Ints
    ends: Ints
    cells: Ints
    """Of the band, counted row by row."""
    x: Ints
    y: Ints
    fresh: Flags
    """Which are the first of a text object, where nothing is set yet."""


@dataclass(frozen=True)
class _Runs:
    """Pieces of lines that one operator shows."""

    starts: Ints
    ends: Ints
    lines: Ints
    """Which line each is part of."""


def paint(text: Text, band: Band, left: int, tops: Ints, pieces: list[int], glyphs: Glyphs) -> list[bytes]:
    """Return the operators of each cell, row by row, in one band whose left border and tops of rows are given.

    They belong into text objects; a new one begins before each of the rows ``pieces``.
    """
    lines = _placed(text, band, left, tops, pieces, glyphs)
    operators = _operators(text.cells.units, lines, glyphs)
    borders = np.searchsorted(lines.cells, np.arange(len(tops) * len(band.columns) + 1)).tolist()
    return [
        operators[start] if end == start + 1 else b"".join(operators[start:end]) for start, end in pairwise(borders)
    ]


def _placed(text: Text, band: Band, left: int, tops: Ints, pieces: list[int], glyphs: Glyphs) -> _Lines:
    lefts, rights = np.zeros(text.columns, np.int64), np.zeros(text.columns, np.int64)
    chosen = list(band.columns)
    lefts[chosen] = left + np.array(band.lefts)
    rights[chosen] = lefts[chosen] + np.array(band.widths)
    broken = text.lines
    columns = broken.cells % text.columns
    shown = np.flatnonzero((broken.ends > broken.starts) & (rights > lefts)[columns])
    cells, starts, ends, columns = broken.cells[shown], broken.starts[shown], broken.ends[shown], columns[shown]
    rows = cells // text.columns
    in_band = rows * len(chosen) + np.searchsorted(chosen, columns)
    wide = -(-(text.widths[ends] - text.widths[starts]) * SIZE // EM)
    x = np.where(text.to_right[cells], rights[columns] - PAD_X - wide, lefts[columns] + PAD_X)
    y = tops[rows] - PAD_Y - ASCENT - broken.numbers[shown] * LEADING
    fresh = np.zeros(len(rows) + 1, bool)
    fresh[np.searchsorted(rows, pieces)] = True
    return _Lines(starts, ends + _blanks(text, glyphs)[shown], in_band, x, y, fresh[:-1])


def _blanks(text: Text, glyphs: Glyphs) -> Flags:
    """Return which lines another one of their cell follows after a blank."""
    cells, starts, ends = text.lines.cells, text.lines.starts, text.lines.ends
    follows = np.append((cells[1:] == cells[:-1]) & (starts[1:] > ends[:-1]), False)[: len(cells)]
    follows[follows] = (glyphs.traits[text.cells.units[ends[follows]]] & (Trait.SPACE | Trait.NEWLINE)) != 0
    turned = np.zeros(text.cells.count, bool)
    turned[list(text.cells.turned)] = True
    return follows & ~turned[cells]


def _operators(units: Units, lines: _Lines, glyphs: Glyphs) -> list[bytes]:
    """Return the operators of each line."""
    runs = _runs(units, lines, glyphs)
    first_units = units[runs.starts]
    faces = glyphs.face[first_units]
    first = np.diff(runs.lines, prepend=-1) != 0
    switched = np.diff(faces.astype(np.int16), prepend=-1) != 0
    switched[first] |= lines.fresh
    codes = glyphs.code[units].tobytes()
    spans = zip((2 * runs.starts).tolist(), (2 * runs.ends).tolist(), strict=True)
    shown = [b"(%b)Tj" % codes[start:end] for start, end in spans]
    for run in np.flatnonzero(glyphs.traits[first_units] & Trait.ALONE).tolist():
        shown[run] = glyphs.snippets[int(first_units[run])]
    fonts = glyphs.font_operators
    places = np.flatnonzero(switched)
    for run, face in zip(places.tolist(), faces[places].tolist(), strict=True):
        shown[run] = fonts[face] + shown[run]
    borders = [*np.flatnonzero(first).tolist(), len(shown)]
    return [
        b" %d %d Td%b" % (x, y, shown[start] if end == start + 1 else b"".join(shown[start:end]))
        for x, y, start, end in zip(*_moves(lines), borders[:-1], borders[1:], strict=True)
    ]


def _runs(units: Units, lines: _Lines, glyphs: Glyphs) -> _Runs:
    """Part lines wherever the face changes and around what is drawn by operators of its own."""
    faces, alone = glyphs.face[units], (glyphs.traits[units] & Trait.ALONE) != 0
    begins = np.ones(len(units), bool)
    begins[1:] = (faces[1:] != faces[:-1]) | alone[1:] | alone[:-1]
    begins[lines.starts] = True
    starts = np.flatnonzero(begins)
    owners = np.searchsorted(lines.starts, starts, "right") - 1
    # All but the first of the blanks between lines are in no run.
    inside = owners >= 0
    inside[inside] = starts[inside] < lines.ends[owners[inside]]
    starts, owners = starts[inside], owners[inside]
    return _Runs(starts, np.minimum(np.append(starts[1:], len(units)), lines.ends[owners]), owners)


def _moves(lines: _Lines) -> tuple[list[int], list[int]]:
    """Return how far each line begins from the one before; from the origin in a fresh text object."""
    x, y = np.diff(lines.x, prepend=0), np.diff(lines.y, prepend=0)
    x[lines.fresh], y[lines.fresh] = lines.x[lines.fresh], lines.y[lines.fresh]
    return x.tolist(), y.tolist()
