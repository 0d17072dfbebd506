"""Does a lane work? A question goes through its queue, its worker and its monitor; the answer is a row.

A cluster whose statistics look healthy may be dead: a process that died while it held the queue's lock stops
everything behind it. Only a message that makes the whole way proves the way. Any finished task is an answer, since a
question may wait behind long work. A lane that leaves the question open while nobody in it holds a lease is dead.
"""

import logging
import socket
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import Error, close_old_connections

from exports import dispatch
from exports.conf import conf
from exports.models import ExportRequest, LaneHeartbeat
from exports.types import Lane

logger = logging.getLogger(__name__)

PING = "exports.tasks.canary.ping"
HOST = socket.gethostname()


def ask(lanes: Iterable[Lane]) -> None:
    """Send a question to each lane, unless one is on its way; a lost one is repeated with every third round."""
    patience = 3 * conf.canary_seconds
    waiting = LaneHeartbeat.objects.unanswered(HOST, 0).sent_within(patience).values_list("lane", flat=True)
    for lane in set(lanes) - {Lane(lane) for lane in waiting}:
        LaneHeartbeat.objects.ask(HOST, lane)
        try:
            dispatch.enqueue(PING, round(time.time() * 1000), lane=lane)
        except BaseException:
            # The queue cannot be reached: that is not the lane's fault.
            LaneHeartbeat.objects.forgive(HOST, lane)
            raise


def ping(sent_ms: int) -> None:
    """Do nothing: that it was done is the answer."""


def dead(lanes: Iterable[Lane]) -> set[Lane]:
    """Return the lanes that did not answer in time although nobody in them is at work, and drop their questions."""
    silent = {Lane(row.lane) for row in LaneHeartbeat.objects.unanswered(HOST, conf.canary_limit_seconds)}.intersection(
        lanes
    )
    busy = ExportRequest.objects.attended().filter(lane__in=silent).values_list("lane", flat=True)
    found = silent - {Lane(lane) for lane in busy}
    for lane in found:
        LaneHeartbeat.objects.forgive(HOST, lane)
    return found


class Witness:
    """Runs in a cluster's monitor after each acknowledged task, and notes that the lane is alive."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.noted = 0.0

    def __call__(self, *, task: dict[str, Any], **_: Any) -> None:
        """Note it: every answer to a question, other tasks once a second."""
        is_answer = task["func"] == PING
        if not is_answer and time.monotonic() - self.noted < 1:
            return
        self.noted = time.monotonic()
        sent_at = datetime.fromtimestamp(task["args"][0] / 1000, UTC) if is_answer else None
        try:
            close_old_connections()
            LaneHeartbeat.objects.answer(HOST, self.lane, sent_at)
        except Error as error:
            logger.warning("Lane %s: its sign of life could not be saved (%s)", self.lane, error)
