"""Work on exports: on one, or on the one whose turn it is."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from exports import dispatch, pipeline, turns
from exports.models import ExportRequest
from exports.models.work import Work, works


def run_export(export_id: int) -> None:
    """Build what is left of one export, in this process."""
    export = ExportRequest.objects.active().filter(pk=export_id).first()
    while export is not None and pipeline.work_on(export) is pipeline.Turn.OVER:
        pass


def take_turn(export_id: int) -> None:
    """Work for one turn in the lane of an export: on that one, or on another whose turn it is.

    A message is worth a turn in its lane, whoever's it is. What is left when the turn is over gets another message.
    """
    named = ExportRequest.objects.filter(pk=export_id).first()
    passed_over: set[int] = set()
    while named and (export := _whose_turn(named.lane, passed_over)):
        named.take_message_of(export)
        if _work_on(export) is not pipeline.Turn.IDLE:
            return
        # Another worker was faster.
        passed_over.add(export.pk)


def _whose_turn(lane: str, passed_over: Collection[int]) -> ExportRequest | None:
    now = timezone.now()
    found = turns.next_job(_job(work, now, passed_over) for work in works([lane], now).values())
    return ExportRequest.objects.filter(pk=found.id).first() if found else None


def _job(work: Work, now: datetime, passed_over: Collection[int]) -> turns.Job:
    # What no message was sent for is in the hands of the process that took the request.
    is_others = work.pk in passed_over or work.state == ExportRequest.State.PENDING
    return replace(work.job(now), room=0) if is_others else work.job(now)


def _work_on(export: ExportRequest) -> pipeline.Turn:
    try:
        turn = pipeline.work_on(export)
    except SystemExit:
        # The worker has to end, or was at it for too long.
        _carry_on(export)
        raise
    if turn is pipeline.Turn.OVER:
        _carry_on(export)
    return turn


def _carry_on(export: ExportRequest) -> None:
    with transaction.atomic():
        ExportRequest.objects.filter(pk=export.pk).note_message()
        dispatch.enqueue(dispatch.TAKE_TURN, export.pk, lane=export.lane)
