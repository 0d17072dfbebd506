"""The portal as ``bin/run`` starts it, for runs over HTTP: gunicorn, workers, a database and a folder of its own."""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from .inputs import RESOURCE, TEMPLATE, Inputs
from .measure import ROOT, Run

_READY_SECONDS, _STOP_SECONDS = 120, 40
_ANSWERS = 21
_WARM_UP = (3, 3, 6_000, 6_000)
"""Records of exports before the first that is measured, so that web and workers have loaded what they need."""


class Portal:
    """A running portal that trusts this machine."""

    def __init__(self, url: str) -> None:
        self.address = urlsplit(url).netloc

    def export(self, body: bytes) -> tuple[float, bytes]:
        """Post records and fetch the file; return the seconds to its last byte, and the file."""
        started = time.perf_counter()
        answer = json.loads(self._call("POST", f"/api/ybb/export/{RESOURCE}", body))
        while answer["status"] == "processing":
            time.sleep(0.1)
            answer = json.loads(self._call("GET", answer["data"]["status_url"]))
        data = answer["data"]
        file = self._call("GET", data.get("archive", data)["download_url"])
        return time.perf_counter() - started, file

    def answer(self, body: bytes) -> float:
        """Post records; return the seconds to the answer that says the file is ready."""
        started = time.perf_counter()
        self._call("POST", f"/api/ybb/export/{RESOURCE}", body)
        return time.perf_counter() - started

    def health(self) -> str:
        """Return how the portal says it is."""
        return str(json.loads(self._call("GET", "/health"))["status"])

    def _call(self, method: str, path: str, body: bytes | None = None) -> bytes:
        connection = http.client.HTTPConnection(self.address, timeout=300)
        connection.request(method, path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        content = response.read()
        if response.status >= 400:
            raise RuntimeError(f"{method} {path} was answered with {response.status}: {content[:500]!r}")
        return content


class Posts:
    """Runs over HTTP; the portal starts with the first one and ends with ``stack``."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._stack, self._folder = stack, folder

    @cached_property
    def _portal(self) -> Portal:
        # On a disk, wherever the inputs are: what the portal accepts must be durable.
        data = self._stack.enter_context(tempfile.TemporaryDirectory())
        return self._stack.enter_context(running(self._folder, Path(data)))

    def for_zip(self, inputs: Inputs, output: Path) -> Run:
        """Time a POST of all records until the archive is in hand."""
        seconds, file = self._portal.export(_body(inputs))
        output.write_bytes(file)
        return Run(seconds=seconds, size=len(file))

    def for_answer(self, inputs: Inputs, _: Path) -> Run:
        """Time POSTs until their answers; one run is the median of many, for a single one is over in no time."""
        body = _body(inputs)
        return Run(seconds=median(self._portal.answer(body) for _ in range(_ANSWERS)))


@contextmanager
def running(folder: Path, data: Path) -> Iterator[Portal]:
    """Start a portal that keeps its data in one folder and is sent the inputs of another; end all of it afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    own = {
        "DATA_DIR": str(data),
        "PORT": str(port),
        "PUBLIC_URL": url,
        "API_TRUSTED_NETWORKS": "127.0.0.0/8",
    }
    environment = {**os.environ, **own, "DEBUG": "off", "LOG_LEVEL": "WARNING"}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
    commands = (
        ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "ybbexport.wsgi"],
        ["manage.py", "workers"],
    )
    processes = [
        subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        for command in commands
    ]
    try:
        portal = Portal(url)
        _wait_until_ready(portal)
        for count in _WARM_UP:
            portal.export(_body(Inputs(folder, count)))
        yield portal
    finally:
        _stop(processes)


def _body(inputs: Inputs) -> bytes:
    return b'{"template":"%b","format":"excel","data":%b}' % (TEMPLATE.encode(), inputs.json.read_bytes())


def _wait_until_ready(portal: Portal) -> None:
    """Return when every lane of workers has shown a sign of life."""
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError, RuntimeError):
            if portal.health() == "healthy":
                return
        time.sleep(0.2)
    raise TimeoutError("The portal did not become healthy.")


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)
        process.kill()
