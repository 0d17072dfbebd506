"""Where lines end: all cells of a block at once, line by line, over cumulated widths."""

from dataclasses import dataclass

import numpy as np

from . import bidi
from .cells import Cells
from .characters import Trait
from .glyphs import Glyphs, Ints, Units

MAX_LINES = 12
"""Lines of one cell; one more says how much is missing."""


@dataclass(frozen=True)
class Broken:
    """Lines in the order of their cells: units ``starts[i]:ends[i]`` of the block."""

    cells: Ints
    numbers: Ints
    """Which line of its cell, counted from 0."""
    starts: Ints
    ends: Ints
    notes: dict[int, str]
    """Cells with too many lines -> what their last line says."""


def widths_of(units: Units, glyphs: Glyphs) -> Ints:
    """Return cumulated widths, in thousandths of the font size; one more than there are units."""
    return np.concatenate([[0], np.cumsum(glyphs.width[units], dtype=np.int64)])


def break_cells(cells: Cells, widths: Ints, limits: Ints, glyphs: Glyphs) -> Broken:
    """Break every cell into lines no wider than its limit; only a unit that is wider itself stands out.

    A cell of more lines than ``MAX_LINES`` gets a last line for a note, whose units ``write_notes`` fills in.
    """
    first, last = cells.starts[:-1], cells.starts[1:]
    bits = glyphs.traits[cells.units]
    newlines = np.flatnonzero(bits & Trait.NEWLINE)
    one_line = widths[last] - widths[first] <= limits
    if newlines.size:
        one_line[np.searchsorted(cells.starts, newlines, "right") - 1] = False
    short, long = np.flatnonzero(one_line & (last > first)), np.flatnonzero(~one_line)
    pieces = [(short, np.zeros_like(short), first[short], last[short])]
    borders = Borders(cells.units, bits, newlines)
    at, number = first[long], 0
    while long.size and number < MAX_LINES:
        ends, following = borders.next_line(at, last[long], limits[long], widths)
        pieces.append((long, np.full_like(long, number), at, ends))
        more = following < last[long]
        at, long, number = following[more], long[more], number + 1
    notes = [note(int(last[cell] - start), int(limits[cell]), glyphs) for cell, start in zip(long, at, strict=True)]
    note_starts = last[long] - np.fromiter(map(len, notes), np.int64, len(notes))
    pieces.append((long, np.full_like(long, MAX_LINES), note_starts, last[long]))
    order = np.argsort(np.concatenate([piece[0] for piece in pieces]), kind="stable")
    owners, numbers, starts, ends = (np.concatenate(column)[order] for column in zip(*pieces, strict=True))
    found = Broken(owners, numbers, starts, ends, dict(zip(long.tolist(), notes, strict=True)))
    if long.size:
        _make_room(found, dict(zip(long.tolist(), note_starts.tolist(), strict=True)))
    return found


def note(hidden: int, room: int, glyphs: Glyphs) -> str:
    """Return what stands for units that are not shown: never more text than a cell of so many lines has units."""
    text = f"[+{hidden:,} more]"
    units = np.array([ord(character) for character in text], np.uint32)
    glyphs.learn(units)
    return text if glyphs.width[units].sum() <= room else f"+{hidden:,}"


def write_notes(cells: Cells, lines: Broken, glyphs: Glyphs) -> None:
    """Write the notes over the units they stand for, in place."""
    for line in np.flatnonzero(lines.numbers == MAX_LINES).tolist():
        units = np.array([ord(character) for character in lines.notes[int(lines.cells[line])]], np.uint32)
        glyphs.learn(units)
        cells.units[lines.starts[line] : lines.ends[line]] = units


def _make_room(lines: Broken, note_starts: dict[int, int]) -> None:
    """Let lines end before the note of their cell begins."""
    for line, cell in enumerate(lines.cells.tolist()):
        if cell in note_starts and lines.numbers[line] < MAX_LINES:
            lines.starts[line] = min(lines.starts[line], note_starts[cell])
            lines.ends[line] = min(lines.ends[line], note_starts[cell])


class Borders:
    """Where units may be parted: looked up for any number of places at once."""

    def __init__(self, units: Units, bits: np.ndarray, newlines: Ints) -> None:
        count = len(units)
        space = (bits & Trait.SPACE) != 0
        allowed = np.zeros(count + 1, bool)
        allowed[1:] = (bits & (Trait.BREAK_AFTER | Trait.SPACE | Trait.NEWLINE)) != 0
        allowed[:-1] |= (bits & Trait.BREAK_BEFORE) != 0
        allowed[:-1] &= ((bits & Trait.NEVER_FIRST) == 0) & ~space
        places = np.arange(count + 1)
        self.allowed = allowed
        self._last_break = np.maximum.accumulate(np.where(allowed, places, 0))
        # The first unit from a place on that is no blank, and the place after the last one before it.
        solid = np.append(~space, True)
        self._next_solid = np.minimum.accumulate(np.where(solid, places, count)[::-1])[::-1]
        drawn = (bits & (Trait.SPACE | Trait.NEWLINE)) == 0
        self._after_solid = np.maximum.accumulate(np.append(0, np.where(drawn, places[1:], 0)))
        self._newlines = np.append(newlines, count)

    def next_line(self, at: Ints, last: Ints, limits: Ints, widths: Ints) -> tuple[Ints, Ints]:
        """Return where lines that begin at ``at`` end, blanks at the end left out, and where the next ones begin."""
        fits = np.searchsorted(widths, widths[at] + limits, "right") - 1
        fits = np.minimum(np.maximum(fits, at + 1), last)
        following = self._last_break[np.minimum(self._next_solid[fits], last)]
        following = np.where(fits >= last, last, np.where(following > at, following, fits))
        newline = self._newlines[np.searchsorted(self._newlines, at)]
        following = np.where((newline <= following) & (newline < last), newline + 1, following)
        ends = np.clip(self._after_solid[following], at, np.minimum(newline, following))
        return ends, following


def turn(cells: Cells, lines: Broken) -> None:
    """Put the units of lines with text from right to left into the order in which they are drawn, in place."""
    turned = list(cells.turned)
    first_lines = np.searchsorted(lines.cells, turned).tolist()
    behind = np.searchsorted(lines.cells, turned, "right").tolist()
    for cell, first, last in zip(turned, first_lines, behind, strict=True):
        shaped, offset = cells.turned[cell]
        for line in range(first, last):
            if lines.numbers[line] < MAX_LINES:
                _turn_line(
                    cells.units[lines.starts[line] : lines.ends[line]], shaped.levels, int(lines.starts[line]) - offset
                )


def _turn_line(units: Units, levels: list[int], first: int) -> None:
    wanted = levels[first : first + len(units)]
    if all(level == 1 for level in wanted):
        units[:] = units[::-1].copy()
    elif any(wanted):
        units[:] = units[bidi.visual_order(wanted)]
