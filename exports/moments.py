"""Times as text, for the formats that have no times of their own, and for cells that hold more than a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import polars as pl

from exports.types import Column, Kind

_DAY_SECONDS = 86_400
_FIRST, _LAST = datetime(1900, 3, 1), datetime(2149, 12, 31, 23, 59, 59)
_MANY = 2048
"""Rows from which on looking a time up is worth the two tables."""


@dataclass(frozen=True)
class Times:
    """What the times of a column have in common."""

    count: int
    whole_days: bool
    """Whether all are midnights."""
    whole_seconds: bool
    first: datetime | None
    last: datetime | None


def times_of(rows: pl.DataFrame, columns: Iterable[Column]) -> dict[str, Times]:
    """Ask the columns of times for what ``time_text`` wants to know, all at once."""
    asked = [_questions(column.name) for column in columns if column.kind.is_temporal]
    answers = rows.select(asked).row(0, named=True) if asked else {}
    return {name: Times(**answer) for name, answer in answers.items()}


def time_text(column: Column, times: Times, between: str = " ") -> pl.Expr:
    """Return times of a ``Datetime("ms")`` column as ISO 8601, ``between`` date and time of day.

    The time of day is shown where there is one or the kind promises one, milliseconds where there are any.
    """
    moment = pl.col(column.name)
    between, timeless = ("", True) if column.kind is Kind.DATE and times.whole_days else (between, False)
    date, clock = _listed(moment, between) if _is_listed(times) else _spelled(moment, between)
    if timeless:
        return date
    shown = pl.concat_str(date, clock)
    if not times.whole_seconds:
        exact = moment.dt.to_string(f"%Y-%m-%d{between}%H:%M:%S%.3f")
        shown = pl.when(moment.dt.millisecond() == 0).then(shown).otherwise(exact)
    if column.kind is Kind.DATE:
        shown = pl.when(moment.dt.truncate("1d") == moment).then(moment.dt.to_string("%Y-%m-%d")).otherwise(shown)
    return shown


def _questions(name: str) -> pl.Expr:
    moment = pl.col(name)
    milliseconds = moment.dt.epoch("ms")
    return pl.struct(
        count=pl.len(),
        whole_days=(milliseconds % (1000 * _DAY_SECONDS) == 0).all(),
        whole_seconds=(milliseconds % 1000 == 0).all(),
        first=moment.min(),
        last=moment.max(),
    ).alias(name)


def _is_listed(times: Times) -> bool:
    """Tell whether there are enough times, and all of them in the lists."""
    if times.first is None or times.last is None:
        return False
    return times.count >= _MANY and times.first >= _FIRST and times.last <= _LAST


def _spelled(moment: pl.Expr, between: str) -> tuple[pl.Expr, pl.Expr]:
    return moment.dt.to_string(f"%Y-%m-%d{between}"), moment.dt.to_string("%H:%M:%S")


def _listed(moment: pl.Expr, between: str) -> tuple[pl.Expr, pl.Expr]:
    """Look date and time of day up among all there are: half of what spelling them costs."""
    days, seconds = _lists(between)
    day, second = moment.dt.epoch("d") - _days(_FIRST), moment.dt.epoch("s") % _DAY_SECONDS
    return pl.lit(days).gather(day), pl.lit(seconds).gather(second)


@cache
def _lists(between: str) -> tuple[pl.Series, pl.Series]:
    midnight = datetime(2000, 1, 1)
    days = pl.datetime_range(_FIRST, _LAST, "1d", eager=True).dt.to_string(f"%Y-%m-%d{between}")
    seconds = pl.datetime_range(midnight, midnight.replace(hour=23, minute=59, second=59), "1s", eager=True)
    return days, seconds.dt.to_string("%H:%M:%S")


def _days(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1)).days
