"""What a table of the demo source is: columns by kind, indexes, and rows that are drawn batch by batch."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

BATCH = 2_000
"""Rows, or participants, that are drawn at a time: memory is the same for any number of them."""

Value = str | int | None
Row = tuple[Value, ...]
Batch = Mapping[str, Sequence[Value]]
"""The values of each column, all of one length."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table whose rows follow from the number of participants alone; its first column is the primary key."""

    name: str
    columns: Mapping[str, str]
    """Kind by name: integer, text(n), longtext, decimal(p,s), date or datetime, and `` null`` where it may be empty."""
    batches: Callable[[int], Iterator[Batch]]
    """Draws the rows that go with so many participants, the same ones each time."""
    indexes: tuple[tuple[str, ...], ...] = ()
    unique: tuple[str, ...] = ()

    def rows(self, participants: int) -> Iterator[Row]:
        """Yield the rows with their values in the order of the columns.

        Dates and moments are text, decimals are text with two decimals, so that every database is given the same.
        """
        for batch in self.batches(participants):
            yield from zip(*(batch[name] for name in self.columns), strict=True)


def spans(count: int) -> Iterator[range]:
    """Yield the numbers 1 to ``count`` in runs of at most ``BATCH``."""
    for first in range(1, count + 1, BATCH):
        yield range(first, min(first + BATCH, count + 1))


def gapped(number: int, start: int) -> int:
    """Return the key of the n-th row: one row in nine, and 25 in a row now and then, have been deleted."""
    return start + number + number // 8 + 25 * (number // 500)
