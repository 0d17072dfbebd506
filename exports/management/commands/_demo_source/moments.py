"""Time as the demo source tells it: seconds since its first day, written the way every database reads."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

FIRST = datetime(2024, 6, 1)
"""When the first registration opened."""
HOUR, DAY = 3_600, 86_400


def moments(seconds: Iterable[int]) -> list[str]:
    """Return each moment as ``2026-05-15 10:30:00``."""
    return [(FIRST + timedelta(0, second)).isoformat(" ") for second in seconds]


def days(first: date, last: date) -> list[str]:
    """Return every day from one to another as ``2026-05-15``: a pool to draw dates from."""
    return [(first + timedelta(number)).isoformat() for number in range((last - first).days + 1)]
