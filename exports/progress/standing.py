"""How far one export is: its own rows, and what is going to happen in its lane."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import timezone

from exports.conf import conf
from exports.models import ExportRequest
from exports.models.work import Work
from exports.types import Progress

from .cost import measured
from .outlook import SHORTEST, Outlook, outlooks
from .words import note, sentence

MOST_BEFORE_THE_END = 99.9
"""Percent. Written is not yet verified and published."""

VERIFICATION = "verification"
"""A stage that no row has: everything is written, and what is missing is the proof and the publication."""


def progress(export: ExportRequest) -> Progress:
    """Return how far an export is."""
    return progress_of([export])[export.pk]


def progress_of(exports: Iterable[ExportRequest]) -> dict[int, Progress]:
    """Return how far each of some exports is, by its key, in three queries for all that are active."""
    now = timezone.now()
    exports = list(exports)
    lanes = sorted({export.lane for export in exports if export.is_active})
    found = outlooks(lanes, now) if lanes else {}
    return {export.pk: _progress(export, found.get(export.pk), now) for export in exports}


def _progress(export: ExportRequest, outlook: Outlook | None, now: datetime) -> Progress:
    if not export.is_active or outlook is None:
        return _told(export, _ended(export))
    work, forecast = outlook.work, outlook.forecast
    heard = max((now - work.heard_at).total_seconds(), 0.0) if work.heard_at else None
    is_stale = not outlook.workers and heard is not None and heard > conf.lease_seconds
    # Nobody knows of it before the next sweep.
    until_noticed = conf.sweep_seconds if is_stale else 0
    left = max(forecast.ends_in, SHORTEST) + until_noticed if forecast else None
    return _told(
        export,
        Progress(
            state=export.state,
            stage=_stage(export, outlook),
            percentage=_percentage(*_steps(work)),
            records_done=work.rows_read if work.is_reading else work.rows_done,
            records_total=export.record_count,
            parts_done=work.ready,
            parts_total=work.parts_total,
            part=min(work.ready + 1, work.parts_total),
            records_per_second=_speed(outlook),
            seconds_left=round(left, 1) if left else None,
            estimated_completion=_whole_seconds(now + timedelta(seconds=left)) if left else None,
            queue_position=forecast.position if forecast and _waits(export) else None,
            starts_in=round(forecast.starts_in + until_noticed, 1) if forecast else None,
            heartbeat_age=round(heard, 1) if heard is not None else None,
            is_stale=is_stale,
        ),
    )


def _ended(export: ExportRequest) -> Progress:
    is_whole = export.state in (export.State.COMPLETED, export.State.EXPIRED)
    done = export.record_count if is_whole else export.records_done()
    return Progress(
        state=export.state,
        stage=export.stage,
        percentage=100.0 if is_whole else _percentage(done, export.record_count),
        records_done=done,
        records_total=export.record_count,
        parts_done=export.parts_done,
        parts_total=export.parts_total,
        part=min(export.parts_done + 1, export.parts_total),
    )


def _told(export: ExportRequest, now: Progress) -> Progress:
    return replace(now, sentence=sentence(export, now), note=note(now))


def _waits(export: ExportRequest) -> bool:
    return export.state in (export.State.PENDING, export.State.QUEUED)


def _whole_seconds(moment: datetime) -> datetime:
    """Return the next whole second: an estimate knows no fractions."""
    return moment.replace(microsecond=0) + timedelta(seconds=1)


def _steps(work: Work) -> tuple[int, int]:
    """Return how much is done of how much: reading the records, where a worker does it, is half of it."""
    if work.origin == ExportRequest.Origin.REQUEST:
        return work.rows_done, work.record_count
    return work.rows_read + work.rows_done, 2 * work.record_count


def _percentage(done: int, total: int) -> float:
    return min(round(100 * done / total, 1), MOST_BEFORE_THE_END) if total else 0.0


def _stage(export: ExportRequest, outlook: Outlook) -> str:
    """Return what is being done; what the row says of it is changed at the borders of work only."""
    work, stages = outlook.work, export.Stage
    if _waits(export):
        return str(export.stage)
    if work.is_reading:
        return stages.DATA_RETRIEVAL
    if work.is_closing and work.parts_total > 1:
        return stages.COMPRESSION
    if work.rows_done >= work.record_count and (work.record_count or work.held):
        return VERIFICATION
    return stages.FILE_GENERATION if work.rows_done else stages.PROCESSING


def _speed(outlook: Outlook) -> float | None:
    """Return how many records a second all workers write that are at it."""
    seconds, rows = measured(outlook.work)
    is_writing = outlook.workers and not outlook.work.is_reading and outlook.work.rows_done < outlook.work.record_count
    return round(outlook.workers * rows / seconds, 1) if is_writing and seconds else None
