"""How much rows weigh, and how many of them are taken at a time: memory stays flat whatever a row holds."""

import polars as pl

SLICE_ROWS = 16_384
"""Rows that are shaped, written and packed together, unless they are heavy."""
SLICE_BYTES = 32 << 20
"""Weight of those rows at most."""
_RUN = 1024
_CELL = 16
"""What Polars keeps of a text besides its bytes: where they are. A number or a time takes less."""


def row_bytes(frame: pl.DataFrame) -> int:
    """Return the bytes a row takes in memory, where rows are heaviest: the mean of 1,024 that follow one another.

    Of all rows the mean would not do: the long ones may stand together. (50,000 x 15: 0.6 ms.)
    """
    run = min(_RUN, frame.height)
    heaviest = max((frame.slice(first, _RUN).estimated_size() for first in range(0, frame.height, _RUN)), default=0)
    return int(heaviest // max(run, 1)) + _CELL * frame.width


def slice_rows(row_bytes: int, *, attempt: int = 1, most: int = SLICE_ROWS, target: int = SLICE_BYTES) -> int:
    """Return how many rows are taken at a time: ``most``, or as many as weigh ``target`` bytes, but at least one.

    Each later start of a part takes a quarter of what the one before took. Why that ended nobody may know: what is
    killed for its memory cannot say so.
    """
    return max(min(most, target // max(row_bytes, 1)) >> 2 * (attempt - 1), 1)
