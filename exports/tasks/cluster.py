"""One lane's django-q2 cluster, made to end where it would live on uselessly."""

import logging
import os
import signal
import time
import uuid
from types import FrameType
from typing import Any

from django.conf import settings
from django_q import cluster
from django_q.conf import Conf
from django_q.signals import post_execute

from exports.exceptions import Stopped
from exports.types import Lane

from .canary import Witness
from .processes import adopt

logger = logging.getLogger(__name__)

OPTIONS = ("workers", "queue_limit", "timeout", "retry", "poll", "bulk", "recycle", "max_rss")
"""What lanes may have of their own."""


def serve(lane: Lane) -> None:
    """Be a lane's cluster until SIGTERM, or until it has to be started anew.

    django-q2's ``Cluster`` would add a process that only passes SIGTERM on, and hangs when its children got it too.
    """
    adopt(on_sigterm=_hand_back)
    select(lane)
    post_execute.connect(Witness(lane), weak=False)
    CarefulSentinel(Flag(), Flag(), uuid.uuid4())


def _hand_back(_: int, __: FrameType | None) -> None:
    """End a process of the cluster in good order: what a worker is at goes back to the queue."""
    raise Stopped


def select(lane: Lane) -> None:
    """Make this process a lane's, as ``Q_CLUSTER_NAME`` in the environment does for one that only starts."""
    chosen = {**settings.Q_CLUSTER, **settings.Q_CLUSTER["ALT_CLUSTERS"].get(lane, {})}
    for name in OPTIONS:
        setattr(Conf, name.upper(), chosen[name])
    Conf.CLUSTER_NAME = lane.value
    # The janitor looks after everything that is due; four schedulers would cost 50 MB.
    Conf.SCHEDULER = False


class Flag:
    """An event for one process and its signal handler; django-q2's own hangs when a process died waiting for it."""

    def __init__(self) -> None:
        self.raised = False

    def set(self) -> None:
        """Raise it."""
        self.raised = True

    def is_set(self) -> bool:
        """Whether it was raised."""
        return self.raised

    def wait(self, seconds: float) -> bool:
        """Sleep, and tell whether it was raised meanwhile."""
        time.sleep(seconds)
        return self.raised


class CarefulSentinel(cluster.Sentinel):  # type: ignore[misc] # django-q2 has no types
    """Guards a cluster, and gives it up when a process died that may have held one of its locks.

    django-q2 starts such a process anew, but the queues' locks are gone for good: the lane is dead and its statistics
    healthy. The supervisor starts a whole new cluster at once.
    """

    def guard(self) -> None:
        """Watch over the processes until SIGTERM; then let running tasks end."""
        signal.signal(signal.SIGTERM, self._on_sigterm)
        super().guard()

    def reincarnate(self, process: Any) -> None:
        """Replace a process that ended, if the queues are sound; end the cluster if not."""
        if self._may_have_held_a_lock(process):
            logger.critical("A process of the lane was killed by signal %d; starting it anew", -process.exitcode)
            for other in (*self.pool, self.monitor, self.pusher):
                other.kill()
            os._exit(1)
        super().reincarnate(process)

    def _may_have_held_a_lock(self, process: Any) -> bool:
        killed = process.exitcode is not None and process.exitcode < 0
        # A worker's timer is above zero while it works on a task; then it holds no lock of the queues.
        at_work = process in self.pool and process.timer.value > 0
        return killed and not at_work

    def _on_sigterm(self, _: int, __: FrameType | None) -> None:
        self.stop_event.set()
