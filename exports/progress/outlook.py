"""What is going to happen in a lane: its exports as jobs, played forward by the rule of turns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count

from exports import turns
from exports.conf import conf
from exports.models import LaneHeartbeat
from exports.models.work import Work, works
from exports.turns import Forecast, Job

from .cost import Cost, slowness, usual_costs

SHORTEST = 0.1
"""Seconds that are told as left, at least, while something is."""


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What is known of one active export and of what becomes of it."""

    work: Work
    cost: Cost
    """What a record of it costs, as far as that can be told by now."""
    forecast: Forecast | None
    """None for one that no worker may take up any more."""
    workers: int
    """How many are at work on it."""


def outlooks(lanes: Iterable[str], now: datetime) -> dict[int, Outlook]:
    """Return the outlook of each active export of some lanes, by its key, in three queries."""
    found = works(lanes, now)
    usual = usual_costs({work.format for work in found.values() if work.is_active}, now)
    workers = _workers(lanes, now)
    return {
        pk: outlook
        for lane, size in workers.items()
        for pk, outlook in _lane([work for work in found.values() if work.lane == lane], usual, size, now)
    }


def _lane(found: list[Work], usual: Mapping[str, Cost], workers: int, now: datetime) -> Iterable[tuple[int, Outlook]]:
    costs = {work.pk: _cost(work, usual[work.format]) for work in found if work.is_active}
    jobs = {work.pk: _job(work, costs.get(work.pk), now) for work in found}
    forecasts = turns.forecast(list(jobs.values()), workers, conf.turn_seconds, now.timestamp())
    for work in found:
        if work.is_active:
            forecast = forecasts.get(work.pk)
            yield (
                work.pk,
                Outlook(work=work, cost=costs[work.pk], forecast=forecast, workers=jobs[work.pk].workers),
            )


def _cost(work: Work, usual: Cost) -> Cost:
    factor = slowness(work, usual)
    return replace(usual, write=usual.write * factor, verify=usual.verify * factor)


def _job(work: Work, cost: Cost | None, now: datetime) -> Job:
    """Return an export as a job; without a cost, it has ended and only tells when its owner was served."""
    standing = work.job(now)
    if cost is None:
        return standing
    step = _reading if work.is_reading else _closing if work.is_closing else _writing
    free, held = step(work, cost, now)
    part = work.record_count / work.parts_total * (cost.write + cost.verify)
    return replace(standing, seconds=free + held, held_seconds=held, part_seconds=part)


def _reading(work: Work, cost: Cost, now: datetime) -> tuple[float, float]:
    """Return the seconds of work that are free and held while records are still to be read."""
    left = max(work.record_count - work.rows_read, 0) * cost.read
    rest = work.record_count * (cost.write + cost.verify) + _archive(work, cost)
    return (rest, _counted_down(left, work, now)) if work.workers(now) else (left + rest, 0.0)


def _writing(work: Work, cost: Cost, now: datetime) -> tuple[float, float]:
    """Return the seconds of work that are free and held."""
    rows = work.record_count - work.ready_rows - work.held_rows
    held = (work.held_rows - work.held_done) * cost.write + work.held_rows * cost.verify
    free = rows * (cost.write + cost.verify) + _archive(work, cost)
    return free, _counted_down(held, work, now) if work.held else 0.0


def _closing(work: Work, cost: Cost, now: datetime) -> tuple[float, float]:
    if work.workers(now):
        return 0.0, _counted_down(_archive(work, cost), work, now)
    return _archive(work, cost), 0.0


def _archive(work: Work, cost: Cost) -> float:
    return work.record_count * cost.archive if work.parts_total > 1 else 0.0


def _counted_down(seconds: float, work: Work, now: datetime) -> float:
    """Return what is left of some seconds that were left at the last sign of life."""
    passed = max((now - work.heard_at).total_seconds(), 0.0) * max(work.held, 1) if work.heard_at else 0.0
    # What takes longer than was thought will take longer still.
    return max(seconds - passed, passed / 10, SHORTEST)


def _workers(lanes: Iterable[str], now: datetime) -> dict[str, int]:
    """Return how many workers each lane has: as many as its cluster, on every host that answered lately."""
    lately = now - timedelta(seconds=3 * conf.canary_limit_seconds)
    answered = LaneHeartbeat.objects.filter(lane__in=lanes, answered_at__gt=lately).order_by()
    hosts = dict(answered.values_list("lane").annotate(Count("host")))
    queue = settings.Q_CLUSTER
    size = {lane: queue["ALT_CLUSTERS"].get(lane, queue).get("workers", queue["workers"]) for lane in lanes}
    return {lane: size[lane] * max(hosts.get(lane, 0), 1) for lane in lanes}
