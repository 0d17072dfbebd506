"""Operators for what is not one glyph in its own place, made so that readers get the text it stands for.

Readers put together what they find from left to right, and turn round what runs from right to left. They believe an
``ActualText`` for glyphs that were stacked or reordered, but turn round that as well. So the characters of a ligature
that runs from right to left are codes of their own, in the order in which they are seen.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from exports.exceptions import LimitExceeded

from .faces import EM, Face
from .geometry import SIZE

# Bytes of codes: none that ends or escapes a string (ISO 32000-1, 7.3.4.2), and no line end, for one line of a content
# stream is one record.
_BYTES = [byte for byte in range(256) if byte not in b"()\\\r\n\t"]
Placed: TypeAlias = tuple[tuple[int, int, int, int], ...]
"""Glyphs from left to right as HarfBuzz places them: glyph, advance, x and y offset of each."""


LONGEST_TEXT = 24
"""Characters a code may stand for: poppler takes no longer entry in a font. ``ActualText`` may be longer."""


@dataclass
class UsedFace:
    """What a document draws with one face."""

    face: Face
    codes: dict[tuple[int, str, int], int] = field(default_factory=dict)
    """Glyph, the text it stands for and its width -> code: one glyph may stand for several texts."""

    def code(self, glyph: int, text: str) -> int:
        """Return the code of a glyph, a new one at its first use."""
        return self._code(glyph, text, self.face.advance(glyph))

    def blank(self, text: str, width: int) -> int:
        """Return the code of nothing to be seen that stands for a text and moves the pen."""
        return self._code(self.face.glyph(" ") or 0, text, width)

    def _code(self, glyph: int, text: str, width: int) -> int:
        key = (glyph, text if len(text) <= LONGEST_TEXT else "", width)
        if (code := self.codes.get(key)) is None:
            if len(self.codes) == len(_BYTES) ** 2:
                raise LimitExceeded(f"A .pdf file holds {len(self.codes):,} different characters of one font.")
            high, low = divmod(len(self.codes), len(_BYTES))
            code = self.codes[key] = _BYTES[high] << 8 | _BYTES[low]
        return code


def snippet(used: UsedFace, glyphs: Placed, text: str) -> bytes:
    """Return operators that draw glyphs that run from left to right as ``text``."""
    codes = [used.code(glyph, "" if number else text) for number, (glyph, _, _, _) in enumerate(glyphs)]
    drawn, behind = _drawn(used, glyphs, codes)
    if behind:
        # Readers take the last glyph's end for the end of the text: without this blank they see a gap.
        drawn += b"%d<%04x>" % (-behind, used.blank("", 0))
    return _told(text, drawn)


def backwards_snippet(used: UsedFace, glyphs: Placed, text: str) -> bytes:
    """Return operators that draw glyphs that run from right to left as ``text``."""
    if not any(advance for _, advance, _, _ in glyphs):
        return _mark(used, glyphs, text)
    codes = [used.code(glyph, "") for glyph, _, _, _ in glyphs[:-1]] + [used.code(glyphs[-1][0], text[0])]
    drawn, behind = _drawn(used, glyphs, codes)
    blanks = b"".join(b"%04x" % used.blank(character, 0) for character in text[:0:-1])
    return b"[<%b>%b%b]TJ" % (blanks, drawn, b"%d" % -behind if behind else b"")


def _mark(used: UsedFace, glyphs: Placed, text: str) -> bytes:
    """Return a mark between two blanks at the pen: readers would begin a new word wherever else it is drawn."""
    drawn, behind = _drawn(used, glyphs, [used.code(glyph, "") for glyph, _, _, _ in glyphs])
    blank = b"<%04x>" % used.blank(text, 0)
    return _told(text[::-1], blank + drawn + (b"%d" % -behind if behind else b"") + b"<%04x>" % used.blank("", 0))


def _told(text: str, drawn: bytes) -> bytes:
    hidden = text.encode("utf-16-be").hex().encode()
    return b"/Span<</ActualText<feff%b>>>BDC[%b]TJ EMC" % (hidden, drawn)


def _drawn(used: UsedFace, glyphs: Placed, codes: list[int], behind: int = 0) -> tuple[bytes, int]:
    """Return what stands between the brackets of ``TJ``, and how far the pen is then behind its place.

    ``behind`` is how far it is at first; a negative number is how far it is ahead.
    """
    shown: list[bytes] = []
    raised = 0
    for (glyph, advance, x, y), code in zip(glyphs, codes, strict=True):
        if y != raised:
            shown.append(b"]TJ %d Ts[" % round(y * SIZE / EM))
            raised = y
        if behind + x:
            shown.append(b"%d" % -(behind + x))
        shown.append(b"<%04x>" % code)
        behind = advance - x - used.face.advance(glyph)
    if raised:
        shown.append(b"]TJ 0 Ts[")
    return b"".join(shown), behind
