"""A lane played forward, turn by turn, until all of it is done."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .job import Job
from .line import Line, OpenJob

SHORTEST_TURN = 0.1
"""Seconds. A forecast of turns that take no time would not end."""
EXACT_TURNS, COARSER_EVERY = 1_000, 200
"""So many turns are played as they are; then they get twice as long with each so many: who asks what is so far ahead
need not know it to the turn."""


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """When one job begins and ends."""

    position: int | None
    """How many waiting jobs begin before it, plus one; None for one that has begun."""
    starts_in: float
    """Seconds until a worker takes it up, for the first time or again; 0 while one is at work on it."""
    ends_in: float
    """Seconds until all of it is done."""


def forecast(jobs: Sequence[Job], workers: int, turn_seconds: float, now: float) -> dict[int, Forecast]:
    """Play a lane of so many workers forward by the rule of turns; return what becomes of each job, by its id.

    ``now`` is a timestamp. A job that nobody is at work on and nobody may join is left out.
    """
    return dict(_Play(jobs, max(workers, 1), max(turn_seconds, SHORTEST_TURN), now).run())


class _Play:
    """A lane and its clock, which begins at 0."""

    def __init__(self, jobs: Sequence[Job], workers: int, turn_seconds: float, now: float) -> None:
        self._turn_seconds, self._now = turn_seconds, now
        self._turns = 0
        self._ends: list[tuple[float, int, OpenJob]] = []
        self._starts_in: dict[int, float] = {}
        self._ends_in: dict[int, float] = {}
        # Less than nothing where others help out: the process that took a small request makes it itself.
        self._idle = workers - sum(job.workers for job in jobs)
        works = [OpenJob(job) for job in jobs]
        for work in works:
            self._carry_on(work)
        self._line = Line(works)

    def run(self) -> Iterator[tuple[int, Forecast]]:
        """Play until nobody is at work, and yield what became of each job."""
        self._give_turns(0.0)
        while self._ends:
            at, _, work = heapq.heappop(self._ends)
            self._line.end(work)
            self._ends_in[work.job.id] = at
            self._idle += 1
            self._give_turns(at)
        position = 0
        for id, starts_in in self._starts_in.items():
            is_new = self._line.works[id].job.is_new
            position += is_new
            yield id, Forecast(position=position if is_new else None, starts_in=starts_in, ends_in=self._ends_in[id])

    def _carry_on(self, work: OpenJob) -> None:
        """Let those who are at work on it now finish what they hold and the turn they have begun."""
        job = work.job
        passed = 0.0 if job.last_turn is None else max(self._now - job.last_turn, 0.0)
        for _ in range(job.workers):
            held = job.held_seconds / job.workers
            rest = self._turn_seconds - passed - held
            self._end_later(work, 0.0, held + (work.take(rest) if rest > 0 else 0.0))

    def _give_turns(self, at: float) -> None:
        while self._idle > 0 and (work := self._line.first()) is not None:
            self._idle -= 1
            turn = self._turn_seconds * 2 ** (max(self._turns - EXACT_TURNS, 0) // COARSER_EVERY)
            self._end_later(work, at, self._line.begin(work, self._now + at, turn))

    def _end_later(self, work: OpenJob, at: float, seconds: float) -> None:
        self._starts_in.setdefault(work.job.id, at)
        self._turns += 1
        # The number keeps what ends at the same moment in order.
        heapq.heappush(self._ends, (at + seconds, self._turns, work))
