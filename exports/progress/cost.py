"""What a record of each format costs: usually, and in the hands of the worker that is at it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Self

from django.db.models import Q

from exports.models import ExportAnalytics
from exports.models.work import Work

RECENT, RECENT_DAYS, FEWEST_RECORDS = 20, 30, 1_000
"""The estimate looks at so many finished exports of a format, not older than that; of fewer records, the work on a
record cannot be told from that on the export."""
STEADY_SECONDS = 3.0
"""The usual cost weighs as much as so many seconds of work: one slice that took long says little."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Seconds of one worker for one record."""

    write: float
    verify: float = 0.0
    read: float = 2e-5
    """Where a worker reads the records."""
    archive: float = 1e-6
    """Where there are several files."""


FASTEST = 1e-8
"""Seconds. Nothing is written in no time."""
UNMEASURED, UNMEASURED_PDF = Cost(write=1e-5), Cost(write=1e-4)
"""Until this installation has measured its own."""


def usual_costs(formats: Iterable[str], now: datetime) -> dict[str, Cost]:
    """Return what a record of each format has cost lately, in one query."""
    formats = sorted(set(formats))
    wanted = Q(pk__in=())
    for format in formats:
        recent = ExportAnalytics.objects.filter(
            format=format,
            state="completed",
            record_count__gte=FEWEST_RECORDS,
            created_at__gt=now - timedelta(days=RECENT_DAYS),
        )
        wanted |= Q(pk__in=recent.order_by("-created_at").values("pk")[:RECENT])
    columns = ("format", "record_count", "processing_time", "queue_wait", "export__timings", "export__origin")
    spent = [_Spent.of(*row) for row in ExportAnalytics.objects.filter(wanted).values_list(*columns)]
    return {format: _cost(format, [one for one in spent if one.format == format]) for format in formats}


class _Spent(NamedTuple):
    """Seconds that workers spent on one export."""

    format: str
    records: int
    write: float
    verify: float
    archive: float | None
    read: float | None
    """Where a worker read the records."""

    @classmethod
    def of(
        cls, format: str, records: int, took: float, waited: float, timings: dict[str, float] | None, origin: str | None
    ) -> Self:
        """Return what is known: once the export is gone, that is the time since work on it began."""
        known = timings or {}
        write = known.get("write", max(took - waited, 0.0))
        read = known.get("read") if origin not in (None, "request") else None
        return cls(format, records, write, known.get("verify", 0.0), known.get("archive"), read)


def _cost(format: str, spent: Sequence[_Spent]) -> Cost:
    unmeasured = UNMEASURED_PDF if format == "pdf" else UNMEASURED
    if not spent:
        return unmeasured
    records = sum(one.records for one in spent)
    return Cost(
        write=max(sum(one.write for one in spent) / records, FASTEST),
        verify=sum(one.verify for one in spent) / records,
        archive=_mean([(one.archive, one.records) for one in spent], unmeasured.archive),
        read=_mean([(one.read, one.records) for one in spent], unmeasured.read),
    )


def _mean(measured: Iterable[tuple[float | None, int]], unmeasured: float) -> float:
    """Return seconds a record over the exports in which there was such a step."""
    known = [(seconds, records) for seconds, records in measured if seconds is not None]
    return sum(seconds for seconds, _ in known) / sum(records for _, records in known) if known else unmeasured


def slowness(work: Work, usual: Cost) -> float:
    """Return how many times as long as usual this export takes.

    The more seconds were measured, the more they weigh against the usual: at the first heartbeat a quarter, so that it
    does not throw the estimate about, and after a minute nearly all. It is ratios that are weighed, so a worker twice
    as fast moves the estimate as far as one that is twice as slow.
    """
    took, rows = measured(work)
    usually = rows * (usual.write + usual.verify if work.ready else usual.write)
    return float((took / usually) ** (took / (took + STEADY_SECONDS))) if took and usually else 1.0


def measured(work: Work) -> tuple[float, int]:
    """Return how many seconds workers spent on how many records: of files that are ready, before that of the first."""
    if work.ready:
        return work.ready_seconds, work.ready_rows
    if not work.held_done or work.retried or work.served_at is None or work.heard_at is None:
        return 0.0, 0
    return work.held * max((work.heard_at - work.served_at).total_seconds(), 0.0), work.held_done
