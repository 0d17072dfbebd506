"""R6: paused past its lease, then resumed, as a virtual machine is that was moved."""

import signal
from contextlib import ExitStack

from django.db import connection

from exports.models import ExportFile, ExportRequest
from tests.faults.apps import SLOW
from tests.faults.cluster import Workers
from tests.processes import Process, wait_for

from .base import Round

PATIENCE = 10.0
"""Seconds; several leases, and several times what a transaction may be idle."""


class Zombie(Round):
    """Two hosts share the work; a process of the one, or its whole lane, stands still for longer than a lease."""

    name = "zombie"
    title = "`SIGSTOP` of a worker, or a host's whole lane, past its lease, then `SIGCONT`"
    # Whoever stands still must not be killed for it: it is to come back.
    environment = {"FAULTS_ATTEMPTS": "9", "FAULTS_CANARY_LIMIT": "3600", "FAULTS_LEASE": "1"}

    def harm(self) -> None:
        other = Workers(self.workers.environment, self.workers.log)
        self.stack.callback(other.destroy)
        self.workers.start(*self.lanes)
        other.start(*self.lanes)
        for _ in range(4):
            self.submit(self.dice.choice((1_200, 5_200)), SLOW)
        wait_for(ExportRequest.objects.attended().exists)
        self.pause(0.0, 0.6)
        with ExitStack() as paused:
            for process in self.victims():
                self.hurt(f"stop {process.name} {process.pid}")
                process.kill(signal.SIGSTOP)
                paused.callback(process.kill, signal.SIGCONT)
            self.wait_for_successor()
            self.pause(0.0, 0.5)

    def victims(self) -> list[Process]:
        sentinel = self.workers.sentinel(self.lanes[0])
        assert sentinel
        return sentinel.family() if self.dice.random() < 0.3 else [self.dice.choice(sentinel.children()[:2])]

    def wait_for_successor(self) -> None:
        """Wait until somebody else does the work, or nobody can."""
        try:
            wait_for(lambda: self.is_taken_over() or not self.under_way(), PATIENCE, "somebody else")
        except AssertionError:
            # A file has one lock for all, and nobody who takes it from a holder that stands still.
            if connection.vendor != "sqlite":
                raise

    def is_taken_over(self) -> bool:
        return ExportFile.objects.filter(attempts__gt=1).exists()
