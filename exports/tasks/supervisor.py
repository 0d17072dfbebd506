"""Keep one cluster a lane, the janitor and the messenger running: start, watch, start again, stop in good order.

The supervisor imports everything once and forks: its children share those pages. It never runs a Polars query (the
threads of Polars do not survive a fork, and a child would wait for them for ever) and never talks to the database
(the janitor does).
"""

import gc
import importlib
import logging
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType

from django.db import Error, connections

from exports.conf import conf
from exports.models.health import queue_health
from exports.types import Lane

from . import cluster, janitor, messenger
from .processes import HANDLED, Child

logger = logging.getLogger(__name__)

NEEDED = ("polars", "openpyxl", "exports.tasks.run", "django.db.models.sql.compiler")
"""What the children import sooner or later; imported before the fork, they share it."""
HAND_BACK = 3.0
"""Seconds in which a worker gives back what it has to leave; a slice of rows takes far less."""
JANITOR_LIMIT = 120.0
"""Seconds without a word after which the janitor is started anew."""


class Supervisor:
    """The parent of all processes that work on exports on this host."""

    def __init__(self, lanes: Sequence[Lane], grace: float) -> None:
        self.lanes = lanes
        self.grace = grace
        self.clusters = {lane: Child(f"lane {lane}", partial(cluster.serve, lane)) for lane in lanes}
        self.janitor = Child("janitor", self._be_janitor)
        self.messenger = Child("messenger", messenger.run)
        self.children = (*self.clusters.values(), self.janitor, self.messenger)
        self.stop_requests = 0
        self.heard = 0.0
        self.ear: int | None = None
        self.voice: int | None = None

    def run(self) -> None:
        """Run until SIGTERM or SIGINT; a second one ends what is still at work."""
        warm_up()
        with self._signals() as wake:
            try:
                while not self.stop_requests:
                    self._start_what_is_due()
                    self._wait(wake, 1.0)
                    self._listen()
                    self._bury()
                self._stop(wake)
            finally:
                for child in self.children:
                    child.kill()

    def _start_what_is_due(self) -> None:
        for child in self.children:
            if child.process is None and time.monotonic() >= child.start_at:
                if child is self.janitor:
                    self._new_pipe()
                child.start()
        if self.voice is not None:
            os.close(self.voice)
            self.voice = None

    def _bury(self) -> None:
        """Note which children have ended."""
        for child in self.children:
            if child.process is not None and not child.alive:
                logger.error("%s ended with exit code %s; starting it again", child.name, child.note_death())

    # The janitor speaks through a pipe.

    def _new_pipe(self) -> None:
        if self.ear is not None:
            os.close(self.ear)
        self.ear, self.voice = os.pipe()
        os.set_blocking(self.ear, False)
        self.heard = time.monotonic()

    def _be_janitor(self) -> None:
        assert self.voice is not None  # noqa: S101 - made before the fork
        janitor.run(self.lanes, self.voice)

    def _listen(self) -> None:
        """Do what the janitor says; start it anew when it says nothing."""
        for lane in self._words():
            self.heard = time.monotonic()
            if lane != janitor.ALIVE:
                self._end_dead(self.clusters[Lane(lane)])
        if time.monotonic() - self.heard > JANITOR_LIMIT:
            logger.error("The janitor is silent; starting it anew")
            self.janitor.kill()
            self.heard = time.monotonic()

    def _end_dead(self, lane: Child) -> None:
        """End a cluster that does not answer, but not one that has only just begun to: it inherited the question."""
        if lane.alive and lane.age > conf.canary_limit_seconds:
            logger.critical("%s answers no more; starting it anew", lane.name)
            lane.kill()

    def _words(self) -> list[str]:
        try:
            return os.read(self.ear, 65536).decode().splitlines() if self.ear is not None else []
        except BlockingIOError:
            return []

    # Signals arrive as bytes on a socket, so that waiting for them and for the janitor is one thing.

    @contextmanager
    def _signals(self) -> Iterator[socket.socket]:
        wake, fed = socket.socketpair()
        for end in (wake, fed):
            end.setblocking(False)
        signal.set_wakeup_fd(fed.fileno(), warn_on_full_buffer=False)
        before = {number: signal.signal(number, self._on_signal) for number in HANDLED}
        try:
            yield wake
        finally:
            signal.set_wakeup_fd(-1)
            for number, handler in before.items():
                signal.signal(number, handler)
            wake.close()
            fed.close()

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self.stop_requests += 1

    def _wait(self, wake: socket.socket, seconds: float) -> None:
        ears = [wake.fileno(), *([self.ear] if self.ear is not None else [])]
        ready, _, _ = select.select(ears, [], [], seconds)
        if wake.fileno() in ready:
            wake.recv(4096)

    def _stop(self, wake: socket.socket) -> None:
        """Let tasks end for as long as ``grace`` and nobody's second signal allow; then have them handed back."""
        logger.info("Stopping; running tasks have %.0f s", self.grace)
        self.janitor.kill()
        # What it was telling is told again.
        self.messenger.kill()
        for lane in self.clusters.values():
            lane.terminate()
        deadline = time.monotonic() + self.grace
        self._wait_for_clusters(wake, lambda: self.stop_requests > 1 or time.monotonic() > deadline)
        if not self._any_alive():
            return
        logger.warning("Handing back what is still at work")
        for lane in self.clusters.values():
            lane.interrupt()
        deadline = time.monotonic() + HAND_BACK
        self._wait_for_clusters(wake, lambda: time.monotonic() > deadline)

    def _wait_for_clusters(self, wake: socket.socket, enough: Callable[[], bool]) -> None:
        while self._any_alive() and not enough():
            self._wait(wake, 0.2)

    def _any_alive(self) -> bool:
        return any(lane.alive for lane in self.clusters.values())


def warm_up() -> None:
    """Import what every child needs, once."""
    for name in NEEDED:
        importlib.import_module(name)
    # What the ORM prepares for its first queries is worth 3 MB a child.
    with suppress(Error):
        queue_health()
    connections.close_all()
    gc.collect()
    # The collector leaves frozen objects alone, so that the pages they are on stay shared.
    gc.freeze()
