"""What layout has to know of a character: may a line end beside it, and does it need shaping?"""

import re
import unicodedata
from enum import IntFlag


class Trait(IntFlag):
    """A property of a character, or of anything that is drawn in its place."""

    SPACE = 1
    """May hang over the end of a line and is not drawn there."""
    NEWLINE = 2
    BREAK_AFTER = 4
    BREAK_BEFORE = 8
    NEVER_FIRST = 16
    """No line begins with it."""
    COMPLEX = 32
    """What is drawn depends on its neighbours."""
    ALONE = 64
    """Drawn by operators of its own."""
    UNTIDY = 128
    """A tab, or the end of a line other than a line feed."""


_UNTIDY = "\t\r\x85\u2028\u2029"
_AFTER = "-/\\@_,;|\u2010\u2013\u2014"
_NEVER_FIRST = "、。，．：；？！」』）】〉》〕］｝’”ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ…‥・"
_NEVER_LAST = "「『（【〈《〔［｛‘“"
_IDEOGRAPHIC = re.compile("[\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")
# Scripts that write words without spaces; without a dictionary a line may end at any of their syllables.
_SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_SHAPED = re.compile(
    "[\u0900-\u109f\u1100-\u11ff\u1780-\u18af\ua960-\ua97f\ud7b0-\ud7ff\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]"
)


def traits(character: str) -> int:
    """Return the ``Trait`` bits of a character: the gist of UAX #14, as much of it as cells of tables need."""
    category = unicodedata.category(character)
    found = 0
    if character in _UNTIDY:
        found |= Trait.UNTIDY
    if character == "\n":
        found |= Trait.NEWLINE
    elif category == "Zs" and character not in "\xa0\u2007\u202f":
        found |= Trait.SPACE
    elif _IDEOGRAPHIC.match(character):
        found |= Trait.BREAK_AFTER | Trait.BREAK_BEFORE
    if character in _AFTER:
        found |= Trait.BREAK_AFTER
    if character in _NEVER_FIRST:
        found = found & ~Trait.BREAK_BEFORE | Trait.NEVER_FIRST
    if character in _NEVER_LAST:
        found &= ~Trait.BREAK_AFTER
    if is_complex(character, category):
        found |= Trait.COMPLEX
    return found


def is_complex(character: str, category: str) -> bool:
    """Return whether a character joins, reorders, combines, is invisible or runs from right to left."""
    return (
        category in ("Mn", "Mc", "Me", "Cf")
        or unicodedata.bidirectional(character) in ("R", "AL", "AN")
        or _SHAPED.match(character) is not None
    )


def cluster_traits(text: str) -> int:
    """Return the traits of something shaped that stands for ``text``."""
    if text == " ":
        return Trait.SPACE
    return Trait.BREAK_BEFORE | Trait.BREAK_AFTER if _SPACELESS.match(text) else 0
