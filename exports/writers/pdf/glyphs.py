"""Units: what lines are made of, as rows of tables that numpy looks up.

A unit is a number. Below 0x110000 it is the character of that code point, drawn by the first face that has it; from
``JAPANESE_UNITS`` on a Han character as Japan draws it; from ``SHAPED_UNITS`` on whatever shaping made of a piece of
text, which may be several glyphs in places of their own. For every unit the tables say which face draws it, how wide it
is, where lines may break beside it, and which two bytes stand for it in a content stream.
"""

from collections.abc import Sequence
from typing import TypeAlias
from unicodedata import category

import numpy as np
import numpy.typing as npt

from .characters import Trait, cluster_traits, traits
from .faces import JAPANESE, face
from .geometry import SIZE
from .snippets import LONGEST_TEXT, Placed, UsedFace, backwards_snippet, snippet

Ints: TypeAlias = npt.NDArray[np.int64]
Units: TypeAlias = npt.NDArray[np.uint32]

JAPANESE_UNITS = 0x110000
SHAPED_UNITS = 0x120000
_SPARE = 0x4000

_UNKNOWN, BOX = 0, 255
BOX_WIDTH = 600


class Glyphs:
    """The units of one document in one weight. What is asked for is looked up once."""

    def __init__(self, names: Sequence[str], prefix: str) -> None:
        """``names`` are faces by preference; fonts are called ``prefix`` and the face's place."""
        self.used = [UsedFace(face(name)) for name in names]
        self.prefix = prefix
        size = SHAPED_UNITS + _SPARE
        # Pages of zeros that nobody touches take no memory.
        self.face = np.zeros(size, np.uint8)
        self.width = np.zeros(size, np.int32)
        self.traits = np.zeros(size, np.uint8)
        self.code = np.zeros(size, ">u2")
        self.snippets: dict[int, bytes] = {}
        """Unit -> operators, for units that are not one code in its own place."""
        self.font_operators = {
            place: b"/%b%d %d Tf" % (prefix.encode(), place - 1, SIZE) for place in range(1, len(names) + 1)
        }
        """Value of ``face`` -> what selects its font; boxes do that themselves."""
        self.font_operators[BOX] = b""
        self.boxes: list[str] = []
        """Characters no face has."""
        self._count = SHAPED_UNITS
        self._shaped: dict[tuple[int, Placed, str, bool], int] = {}
        self._japanese = names.index(JAPANESE)

    def learn(self, units: Units) -> None:
        """Fill the tables for all characters of an array."""
        if (new := units[self.face[units] == _UNKNOWN]).size:
            for unit in set(new.tolist()):
                self._learn(unit)

    def glyph(self, place: int, character: str) -> int | None:
        """Return a face's glyph of a character; control characters have none, whatever shape fonts give them."""
        return None if category(character) == "Cc" else self.used[place].face.glyph(character)

    def learn_japanese(self, code: int) -> int:
        """Return the unit of a Han character in the Japanese face, the plain one where that face lacks it."""
        unit = JAPANESE_UNITS + code
        if self.face[unit] == _UNKNOWN:
            if (glyph := self.glyph(self._japanese, chr(code))) is None:
                return code
            self._set(unit, self._japanese, glyph, chr(code), traits(chr(code)))
        return unit

    def shaped(self, place: int, glyphs: Placed, text: str, *, backwards: bool) -> int:
        """Return the unit of glyphs in their places."""
        key = (place, glyphs, text, backwards)
        if (unit := self._shaped.get(key)) is None:
            unit = self._shaped[key] = self._new_unit()
            (glyph, advance, x, y), used = glyphs[0], self.used[place]
            bits = cluster_traits(text)
            one = len(glyphs) == 1 and (x, y) == (0, 0) and advance == used.face.advance(glyph)
            if one and len(text) <= (1 if backwards else LONGEST_TEXT):
                self._set(unit, place, glyph, text, bits)
            else:
                self.face[unit] = place + 1
                self.width[unit] = sum(glyph[1] for glyph in glyphs)
                self.traits[unit] = bits | Trait.ALONE
                self.snippets[unit] = (
                    backwards_snippet(used, glyphs, text) if backwards else snippet(used, glyphs, text)
                )
        return unit

    def _learn(self, unit: int) -> None:
        character = chr(unit)
        bits = self.traits[unit] = traits(character)
        if bits & Trait.NEWLINE:
            self.face[unit] = 1
            self.code[unit] = self.used[0].blank(" ", 0)
        elif (found := self._first_face(character)) is None:
            self._set_box(unit, character)
        else:
            self._set(unit, *found, character, bits)

    def _first_face(self, character: str) -> tuple[int, int] | None:
        """Return the place of the first face that has a character, and its glyph there."""
        for place in range(len(self.used)):
            if (glyph := self.glyph(place, character)) is not None:
                return place, glyph
        return None

    def _set(self, unit: int, place: int, glyph: int, text: str, bits: int) -> None:
        used = self.used[place]
        self.face[unit] = place + 1
        self.width[unit] = used.face.advance(glyph)
        self.traits[unit] = bits
        self.code[unit] = used.code(glyph, text)

    def _set_box(self, unit: int, character: str) -> None:
        self.face[unit] = BOX
        self.traits[unit] |= Trait.ALONE
        self.width[unit] = BOX_WIDTH
        self.boxes.append(character)
        font, code = divmod(len(self.boxes) - 1, 256)
        self.snippets[unit] = b"/%bX%d %d Tf<%02x>Tj" % (self.prefix.encode(), font, SIZE, code)

    def _new_unit(self) -> int:
        unit, self._count = self._count, self._count + 1
        if unit == len(self.face):
            for name in ("face", "width", "traits", "code"):
                table = getattr(self, name)
                # Joining arrays would give codes the byte order of the machine.
                grown = np.zeros(len(table) + _SPARE, table.dtype)
                grown[: len(table)] = table
                setattr(self, name, grown)
        return unit
