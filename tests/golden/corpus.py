"""Some 1,700 values that have broken exports somewhere: deterministic, by category, as JSON literals.

Every one is a value a record may hold. What is refused at the door (half surrogates, NaN, …) is in ``REFUSED``.
``corpus.toml`` has those that are listed one by one.
"""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

CELL = 32_767
"""UTF-16 units in a cell of a workbook."""
REFUSED = ['"\\ud800"', '"\\udc00x"', '"x\\ud83d"', '{"\\ud800":1}', '["\\udfff"]', "NaN", "-Infinity", "1" * 5_000]

_LISTED = tomllib.loads(Path(__file__).with_name("corpus.toml").read_text(encoding="utf-8"))
_CONTROLS = [*range(0x20), *range(0x7F, 0xA0)]
_UNSEEN = [0xA0, 0xAD, 0x34F, 0x61C, 0x115F, 0x180E, 0x2000, *range(0x200B, 0x2010), *range(0x2028, 0x2030), 0x205F]
_UNSEEN += [0x2060, *range(0x2066, 0x206A), 0x2800, 0x3000, 0x3164, 0xFE0F, 0xFEFF, 0xFFA0]
_NO_CHARACTERS = [0xFFFE, 0xFFFF, 0xFDD0, 0xFDEF, 0x1FFFE, 0x1FFFF, 0x10FFFE, 0x10FFFF]
_TRIGGERS = "=+-@|%\uff1d\uff0b\uff0d\uff20\uff5c\uff05\ufe62\ufe63"
_BEFORE = ["", " ", "\t", "\r", "\n", "\x00", "\x1f", "'", "''", "\u00a0", "\u200b", "\u202e", "\ufeff", "\u3000"]
_BLANKS = [" ", "  ", "\t", "\n", "\r", "\r\n", "\u00a0", "\u2003", "\u3000", "\u0085", "\x0b", "\x0c"]
_BREAKERS = ['"', '""', "'", ",", ";", "\t", "|", "\n", "\r", "\r\n", "\\"]


@dataclass(frozen=True)
class Hostile:
    """One value."""

    category: str
    literal: str
    """As it stands in JSON."""
    text: str | None
    """Its text, to the last character; None for null."""


def corpus() -> list[Hostile]:
    """Return every value once, always in the same order."""
    made = [Hostile(category, json.dumps(text), text) for category, text in [*_texts(), *_lengths()]]
    # The integer -0 is no other number than 0.
    own = {"null": None, "-0": "0"}
    made += [Hostile("literal", literal, own.get(literal, literal)) for literal in _LISTED["literal"]]
    return list({each.literal: each for each in made}.values())


def _texts() -> Iterator[tuple[str, str]]:
    for character in map(chr, _CONTROLS):
        yield from (("control", made) for made in (character, f"a{character}b", f"{character}=1"))
    for character in map(chr, _UNSEEN):
        yield from (("unseen", made) for made in (character, f"a{character}b", f"{character}x", f"x{character}"))
    for before, trigger in product(_BEFORE, _TRIGGERS):
        yield "trigger", f"{before}{trigger}cmd"
    for blank in _BLANKS:
        yield from (("blank", made) for made in (blank, f"{blank}x", f"x{blank}", f"x{blank}y", f"{blank}{blank}"))
    for one, other in product(_BREAKERS, _BREAKERS):
        yield from (("breaker", made) for made in (f"{one}{other}", f"a{one}b{other}c"))
    yield from ((category, text) for category in _LISTED if category != "literal" for text in _LISTED[category])
    yield from (("no character", made) for code in _NO_CHARACTERS for made in (chr(code), f"a{chr(code)}b"))
    # One character of every 4,096 from the first plane to the last, surrogates left out.
    codes = [code for code in range(0x2A7, 0x11_0000, 0x1000) if not 0xD800 <= code < 0xE000]
    yield from (("character", f"x{chr(code)}y") for code in codes)


def _lengths() -> Iterator[tuple[str, str]]:
    """Yield texts around the lengths at which programs cut; those of category "too long" no cell can hold."""
    for length in (254, 255, 256, 8_191, 8_192, CELL - 1, CELL):
        yield from (("length", character * length) for character in 'xé&\n"\x01')
    yield from (("length", text) for text in ("x" * (CELL - 2) + "😀", "😀" * (CELL // 2), "_x0041_" * (CELL // 7)))
    yield from (("too long", character * (CELL + 1)) for character in 'xé&\n"\x01')
    yield from (("too long", text) for text in ("x" * (CELL - 1) + "😀", "😀" * (CELL // 2 + 1), "=" + "1" * CELL))
