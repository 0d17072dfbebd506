"""What is going on: the queue, lane by lane, and what a caller's exports have come to."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Sum

from .models import ExportAnalytics, ExportRequest
from .models.request import ExportRequestQuerySet
from .types import Lane


@dataclass(frozen=True, kw_only=True)
class LaneLoad:
    """One lane."""

    lane: Lane
    waiting: int
    processing: int
    workers: int
    """How many exports one host makes at once."""
    timeout: int
    """Seconds that a worker may stay with one file."""


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What exports have come to."""

    exports: int
    completed: int
    failed: int
    under_way: int
    records: int
    """Of those that were completed."""
    size: int
    """Bytes that were offered for download."""


def queue() -> tuple[LaneLoad, ...]:
    """Return what each lane has before it."""
    active = ExportRequest.objects.in_queue().order_by().values_list("lane", "state")
    counted = {(lane, state): count for lane, state, count in active.annotate(Count("pk"))}
    return tuple(
        LaneLoad(
            lane=lane,
            waiting=counted.get((lane, "queued"), 0),
            processing=counted.get((lane, "processing"), 0),
            workers=_settings(lane)["workers"],
            timeout=_settings(lane)["timeout"],
        )
        for lane in Lane
    )


def totals(exports: ExportRequestQuerySet) -> Totals:
    """Return what some exports have come to."""
    states = dict(exports.order_by().values_list("state").annotate(Count("pk")))
    made = ExportAnalytics.objects.filter(export__in=exports.order_by().values("pk"), state="completed")
    sums = made.aggregate(records=Sum("record_count"), size=Sum("file_size"))
    return Totals(
        exports=sum(states.values()),
        completed=states.get("completed", 0) + states.get("expired", 0),
        failed=states.get("failed", 0),
        under_way=sum(states.get(state, 0) for state in ExportRequest.ACTIVE),
        records=sums["records"] or 0,
        size=sums["size"] or 0,
    )


def _settings(lane: Lane) -> dict[str, int]:
    whole = settings.Q_CLUSTER
    return {**whole, **whole["ALT_CLUSTERS"].get(lane, {})}
