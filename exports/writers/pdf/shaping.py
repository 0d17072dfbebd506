"""Complex text: what joins, stacks, reorders or runs from right to left becomes units that lines are broken from.

A cell's units stay in logical order; ``levels`` say how a line of them is turned round once it is known where it ends.
"""

from dataclasses import dataclass, field
from itertools import groupby
from unicodedata import normalize

import uharfbuzz as hb

from . import bidi
from .faces import EM
from .glyphs import Glyphs
from .scripts import INVISIBLE, PIECE, PLAIN_WORDS, RIGHT_TO_LEFT

# Readers mirror what they turn round, so a mirrored bracket stands for the bracket it looks like.
MIRRORED = bidi.MIRRORED | dict(zip(map(ord, "<>«»‹›≤≥"), "><»«›‹≥≤", strict=True))
_REMEMBERED = 8_192
"""Cells, and pieces of them, that are kept: names and words repeat, but not without end."""


@dataclass(frozen=True)
class Shaped:
    """The units of one cell."""

    units: list[int]
    levels: list[int] = field(default_factory=list)
    """Embedding level of each unit; none where everything runs from left to right."""
    right_to_left: bool = False
    """Whether the first paragraph does."""
    reordered: bool = False
    """Whether glyphs are drawn in another order than the characters are read, or stacked."""


class Shaper:
    """Shapes the complex cells of one document; what was shaped once is remembered."""

    def __init__(self, glyphs: Glyphs) -> None:
        self._glyphs = glyphs
        self._cells: dict[str, Shaped] = {}
        self._pieces: dict[tuple[str, int], tuple[list[int], int | None]] = {}

    def shape(self, text: str) -> Shaped:
        """Return the units of a cell."""
        if (shaped := self._cells.get(text)) is None:
            if len(self._cells) > _REMEMBERED:
                self._cells.clear()
            shaped = self._cells[text] = self._shape(normalize("NFC", text))
        return shaped

    def _shape(self, text: str) -> Shaped:
        if not RIGHT_TO_LEFT.search(text):
            units = self._run(text, 0)
            return Shaped(units, reordered=not self._glyphs.snippets.keys().isdisjoint(units))
        units = []
        levels: list[int] = []
        base = 0
        for number, paragraph in enumerate(text.split("\n")):
            found, direction = levels_of(paragraph)
            if number:
                units.append(ord("\n"))
                levels.append(direction)
            else:
                base = direction
            for start, end in _level_runs(found):
                run = self._run(paragraph[start:end], found[start] % 2)
                units += run
                levels += [found[start]] * len(run)
        return Shaped(units, levels, base == 1, reordered=True)

    def _run(self, text: str, backwards: int) -> list[int]:
        """Return the units of a text that runs in one direction, in logical order."""
        units: list[int] = []
        last = 0
        for match in PIECE.finditer(text):
            start, end = match.span()
            shaped, place = self._piece(match[0], backwards)
            # A blank of the same face saves going to another font and back between any two words.
            if text[last:start] == " " and place is not None:
                units.append(self._blank(place))
            else:
                units += self._plain(text[last:start], backwards)
            units += shaped
            last = end
        return units + self._plain(text[last:], backwards)

    def _plain(self, text: str, backwards: int) -> list[int]:
        """Return the units of characters that stand for themselves; brackets are mirrored where text runs backwards."""
        if not backwards:
            return [ord(character) for character in text if not INVISIBLE.match(character)]
        return [unit for character in text for unit in self._piece(character, backwards)[0]]

    def _blank(self, place: int) -> int:
        face = self._glyphs.used[place].face
        # The blank of an emoji face is as wide as an emoji.
        if (glyph := face.glyph(" ")) is None or face.advance(glyph) > EM // 2:
            return ord(" ")
        return self._glyphs.shaped(place, ((glyph, face.advance(glyph), 0, 0),), " ", backwards=False)

    def _piece(self, text: str, backwards: int) -> tuple[list[int], int | None]:
        """Return the units of a piece, and the place of the face that has all of it."""
        if (found := self._pieces.get((text, backwards))) is None:
            if len(self._pieces) > _REMEMBERED:
                self._pieces.clear()
            place = self._face_of(text)
            found = self._pieces[text, backwards] = self._units(text, backwards, place), place
        return found

    def _units(self, text: str, backwards: int, place: int | None) -> list[int]:
        if not INVISIBLE.sub("", text):
            return []
        if place is not None:
            return self._clusters(text, backwards, place)
        if len(text) == 1:
            return [ord(text)]
        return [unit for character in text for unit in self._piece(character, backwards)[0]]

    def _clusters(self, text: str, backwards: int, place: int) -> list[int]:
        infos, positions = _harfbuzz(self._glyphs.used[place].face.font, text, backwards)
        drawn = [
            (info.cluster, (info.codepoint, at.x_advance, at.x_offset, at.y_offset))
            for info, at in zip(infos, positions, strict=True)
        ]
        clusters = [
            (start, tuple(glyph for _, glyph in glyphs)) for start, glyphs in groupby(drawn, key=lambda glyph: glyph[0])
        ]
        if backwards:
            clusters.reverse()
            text = text.translate(MIRRORED)
        ends = [start for start, _ in clusters[1:]] + [len(text)]
        return [
            self._glyphs.shaped(place, glyphs, text[start:end], backwards=backwards == 1)
            for (start, glyphs), end in zip(clusters, ends, strict=True)
        ]

    def _face_of(self, text: str) -> int | None:
        """Return the place of the first face that has every visible character of a piece."""
        visible = INVISIBLE.sub("", text)
        for place in range(len(self._glyphs.used)):
            if all(self._glyphs.glyph(place, character) is not None for character in visible):
                return place
        return None


def levels_of(paragraph: str) -> tuple[list[int], int]:
    """Return what ``bidi.levels`` does, at once where a text is plain words and numbers."""
    if PLAIN_WORDS.fullmatch(paragraph) and RIGHT_TO_LEFT.search(paragraph):
        return [2 if character in "0123456789" else 1 for character in paragraph], 1
    return bidi.levels(paragraph)


def _level_runs(levels: list[int]) -> list[tuple[int, int]]:
    """Return where runs of one level start and end."""
    borders = [place for place in range(1, len(levels)) if levels[place] != levels[place - 1]]
    return list(zip([0, *borders], [*borders, len(levels)], strict=True)) if levels else []


def _harfbuzz(font: hb.Font, text: str, backwards: int) -> tuple[list[hb.GlyphInfo], list[hb.GlyphPosition]]:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if backwards else "ltr"
    if backwards:
        # Readers want the marks one by one.
        buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
    hb.shape(font, buffer)
    return buffer.glyph_infos, buffer.glyph_positions
