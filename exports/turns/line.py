"""The rule of turns.

It is the turn of the owner on whose jobs the fewest workers are now; among these, of the one who was served the longest
ago (never comes first), and then of the one with the oldest job. Of an owner's jobs the oldest that has room comes
first: exports of one lane are of one size, and one after the other are finished sooner than all at once.
"""

import heapq
from collections.abc import Hashable, Iterable
from math import ceil, inf

from .job import Job

TINY = 1e-6
"""Seconds that are no work but a trace of arithmetic."""


def next_job(jobs: Iterable[Job]) -> Job | None:
    """Return the job whose turn it is by the rule above; None when there is none with room.

    Pass those that ended lately too: an owner whose jobs are short would otherwise pass for one who was never served.
    """
    first = Line(OpenJob(job) for job in jobs).first()
    return first.job if first else None


class OpenJob:
    """A job of which more and more is done."""

    def __init__(self, job: Job) -> None:
        self.job, self.workers, self.room = job, job.workers, job.room
        self.free = max(job.seconds - job.held_seconds, 0.0)

    def take(self, seconds: float) -> float:
        """Take a turn's worth of what is free, which ends with a part, and return its seconds."""
        part = self.job.part_seconds
        taken = min(max(ceil(seconds / part - TINY), 1) * part if part else seconds, self.free)
        self.free = self.free - taken if self.free - taken > TINY else 0.0
        self._limit_room()
        return taken

    def begin(self, seconds: float) -> float:
        """Let one more worker take a turn, and return its seconds."""
        self.workers += 1
        return self.take(seconds)

    def end(self) -> None:
        """Let one worker go."""
        self.workers -= 1
        self._limit_room()

    def _limit_room(self) -> None:
        """Let in as many as before, but no more than there are parts left."""
        most = self.job.workers + self.job.room - self.workers
        part = self.job.part_seconds
        self.room = min(most, ceil(self.free / part - TINY) if part else most) if self.free else 0


class _Owner:
    """What counts of an owner: its workers, its last turn, and its jobs that have room, oldest first."""

    def __init__(self) -> None:
        self.workers, self.served = 0, -inf
        self.open: list[int] = []

    def add(self, work: OpenJob) -> None:
        self.workers += work.workers
        if work.job.last_turn is not None:
            self.served = max(self.served, work.job.last_turn)
        if work.room > 0:
            heapq.heappush(self.open, work.job.id)

    def key(self) -> tuple[int, float, int]:
        return self.workers, self.served, self.open[0]


class Line:
    """Works in the order of their turns, which changes as turns begin and end."""

    def __init__(self, works: Iterable[OpenJob]) -> None:
        self.works = {work.job.id: work for work in works}
        self._owners: dict[Hashable, _Owner] = {}
        for work in self.works.values():
            self._owners.setdefault(work.job.owner, _Owner()).add(work)
        self._keys = sorted(owner.key() for owner in self._owners.values() if owner.open)

    def first(self) -> OpenJob | None:
        """Return the work whose turn it is."""
        while self._keys:
            key = self._keys[0]
            work = self.works[key[2]]
            owner = self._owners[work.job.owner]
            if owner.open and owner.key() == key:
                return work
            # The owner stands elsewhere in the line since.
            heapq.heappop(self._keys)
        return None

    def begin(self, work: OpenJob, at: float, seconds: float) -> float:
        """Put a worker to the first work for one turn, and return the seconds that it takes."""
        owner = self._owners[work.job.owner]
        taken = work.begin(seconds)
        owner.workers += 1
        owner.served = max(owner.served, at)
        if not work.room:
            heapq.heappop(owner.open)
        self._stand(owner)
        return taken

    def end(self, work: OpenJob) -> None:
        """Take a worker away from a work."""
        owner = self._owners[work.job.owner]
        had_room = work.room > 0
        work.end()
        owner.workers -= 1
        if work.room and not had_room:
            heapq.heappush(owner.open, work.job.id)
        self._stand(owner)

    def _stand(self, owner: _Owner) -> None:
        if owner.open:
            heapq.heappush(self._keys, owner.key())
