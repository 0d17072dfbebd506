"""Marked content: what on a page is which part of the table, and what is none (ISO 32000-1, 14.6 and 14.8.2.2)."""

from functools import lru_cache

PAGINATION = b"/Artifact<</Type/Pagination>>BDC %b EMC"
"""Around what is repeated on every page."""
LAYOUT = b"/Artifact<</Type/Layout>>BDC %b EMC"
"""Around what is there for the eye only."""


@lru_cache(512)
def marks(tag: bytes, first: int, count: int) -> bytes:
    """Return a template for the operators of so many neighbours, whose marks are numbered from ``first``."""
    return b"".join(b"/%b<</MCID %d>>BDC%%b EMC" % (tag, mark) for mark in range(first, first + count))
