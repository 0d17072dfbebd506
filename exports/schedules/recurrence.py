"""When something that recurs comes next, and what that means in words; no clock is read and no database asked.

A time on the wall that an autumn night has twice comes the first time only; one that a spring night leaves out comes as
soon as the clock has jumped. What runs every hour follows the time that really passes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim

from exports.exceptions import BadRequest

from . import cron

SHOWN = 5
"""Runs that people are told beforehand."""


class Frequency(StrEnum):
    """How often something runs (document 004, "Frequency Options")."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    CRON = "cron"
    """As a cron expression says."""


EXPRESSIONS = {
    Frequency.HOURLY: "0 * * * *",
    Frequency.DAILY: "0 2 * * *",
    Frequency.WEEKLY: "0 2 * * 1",
    Frequency.MONTHLY: "0 2 1 * *",
}
_MEANINGS = {
    Frequency.HOURLY: "Every hour, on the hour",
    Frequency.DAILY: "Every day at 02:00",
    Frequency.WEEKLY: "Every Monday at 02:00",
    Frequency.MONTHLY: "On the first day of every month at 02:00",
}


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """Moments that follow one another for ever."""

    expression: str
    """Five fields of cron."""
    zone: ZoneInfo
    frequency: Frequency

    @property
    def meaning(self) -> str:
        """What it says, in words."""
        words = _MEANINGS.get(self.frequency) or CronSim(self.expression, cron.SOME_MOMENT).explain()
        return f"{words} ({self.zone.key})"

    def next_after(self, moment: datetime) -> datetime:
        """Return the first run after a moment, in UTC."""
        return next(found for found in self._candidates(moment.astimezone(self.zone)) if found > moment)

    def upcoming(self, moment: datetime, count: int = SHOWN) -> list[datetime]:
        """Return the next runs after a moment, in the zone of the recurrence."""
        return [found.astimezone(self.zone) for found in islice(self._all_after(moment), count)]

    def count_between(self, first: datetime, last: datetime, most: int) -> int:
        """Return how many runs come after the first moment and not after the last; ``most`` where there are more."""
        found = 0
        for run in islice(self._all_after(first), most):
            if run > last:
                break
            found += 1
        return found

    def _all_after(self, moment: datetime) -> Iterator[datetime]:
        while True:
            moment = self.next_after(moment)
            yield moment

    def _candidates(self, local: datetime) -> Iterator[datetime]:
        if self.expression.split()[1] == "*":
            yield from (found.astimezone(UTC) for found in CronSim(self.expression, local))
        else:
            yield from (_moment(wall, self.zone) for wall in CronSim(self.expression, local.replace(tzinfo=None)))


def recurrence(frequency: str, expression: str = "", time_zone: str = "UTC") -> Recurrence:
    """Return the recurrence that somebody describes; the expression counts where the frequency is ``cron``.

    Raises:
        BadRequest: a part of it says nothing; ``frequency``, ``cron`` or ``time_zone`` is named.
    """
    if frequency not in tuple(Frequency):
        known = ", ".join(Frequency)
        raise BadRequest(f"Field 'frequency' must be one of: {known}.", field="frequency")
    if frequency == Frequency.CRON:
        expression = cron.checked(expression)
    elif expression:
        raise BadRequest("Field 'cron' counts with the frequency 'cron' only.", field="cron")
    if time_zone not in _time_zones():
        raise BadRequest(
            f"Field 'time_zone': there is no time zone '{time_zone[:64]}'. Use a name such as 'Asia/Jakarta'.",
            field="time_zone",
        )
    known_as = Frequency(frequency)
    return Recurrence(expression=EXPRESSIONS.get(known_as, expression), zone=ZoneInfo(time_zone), frequency=known_as)


@lru_cache(maxsize=1)
def _time_zones() -> frozenset[str]:
    """Return the names of all zones; "localtime" is whatever the machine has."""
    return frozenset(available_timezones() - {"localtime", "Factory"})


def _moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return when a clock on the wall shows a time for the first time, or has just passed over it."""
    while (found := wall.replace(tzinfo=zone).astimezone(UTC)).astimezone(zone).replace(tzinfo=None) != wall:
        wall += timedelta(minutes=1)
    return found
