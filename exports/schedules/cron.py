"""Cron expressions of five fields, with names, lists, ranges and steps: what is wrong, and how often one comes."""

import re
from datetime import datetime

from cronsim import CronSim, CronSimError

from exports.exceptions import BadRequest

FIELDS = ("minute", "hour", "day of month", "month", "day of week")
SOME_MOMENT = datetime(2026, 1, 1)
LONGEST = 100
"""Characters of an expression."""
_HOURS, _DAY = 24, 24 * 60
_HARMLESS = re.compile(r"[0-9A-Za-z*,/#-]+", re.ASCII)


def checked(expression: str) -> str:
    """Return an expression, its blanks tidied and all hours of the day written as ``*``.

    Raises:
        BadRequest: it has not five fields, one of them says nothing, or its day never comes; the field is named.
    """
    parts = expression.split()
    if len(parts) != len(FIELDS) or len(expression) > LONGEST:
        raise _wrong(f"Field 'cron' must have five fields: {', '.join(FIELDS)}; for example '30 6 * * MON-FRI'.")
    for position, (name, part) in enumerate(zip(FIELDS, parts, strict=True)):
        # Alone, so that the field that is wrong can be named.
        trial = ["0", "0", "*", "*", "*"]
        trial[position] = part
        if not _comes(trial):
            raise _wrong(f"Field 'cron': '{part[:40]}' is no {name}.")
    if not _comes(parts):
        raise _wrong(f"Field 'cron': day '{parts[2]}' of month '{parts[3]}' with weekday '{parts[4]}' never comes.")
    if len(CronSim(" ".join(parts), SOME_MOMENT).hours) == _HOURS:
        parts[1] = "*"
    return " ".join(parts)


def check_pace(expression: str, minutes: int) -> None:
    """Refuse an expression that comes again sooner than so many minutes after it came. Raises BadRequest."""
    least = shortest_gap(expression)
    if least < minutes:
        raise _wrong(f"Field 'cron' asks for runs {least} minutes apart; at least {minutes} must lie between two.")


def shortest_gap(expression: str) -> int:
    """Return the fewest minutes between two runs, taking every day for one that is followed by another."""
    sim = CronSim(expression, SOME_MOMENT)
    times = sorted(60 * hour + minute for hour in sim.hours for minute in sim.minutes)
    return min(later - earlier for earlier, later in zip(times, [*times[1:], times[0] + _DAY], strict=True))


def _comes(parts: list[str]) -> bool:
    if not all(map(_HARMLESS.fullmatch, parts)):
        return False
    try:
        next(CronSim(" ".join(parts), SOME_MOMENT))
    except (CronSimError, StopIteration):
        return False
    return True


def _wrong(sentence: str) -> BadRequest:
    return BadRequest(sentence, field="cron")
