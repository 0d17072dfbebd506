"""Bring back what fell by the wayside: lapsed leases, lost messages, work that killed its worker once too often.

The broker is not asked: rows tell what nobody works on. An export gets another message when its worker fell silent
after the last one was sent, or when a question that was sent to the lane later than that message has been answered
already, so that it can no longer be waiting. A long queue therefore fills with no duplicates. Any number of sweeps
may run at the same time: every step is a conditional UPDATE with one winner.
"""

import logging

from django.db import transaction

from exports import dispatch
from exports.exceptions import BuildError
from exports.models import ExportFile, ExportRequest, LaneHeartbeat
from exports.types import Lane

logger = logging.getLogger(__name__)

BATCH = 500
"""Exports that one sweep sends again in a lane, at most."""


def sweep() -> None:
    """Fail what has no start left and send the rest to a worker again."""
    fail_exhausted()
    served_until = LaneHeartbeat.objects.served_until()
    for lane in Lane:
        unattended = ExportRequest.objects.unattended().filter(lane=lane)
        for export in unattended.without_message(served_until.get(lane)).order_by("pk")[:BATCH]:
            _send_again(export, lane)


def fail_exhausted() -> None:
    """End exports of which one piece of work used up its starts."""
    parts = ExportFile.objects.parts().exhausted().filter(state=ExportFile.State.PENDING)
    for part in parts.filter(export__state__in=ExportRequest.ACTIVE).select_related("export"):
        _give_up(part, part.export, f"File {part.number} of {part.of} could not be made")
    for export in ExportRequest.objects.exhausted_step():
        what = "The records could not be read" if export.is_unread else "The files could not be put together"
        _give_up(export, export, what)


def _give_up(work: ExportFile | ExportRequest, export: ExportRequest, what: str) -> None:
    with transaction.atomic():
        if work.retire():
            export.mark_failed(BuildError(f"{what}: its worker stopped without a word {work.attempts} times."))
            logger.error("Export %s: %s in %d starts", export.public_id, what, work.attempts)


def _send_again(export: ExportRequest, lane: Lane) -> None:
    with transaction.atomic():
        if export.mark_sent_again():
            dispatch.enqueue(dispatch.TAKE_TURN, export.pk, lane=lane)
            logger.warning("Export %s: sent to lane %s again", export.public_id, lane)
