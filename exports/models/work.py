"""What is left of the exports of a lane, in one query whatever their number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import Coalesce

from exports.conf import conf
from exports.turns import Job

from .file import ExportFile
from .request import ExportRequest

REMEMBERED, OLDEST = timedelta(minutes=2), timedelta(hours=1)
"""An export that ended so lately still tells when its owner was served, unless it was asked for very long ago: the
index on that keeps the query from looking through the whole history."""
ENDED = ("completed", "failed")
PLAIN = (
    *("pk", "lane", "state", "format", "owner", "origin", "staged", "record_count", "rows_read", "parts_total"),
    *("served_at", "lease_until", "attempts"),
)
_ROWS = F("files__last_row") - F("files__first_row") + 1


@dataclass(frozen=True, kw_only=True)
class Work:
    """What the rows say of the work on one export."""

    pk: int
    lane: str
    state: str
    format: str
    owner: str
    origin: str
    staged: str
    """Empty until the records are read."""
    record_count: int
    """Until the records are read, how many there were when they were asked for."""
    rows_read: int
    parts_total: int
    served_at: datetime | None
    """When a worker last began a turn with it."""
    lease_until: datetime | None
    attempts: int
    rows_done: int
    """Records written, in files that are ready and in those that are being made."""
    ready: int
    """Files that are published."""
    ready_rows: int
    ready_seconds: float
    """What one worker after the other spent on the published files, writing and verifying."""
    held: int
    """Files that a worker is making."""
    held_rows: int
    held_done: int
    retried: int
    """Of the files held, those begun before: until their next heartbeat the rows are those of the last start."""
    free: int
    """Files that nobody holds and that may be started."""
    last_lease: datetime | None
    """When the youngest lease on a file ends, or ended."""

    @property
    def is_active(self) -> bool:
        """Whether it is waiting or being made."""
        return self.state in ExportRequest.ACTIVE

    @property
    def is_closing(self) -> bool:
        """Whether all files are published and only the last step is left."""
        return self.ready == self.parts_total

    @property
    def is_reading(self) -> bool:
        """Whether its records are still to be read."""
        return not self.staged

    @property
    def heard_at(self) -> datetime | None:
        """When a worker was last heard of that has not given its work back."""
        until = max((lease for lease in (self.last_lease, self.lease_until) if lease), default=None)
        return until and until - timedelta(seconds=conf.lease_seconds)

    def job(self, now: datetime) -> Job:
        """Return what decides whose turn it is; one that has ended only tells when its owner was served."""
        return Job(
            id=self.pk,
            owner=self.owner,
            workers=self.workers(now) if self.is_active else 0,
            room=self.room(now),
            last_turn=self.served_at.timestamp() if self.served_at else None,
        )

    def workers(self, now: datetime) -> int:
        """Return how many workers are at it."""
        is_single = self.is_reading or self.is_closing
        return int(bool(self.lease_until and self.lease_until >= now)) if is_single else self.held

    def room(self, now: datetime) -> int:
        """Return how many more workers may join them."""
        if not self.is_active:
            return 0
        if self.is_reading or self.is_closing:
            return int(not self.workers(now) and self.attempts < conf.max_attempts)
        return max(min(self.free, conf.parallel_parts - self.held), 0)


def works(lanes: Iterable[str], now: datetime) -> dict[int, Work]:
    """Return the work on each active export of some lanes, and on those that ended lately, by the export's key."""
    lately = Q(state__in=ENDED, created_at__gt=now - OLDEST, completed_at__gt=now - REMEMBERED)
    # What was never queued was made by the process that took the request, and was nobody's turn.
    served = lately & Q(enqueued_at__isnull=False)
    exports = ExportRequest.objects.filter(Q(state__in=ExportRequest.ACTIVE) | served, lane__in=lanes)
    return {row["pk"]: Work(**row) for row in exports.order_by("pk").values(*PLAIN).annotate(**_sums(now))}


def _sums(now: datetime) -> dict[str, Any]:
    part = Q(files__kind=ExportFile.Kind.PART)
    ready = part & Q(files__state=ExportFile.State.READY)
    pending = part & Q(files__state=ExportFile.State.PENDING)
    held = pending & Q(files__lease_until__gte=now)
    nobodys = Q(files__lease_until=None) | Q(files__lease_until__lt=now)
    return {
        "rows_done": Coalesce(Sum("files__rows_done", filter=part), 0),
        "ready": Count("files", filter=ready),
        "ready_rows": Coalesce(Sum(_ROWS, filter=ready), 0),
        "ready_seconds": Coalesce(Sum(F("files__write_seconds") + F("files__verify_seconds"), filter=ready), 0.0),
        "held": Count("files", filter=held),
        "held_rows": Coalesce(Sum(_ROWS, filter=held), 0),
        "held_done": Coalesce(Sum("files__rows_done", filter=held), 0),
        "retried": Count("files", filter=held & Q(files__attempts__gt=1)),
        "free": Count("files", filter=pending & nobodys & Q(files__attempts__lt=conf.max_attempts)),
        "last_lease": Max("files__lease_until", filter=pending),
    }
