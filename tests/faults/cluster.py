"""``manage.py workers`` as a subprocess: the real supervisor with real clusters, in its own process group."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.processes import Process, read, wait_for

ROOT = Path(__file__).parents[2]


class Workers:
    """The workers of one test; what is left of them at the end is killed."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self.environment = {**os.environ, **environment}
        self.log = log
        self.popen: subprocess.Popen[bytes] | None = None
        self.seen: set[Process] = set()

    def start(self, *lanes: str, grace: float = 10.0, **environment: str) -> "Workers":
        """Start them and wait until every lane is complete."""
        self.launch(*lanes, grace=grace, **environment)
        self.wait_until_complete(*lanes)
        return self

    def wait_until_complete(self, *lanes: str) -> None:
        for lane in lanes:
            wait_for(lambda lane=lane: len(self.members(lane)) >= 3, what=f"lane {lane}")

    def launch(self, *lanes: str, grace: float = 10.0, **environment: str) -> None:
        """Start them, in the place of those that were killed."""
        if self.popen:
            self.popen.wait()
        command = [sys.executable, "-W", "ignore", "manage.py", "workers", "--skip-checks", "--grace", str(grace)]
        if lanes:
            command += ["--lanes", ",".join(lanes)]
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**self.environment, **environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def supervisor(self) -> Process:
        assert self.popen
        process = read(self.popen.pid)
        assert process, self.log.read_text()
        return process

    def family(self) -> list[Process]:
        """All processes there are now."""
        family = self.supervisor.family() if self.popen and self.popen.poll() is None else []
        self.seen.update(family)
        return family

    def sentinel(self, lane: str) -> Process | None:
        return next((child for child in self.supervisor.children() if child.name == f"lane {lane}"), None)

    def members(self, lane: str) -> list[Process]:
        """A fresh lane's workers, then its monitor and its pusher."""
        sentinel = self.sentinel(lane)
        return sentinel.children() if sentinel else []

    def signal_group(self, number: int) -> None:
        assert self.popen
        os.killpg(self.popen.pid, number)

    def wait_until_gone(self, seconds: float = 10.0) -> int:
        """Return the supervisor's exit code once nothing it started is alive."""
        assert self.popen
        code = self.popen.wait(seconds)
        wait_for(lambda: not any(process.alive for process in self.seen), seconds, "the last process to end")
        return code

    def destroy(self) -> None:
        self.family()
        if self.popen and self.popen.poll() is None:
            self.popen.kill()
            self.popen.wait()
        for process in self.seen:
            process.kill(signal.SIGKILL)
