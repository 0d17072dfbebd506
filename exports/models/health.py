"""How the queue does: numbers for the health view, the portal and monitors."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min
from django.db.models.functions import Coalesce
from django.utils import timezone

from exports.conf import conf
from exports.types import Lane

from .lane import LaneHeartbeat
from .request import ExportRequest


@dataclass(frozen=True, kw_only=True)
class LaneHealth:
    """One lane, over all hosts."""

    lane: Lane
    canary_age: float | None
    """Seconds since a task was last finished; None when no worker ever did."""
    oldest_waiting: float
    """Seconds since the oldest message that no worker has taken up; 0 when none waits."""
    attended: int
    """Exports that a worker holds."""

    @property
    def alive(self) -> bool:
        """Whether the lane is being served; long work is a sign of life too."""
        return bool(self.attended) or (self.canary_age is not None and self.canary_age < conf.canary_limit_seconds)


@dataclass(frozen=True, kw_only=True)
class QueueHealth:
    """All lanes."""

    lanes: tuple[LaneHealth, ...]
    silent: int
    """Exports whose worker has not been heard of for three leases, and which nobody has taken over."""

    @property
    def healthy(self) -> bool:
        """Whether accepted exports are being made."""
        return not self.silent and all(lane.alive for lane in self.lanes)


def queue_health() -> QueueHealth:
    """Return how the queue does, from rows alone: it holds whatever the broker says."""
    now = timezone.now()
    answered = dict(LaneHeartbeat.objects.order_by().values_list("lane").annotate(Max("answered_at")))
    waiting = dict(
        ExportRequest.objects.unattended()
        .order_by()
        .values_list("lane")
        .annotate(oldest=Min(Coalesce("enqueued_at", "created_at")))
    )
    attended = list(ExportRequest.objects.attended().values_list("lane", flat=True))
    lanes = (
        LaneHealth(
            lane=lane,
            canary_age=_age(now, answered.get(lane)),
            oldest_waiting=_age(now, waiting.get(lane)) or 0.0,
            attended=attended.count(lane),
        )
        for lane in Lane
    )
    return QueueHealth(lanes=tuple(lanes), silent=ExportRequest.objects.silent().count())


def _age(now: datetime, then: datetime | None) -> float | None:
    return max((now - then).total_seconds(), 0.0) if then else None
