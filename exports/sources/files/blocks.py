"""A file in blocks that end where a record ends, so that memory holds a few megabytes of it."""

import codecs
from collections.abc import Callable, Iterator
from typing import IO

from exports.exceptions import InvalidRecord

BLOCK = 1 << 22
"""Bytes that are read at a time."""
LONGEST = 16 << 20
"""Bytes of one record."""


def blocks(file: IO[bytes], end: Callable[[bytes, bool], int], row: Callable[[], int]) -> Iterator[bytes]:
    """Yield the file, its byte-order mark left out, in blocks of whole records; only the last may lack its line end.

    ``end`` is given what was read and not yielded yet, and whether the file ends there; it returns up to where the
    records in it are complete, which at the end of the file is everything. ``row`` returns the number of the first of
    them. Raises InvalidRecord where one record takes more than ``LONGEST`` bytes.
    """
    held = file.read(BLOCK).removeprefix(codecs.BOM_UTF8)
    while held:
        more = file.read(BLOCK)
        if complete := end(held, not more):
            yield held[:complete]
        rest = held[complete:]
        if len(rest) > LONGEST:
            raise too_long(row())
        held = rest + more


def too_long(row: int) -> InvalidRecord:
    """Return the error for a record that takes more than ``LONGEST`` bytes."""
    return InvalidRecord(f"Record {row} takes more than {LONGEST:,} bytes.", row=row)
