"""What all texts of a column have in common: found once, when the columns are built, and a gift to every writer.

Asking a column of plain texts costs 27 ns a value, any other three times as much; letting each format ask for every
slice, more than that.
"""

from collections.abc import Mapping
from functools import lru_cache

import polars as pl

from exports.types import Field, Trait

MAX_BYTES = 4096
"""A column with a longer text is not called plain: no format's limit is near."""

Traits = frozenset[Trait]

# Letters of the Latin, Vietnamese and Chinese scripts; not to call other texts plain costs time and no truth.
_FIRST = r"0-9A-Za-z\x{C0}-\x{24F}\x{1E00}-\x{1EFF}\x{4E00}-\x{9FFF}"
# A spreadsheet may run what begins with a plus, but not digits alone; see ``writers.neutral``.
_NO_PHONE = r"\+(?:[0-9]{0,5}(?:[^0-9]|$)|[0-9]{6,15}[^0-9]|[0-9]{16})"
_OPENS_OTHERWISE = rf"^(?:[^+{_FIRST}]|{_NO_PHONE})"
_TO_QUOTE = r'["\r\n,;|\t]|^$'
_NOT_PLAIN = rf'{_OPENS_OTHERWISE}|^$|[\x00-\x1F\x7F-\x9F"&,;<>\\|\x{{FFFE}}\x{{FFFF}}]|_x|\s$'


def traits_of(text: pl.Series) -> Traits:
    """Return what is true of every text of a column; null has every trait."""
    if _is_plain(text):
        return frozenset(Trait)
    own = pl.col(text.name)
    asked = {Trait.OPENS_PLAINLY: _OPENS_OTHERWISE, Trait.UNQUOTED: _TO_QUOTE}
    found = text.to_frame().select(own.str.contains(otherwise).any().alias(trait) for trait, otherwise in asked.items())
    return frozenset(trait for trait, otherwise in zip(asked, found.row(0), strict=True) if not otherwise)


def traits_shown(field: Field, traits: Mapping[str, Traits], empty: str = "") -> Traits:
    """Return which traits a field keeps with what it gets when it is written.

    That is its labels, which may have changed since the traits were found, and the word for nothing.
    """
    words = (*(field.labels or {}).values(), *([empty] if empty else []))
    return traits.get(field.name, frozenset()) & _traits_of_words(words)


@lru_cache
def _traits_of_words(words: tuple[str, ...]) -> Traits:
    return traits_of(pl.Series("words", words, dtype=pl.String))


def _is_plain(text: pl.Series) -> bool:
    own = pl.col(text.name)
    short = own.str.len_bytes().max().fill_null(0) <= MAX_BYTES
    return bool(text.to_frame().select(short & ~own.str.contains(_NOT_PLAIN).any()).item())
