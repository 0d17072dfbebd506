"""Which columns hold nothing but plain text: found once, when the columns are built, and a gift to every writer.

Plain is a text that begins with a letter or digit and holds no control character, no blank at its end, none of
``" & , ; < > \\ |`` and no ``_x``, which a workbook would take for an escape. Such a text needs neither quotes nor an
apostrophe in CSV and no escape in XML and JSON. Asking once costs 27 ns a value; letting each format ask, three times.
"""

from collections.abc import Collection
from functools import lru_cache

import polars as pl

from exports.types import Field

MAX_BYTES = 4096
"""A column with a longer text is not called plain: no format's limit is near."""

# Letters of the Latin, Vietnamese and Chinese scripts; other texts are not called plain, which costs time and no truth.
_FIRST = r"0-9A-Za-z\x{C0}-\x{24F}\x{1E00}-\x{1EFF}\x{4E00}-\x{9FFF}"
_NOT_PLAIN = rf'^(?:[^{_FIRST}]|$)|[\x00-\x1F\x7F-\x9F"&,;<>\\|\x{{FFFE}}\x{{FFFF}}]|_x|\s$'


def is_plain(text: pl.Series) -> bool:
    """Return whether every text of a column is plain; null is."""
    own = pl.col(text.name)
    short = own.str.len_bytes().max().fill_null(0) <= MAX_BYTES
    return bool(text.to_frame().select(short & ~own.str.contains(_NOT_PLAIN).any()).item())


def stays_plain(field: Field, plain: Collection[str], empty: str = "") -> bool:
    """Return whether a plain field still is with what it gets when it is written.

    That is its labels, which may have changed since it was found plain, and the word for nothing.
    """
    words = (*(field.labels or {}).values(), *([empty] if empty else []))
    return field.name in plain and _are_plain(words)


@lru_cache
def _are_plain(words: tuple[str, ...]) -> bool:
    return is_plain(pl.Series(words, dtype=pl.String))
