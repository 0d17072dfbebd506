"""The web server, as the Procfile starts it, and people who call it."""

import http.client
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from tests.processes import Process, family, wait_for

from .cluster import ROOT
from .installation import Installation
from .ledger import Asked, Ledger, body
from .servers import free_port

PATIENCE = 60.0
"""Seconds that a caller waits for an answer."""
OK, LATER = (200, 202), (503, 507)


class Web:
    """gunicorn with the product's own configuration."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.port = free_port()
        self.more = {"PORT": str(self.port), "WEB_CONCURRENCY": "2"}
        self.popen: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = ["gunicorn", "--config", "deploy/gunicorn.conf.py", "ybbexport.wsgi"]
        with (self.installation.directory / "web.log").open("ab") as log:
            self.popen = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", *command],
                cwd=ROOT,
                env={**os.environ, **self.installation.environment, **self.more},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for(self.answers, what="the web server")

    def answers(self) -> bool:
        answer = self.get("/health")
        return answer is not None and answer.status == 200

    def workers(self) -> list[Process]:
        return family(self.popen.pid)[1:] if self.popen else []

    def kill(self) -> None:
        """Kill all of it at once, as systemd does when the main process was killed."""
        if self.popen:
            os.killpg(self.popen.pid, signal.SIGKILL)
            self.popen.wait()
            self.popen = None

    def get(self, path: str, key: str = "") -> "Answer | None":
        return self.call("GET", path, None, {"X-API-Key": key} if key else {})

    def call(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> "Answer | None":
        """Return the answer, or None where there was none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.headers), answer.read())
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()


@dataclass(frozen=True)
class Answer:
    """What came back, whole."""

    status: int
    headers: dict[str, str]
    body: bytes


class Callers:
    """People who post one export after the other until they are told to stop."""

    def __init__(self, web: Web, key: str, ledger: Ledger, dice: Random, how: str = "", people: int = 3) -> None:
        self.web, self.key, self.ledger, self.how = web, key, ledger, how
        self.enough = threading.Event()
        self.answered = threading.Semaphore(0)
        self.refused = 0
        seeds = [dice.random() for _ in range(people)]
        self.threads = [threading.Thread(target=self._call_until_enough, args=(Random(seed),)) for seed in seeds]

    def __enter__(self) -> "Callers":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.enough.set()
        for thread in self.threads:
            thread.join()

    def wait_for_accepted(self, count: int, seconds: float = 30.0) -> None:
        """Return once so many more were accepted."""
        for _ in range(count):
            if not self.answered.acquire(timeout=seconds):
                raise AssertionError("nothing was accepted any more")

    def _call_until_enough(self, dice: Random) -> None:
        while not self.enough.is_set():
            asked = self.ledger.ask(dice.choice((300, 1_200, 1_200, 5_200)))
            answer = self.post(asked)
            if answer is None or answer.status not in OK:
                self.enough.wait(0.1)

    def post(self, asked: Asked) -> Answer | None:
        """Ask for one export and note what was answered."""
        headers = {"X-API-Key": self.key, "Content-Type": "application/json"}
        answer = self.web.call("POST", "/api/ybb/export/payments", body(asked, self.how), headers)
        if answer is None:
            return None
        if answer.status in OK:
            asked.accepted = True
            self.answered.release()
        elif answer.status in LATER and (answer.status == 507 or "Retry-After" in answer.headers):
            self.refused += 1
        else:
            self.ledger.wrong_answers.append(f"{asked.name}: {answer.status} {answer.body[:300]!r}")
        return answer
