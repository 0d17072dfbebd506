"""What runs: read from /proc, so that tests see what an operator sees."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")


def wait_for(condition: Callable[[], Found], seconds: float = 20.0, what: str = "") -> Found:
    """Return what the condition returns as soon as that is true; fail when it never is."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain for {what or condition}")
        time.sleep(0.05)
    return found


@dataclass(frozen=True, order=True)
class Process:
    """One process, as it was when it was looked at."""

    started: int
    pid: int
    parent: int
    name: str
    state: str = field(compare=False)

    @property
    def alive(self) -> bool:
        now = read(self.pid)
        return now is not None and now.started == self.started and now.state != "Z"

    def kill(self, number: int = signal.SIGKILL) -> None:
        if self.alive:
            os.kill(self.pid, number)

    def children(self) -> list["Process"]:
        """The children, oldest first."""
        return sorted(process for process in running() if process.parent == self.pid)

    def family(self) -> list["Process"]:
        """The process and all its descendants."""
        return [self, *(member for child in self.children() for member in child.family())]


def read(pid: int) -> Process | None:
    """Return a process; see proc(5)."""
    try:
        head, _, tail = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = tail.split()
    name = head.partition("(")[2]
    return Process(started=int(fields[19]), pid=pid, parent=int(fields[1]), state=fields[0], name=name)


def kib(name: str, pid: int | str = "self") -> int:
    """Return a size of a process, such as its VmRSS, or VmHWM, the most that ever was; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)


def running() -> list[Process]:
    """Return every process that is not a zombie."""
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [process for pid in pids if (process := read(pid)) and process.state != "Z"]


def family(pid: int) -> list[Process]:
    """Return a process and all its descendants; nothing where it has ended."""
    found = read(pid)
    return found.family() if found else []
