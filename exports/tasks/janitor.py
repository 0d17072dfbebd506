"""The supervisor's housekeeper: sweeps, upkeep, canaries and schedules in a small process of its own.

They are not tasks, because they repair what tasks run on: a lost message, a dead lane, a broker that was flushed or
is away. The janitor needs the database only. Every supervisor has one; on several hosts they do no harm to each
other. The supervisor itself asks nothing of a database, so that no hanging connection can keep it from its signals.
"""

import logging
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import close_old_connections

from exports.conf import conf
from exports.types import Lane

from . import canary
from .schedules import look_after_schedules
from .sweep import sweep
from .upkeep import upkeep

logger = logging.getLogger(__name__)

UPKEEP_SECONDS = 300.0
CHECK_SECONDS = 2.0
"""How often open questions are looked at."""
ALIVE = ""
"""What the janitor tells the supervisor all the time; anything else is the name of a dead lane."""


@dataclass(kw_only=True)
class Round:
    """Something that is done now and then."""

    name: str
    work: Callable[[], None]
    every: Callable[[], float]
    """Seconds from one start to the next."""
    due: float = field(default_factory=time.monotonic)

    def run_if_due(self) -> None:
        """Do it when it is time. What fails is tried again next time: the other rounds must go on."""
        if time.monotonic() < self.due:
            return
        self.due = time.monotonic() + self.every()
        try:
            close_old_connections()
            self.work()
        except Exception:
            logger.exception("The %s failed; it will be tried again", self.name)


def run(lanes: Sequence[Lane], voice: int) -> None:
    """Go the rounds for ever, and tell the supervisor through the pipe ``voice`` which lanes are dead."""

    def report_dead() -> None:
        for lane in canary.dead(lanes):
            _say(voice, lane)

    rounds = (
        Round(name="canary", work=lambda: canary.ask(lanes), every=lambda: conf.canary_seconds),
        Round(name="sweep", work=sweep, every=lambda: conf.sweep_seconds),
        Round(name="look at the schedules", work=look_after_schedules, every=lambda: conf.schedule_seconds),
        Round(name="upkeep", work=upkeep, every=lambda: UPKEEP_SECONDS),
        Round(name="look at the canaries", work=report_dead, every=lambda: CHECK_SECONDS),
    )
    while True:
        for each in rounds:
            each.run_if_due()
            _say(voice, ALIVE)
        time.sleep(max(min(each.due for each in rounds) - time.monotonic(), 0.05))


def _say(voice: int, word: str) -> None:
    # So few bytes go through a pipe in one piece, and fail when nobody reads any more.
    os.write(voice, f"{word}\n".encode())
