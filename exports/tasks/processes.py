"""Processes that the supervisor forks: each in a session of its own, none outliving its parent."""

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

from django.db import connections

FORK = multiprocessing.get_context("fork")
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
"""Linux, ``prctl(2)``: the signal a process gets when its parent dies; what ``ps -o comm`` and ``top`` call it."""
HANDLED = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)
"""Signals that mean something to the supervisor, and to a child only what it makes of them itself."""
STEADY = 10.0
"""Seconds after which a process that ended is started anew at once."""
LONGEST_PAUSE = 15.0
"""Seconds between two starts of a process that keeps ending."""


class Child:
    """One process of the supervisor's, started again when it ends."""

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        self.name = name
        self.work = work
        self.process: multiprocessing.process.BaseProcess | None = None
        self.started = 0.0
        self.start_at = 0.0
        self.short_lives = 0

    def start(self) -> None:
        """Fork it. A signal that arrives meanwhile is dealt with by the one it was meant for."""
        connections.close_all()
        self.started = time.monotonic()
        signal.pthread_sigmask(signal.SIG_BLOCK, HANDLED)
        try:
            self.process = FORK.Process(target=_begin, args=(self.name, self.work, os.getpid()))
            self.process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDLED)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.is_alive()

    @property
    def age(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self.started

    @property
    def pause(self) -> float:
        """Seconds from its end to its next start: the more short lives in a row, the more."""
        return min(2.0 ** (self.short_lives - 2), LONGEST_PAUSE) if self.short_lives else 0.0

    def note_death(self) -> int | None:
        """Sweep up after a process that ended, plan its next start and return its exit code."""
        if self.process is None:
            return None
        exit_code = self.process.exitcode
        self.kill()
        self.process = None
        self.short_lives = self.short_lives + 1 if self.age < STEADY else 0
        self.start_at = time.monotonic() + self.pause
        return exit_code

    def terminate(self) -> None:
        """Ask the process itself, and none of its own children, to end."""
        if self.alive and self.process and self.process.pid:
            os.kill(self.process.pid, signal.SIGTERM)

    def interrupt(self) -> None:
        """Ask the process and all it started to end now."""
        if self.alive and self.process and self.process.pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End the process with all it started, at once."""
        if self.process and self.process.pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            # One that has only just been forked leads no group yet.
            self.process.kill()
            self.process.join()


def _begin(name: str, work: Callable[[], None], parent: int) -> None:
    signal.set_wakeup_fd(-1)
    for number in HANDLED:
        signal.signal(number, signal.SIG_DFL)
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode())
    die_with(parent)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDLED)
    work()


def die_with(parent: int) -> None:
    """See to it that this process is killed when its parent dies; elsewhere than on Linux it is not."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def adopt(on_sigterm: Callable[[int, FrameType | None], None]) -> None:
    """Make every process that this one and its descendants fork from now on die with its parent.

    SIGTERM means ``on_sigterm`` to them, whatever handler their parent has.
    """
    parents: list[int] = []

    def begin() -> None:
        signal.signal(signal.SIGTERM, on_sigterm)
        die_with(parents[-1])

    os.register_at_fork(before=lambda: parents.append(os.getpid()), after_in_parent=parents.clear, after_in_child=begin)
