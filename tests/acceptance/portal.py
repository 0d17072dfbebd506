"""A portal as an operator starts it: migrated database, web server, workers; each a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.processes import Process, family, kib

ROOT = Path(__file__).parents[2]
READY_SECONDS, STOP_SECONDS = 60, 10
MAX_BODY_BYTES = 24 * 1024 * 1024
"""A little more than 50,000 complete records weigh, so that a test can send too much."""


class Portal:
    """One running portal with a data directory of its own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._environment = {**os.environ, **self._settings(), **environment}
        self._web: list[subprocess.Popen] = []
        self._workers: list[subprocess.Popen] = []

    def start(self) -> None:
        """Return when the portal answers and its workers do."""
        self.manage("migrate", "--verbosity", "0")
        self._web.append(self._run("web", *self._web_command(), pass_fds=[self._socket.fileno()]))
        self.start_workers()
        self._wait_until_healthy()

    def start_workers(self) -> None:
        """Start the workers, as one more host would."""
        name = f"workers-{len(self._workers) + 1}"
        self._workers.append(self._run(name, sys.executable, "manage.py", "workers", "--grace", "5"))

    def messengers(self) -> list[Process]:
        """Return the processes that tell notices, one a host."""
        members = (member for process in self._workers for member in family(process.pid))
        return [member for member in members if member.name == "messenger"]

    def manage(self, *command: str) -> str:
        """Run a management command as the operator would; return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT, env=self._environment, check=True, timeout=READY_SECONDS, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return done.stdout

    def stop(self) -> None:
        """End every process, by force where asking does not help."""
        processes = [*self._web, *self._workers]
        self.resume_workers()
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(deadline - time.monotonic(), 0.1))
        self._signal(processes, signal.SIGKILL)
        for process in processes:
            process.wait()
        self._socket.close()

    def pause_workers(self) -> None:
        """Let exports pile up."""
        self._signal_workers(signal.SIGSTOP)

    def resume_workers(self) -> None:
        """Let the workers carry on."""
        self._signal_workers(signal.SIGCONT)

    def web_peak_mb(self) -> int:
        """Return how many MB the greediest process of the web server held at most."""
        return self._peak_mb(self._web)

    def workers_peak_mb(self) -> int:
        """Return how many MB the greediest of the workers' processes that there are now held at most."""
        return self._peak_mb(self._workers)

    def log(self) -> str:
        """Return what all processes have written."""
        return "\n".join(file.read_text(errors="replace") for file in sorted(self.folder.glob("*.log")))

    def _peak_mb(self, started: list[subprocess.Popen]) -> int:
        members = (member for process in started for member in family(process.pid))
        return max(kib("VmHWM", member.pid) for member in members) // 1024

    def _settings(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "ybbexport.settings",
            "DATA_DIR": str(self.folder / "data"),
            "DATABASE_URL": f"sqlite:///{self.folder / 'db.sqlite3'}",
            "SOURCE_DATABASE_URL": f"sqlite:///{self.folder / 'data' / 'source.sqlite3'}",
            "REDIS_URL": "",
            "PUBLIC_URL": self.url,
            "API_TRUSTED_NETWORKS": "127.0.0.0/8",
            "MAX_BODY_BYTES": str(MAX_BODY_BYTES),
        }

    def _web_command(self) -> list[str]:
        listen = f"fd://{self._socket.fileno()}"
        server = [sys.executable, "-m", "gunicorn", "ybbexport.wsgi", "--bind", listen, "--timeout", "300"]
        return [*server, "--worker-class", "gthread", "--workers", "2", "--threads", "8"]

    def _run(self, name: str, *command: str, pass_fds: list[int] | None = None, **environment: str) -> subprocess.Popen:
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                command, cwd=ROOT, env={**self._environment, **environment}, stdout=log, stderr=log,
                pass_fds=pass_fds or [], start_new_session=True,
            )  # fmt: skip

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while self._web[0].poll() is None and time.monotonic() < deadline:
            try:
                with urlopen(f"{self.url}/health", timeout=5) as answer:
                    if json.load(answer)["workers"]:
                        return
            except (URLError, OSError):
                pass
            time.sleep(0.05)
        raise RuntimeError(f"The portal did not start:\n{self.log()}")

    def _signal_workers(self, number: signal.Signals) -> None:
        """Signal the supervisor and its lanes, each of which is a session of its own."""
        for process in self._workers:
            for member in family(process.pid):
                member.kill(number)

    def _signal(self, processes: list[subprocess.Popen], number: signal.Signals) -> None:
        for process in processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
