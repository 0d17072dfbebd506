"""What leaves while it is made: whole and proven, or broken off so that whoever reads it can tell."""

import hashlib
import http.client
import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from exports import service
from exports.delivery import storage
from exports.models import ApiClient, ExportFile, ExportRequest
from exports.types import ExportSpec, Principal
from tests.processes import kib, wait_for

from .apps import SLOW
from .cluster import Workers
from .exports import ended
from .installation import Installation
from .steps import STAY, injected
from .web import Web

SLICES = {"FAULTS_SLICE_ROWS": "250"}
"""Small ones, so that a slow worker is asked to be slow often."""
ROWS = 12_000
BROKEN = (http.client.IncompleteRead, ConnectionError)


def people(count: int) -> list[dict[str, str]]:
    """Return records whose names no compression makes much smaller."""
    return [{"name": f"Name {hashlib.md5(b'%d' % number).hexdigest()}"} for number in range(count)]


class Reader:
    """Somebody with a key."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.client, self.key = ApiClient.objects.create_key(name="reader")

    def submit(self, rows: int = ROWS, how: str = "", format: str = "csv", **wish: Any) -> ExportRequest:
        options = {"large_dataset_options": {"strategy": "streaming", **wish}}
        return service.submit(
            ExportSpec(
                dialect="platform",
                resource="participants",
                template="summary",
                format=format,
                records=json.dumps(people(rows)).encode(),
                options=options,
                caller_user_id=f"{how}#streamed",
                principal=Principal(client=self.client),
            )
        )

    def stream(self, export: ExportRequest, method: str = "GET") -> AbstractContextManager[http.client.HTTPResponse]:
        return self.asking(method, f"/api/export/{export.public_id}/stream")

    @contextmanager
    def asking(self, method: str, path: str, body: bytes | None = None) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection("127.0.0.1", self.web.port, timeout=60)
        try:
            connection.request(method, path, body, {"X-API-Key": self.key, "Content-Type": "application/json"})
            yield connection.getresponse()
        finally:
            connection.close()


@pytest.fixture
def reader(installation: Installation, workers: Workers) -> Iterator[Reader]:
    web = Web(installation)
    web.more |= {"WEB_CONCURRENCY": "1"}
    web.start()
    try:
        yield Reader(web)
    finally:
        web.kill()
        print((installation.directory / "web.log").read_text()[-20_000:])


def state(export: ExportRequest) -> str:
    return ExportRequest.objects.values_list("state", flat=True).get(pk=export.pk)


def messages(export: ExportRequest, event: str) -> list[str]:
    return list(export.events.filter(event=event).values_list("message", flat=True))


def published(export: ExportRequest) -> bytes:
    """Return the finished file, the archive where there is one."""
    wait_for(lambda: ended(export), 40)
    assert state(export) == "completed"
    file = ExportFile.objects.filter(export=export).order_by("kind").first()
    content = storage.path(file.key).read_bytes()
    assert hashlib.sha256(content).hexdigest() == file.sha256
    return content


def signal_lane(workers: Workers, lane: str, number: int) -> None:
    for process in workers.members(lane):
        process.kill(number)


def one_more_byte(answer: http.client.HTTPResponse) -> bytes:
    assert answer.status == 200, answer.read()
    return answer.read(1)


FORMATS = [("csv", ".csv"), ("ndjson", ".ndjson"), ("json", ".json"), ("excel", ".xlsx"), ("pdf", ".pdf")]


@pytest.mark.parametrize(("format", "extension"), FORMATS)
def test_first_bytes_arrive_while_the_file_is_made(workers: Workers, reader: Reader, format, extension) -> None:
    workers.start("normal", "high", WORKERS_NORMAL="1", WORKERS_HIGH="1", **SLICES)
    export = reader.submit(how=SLOW, format=format, rows=9_000 if format == "pdf" else ROWS)
    with reader.stream(export) as answer:
        begun = one_more_byte(answer)
        signal_lane(workers, export.lane, signal.SIGSTOP)
        # Whatever has left by now, the end has not.
        assert (state(export), export.files.get().state) == ("processing", "pending")
        signal_lane(workers, export.lane, signal.SIGCONT)
        assert begun + answer.read() == published(export)
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert answer.headers["Content-Disposition"].endswith(f'{extension}"')
    assert (answer.headers["Content-Length"], answer.headers["Accept-Ranges"]) == (None, "none")
    assert (answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"]) == (
        "private, no-store",
        "nosniff",
    )
    assert answer.headers["X-Export-Id"] == str(export.public_id)
    assert (messages(export, "downloaded"), messages(export, "interrupted")) == ([export.file_name], [])
    wait_for(lambda: export.files.get().downloads == 1)


def test_call_that_waits_for_its_file_gets_it_as_it_is_made(workers: Workers, reader: Reader) -> None:
    workers.start("high", WORKERS_HIGH="1", FAULTS_ALWAYS=SLOW, **SLICES)
    body = json.dumps({"format": "csv", "template": "summary", "data": people(9_000)}).encode()
    with reader.asking("POST", "/api/v1/participants/export", body) as answer:
        begun = one_more_byte(answer)
        export = ExportRequest.objects.get(public_id=answer.headers["X-Export-Id"])
        assert (state(export), answer.headers["Transfer-Encoding"]) == ("processing", "chunked")
        assert begun + answer.read() == published(export)


@pytest.mark.parametrize("installation", ["on_sqlite", "on_postgresql"], indirect=True)
def test_killed_worker_breaks_the_stream_and_the_next_gets_it_whole(workers: Workers, reader: Reader) -> None:
    workers.start("normal", WORKERS_NORMAL="1", **SLICES)
    export = reader.submit(how=SLOW)
    with reader.stream(export) as answer:
        one_more_byte(answer)
        signal_lane(workers, "normal", signal.SIGKILL)
        with pytest.raises(BROKEN):
            answer.read()
    assert "Broken off after" in messages(export, "interrupted")[0]
    whole = published(export)
    with reader.stream(export) as answer:
        assert answer.read() == whole
    assert messages(export, "downloaded") == [export.file_name] * 2


def test_cancelled_export_breaks_its_stream(workers: Workers, reader: Reader) -> None:
    workers.start("normal", WORKERS_NORMAL="1", **SLICES)
    export = reader.submit(how=SLOW)
    with reader.stream(export) as answer:
        one_more_byte(answer)
        assert service.cancel(export, Principal())
        with pytest.raises(BROKEN):
            answer.read()
    assert messages(export, "interrupted")[0].endswith("The export is cancelled")
    with reader.stream(export) as answer:
        assert (answer.status, json.load(answer)["error_code"]) == (404, "EXPORT_NOT_FOUND")


@pytest.mark.parametrize(("wish", "step", "name"), [
    ({"strategy": "compressed"}, "part.verify", ".csv.gz"),
    ({"strategy": "multi_file", "chunk_size": 4_000}, "last.verify", "participants_complete_export.zip"),
])  # fmt: skip
def test_nothing_ends_well_before_it_is_proven(workers: Workers, reader: Reader, wish, step, name) -> None:
    workers.start("normal", WORKERS_NORMAL="2")
    export = reader.submit(how=f"{STAY}:{step}", **wish)
    with reader.stream(export) as answer:
        begun = one_more_byte(answer)
        assert answer.headers["Content-Disposition"].endswith(f'{name}"')
        # It is written to its end, but its worker stays there, and another will do it again.
        wait_for(lambda: injected(workers.log.parent))
        with pytest.raises(BROKEN) as broken:
            answer.read()
    whole = published(export)
    assert len(begun) + len(getattr(broken.value, "partial", b"")) < len(whole)
    with reader.stream(export) as answer:
        assert (answer.read(), answer.headers["Content-Length"]) == (whole, str(len(whole)))


def test_slow_caller_gets_all_of_it(workers: Workers, reader: Reader) -> None:
    workers.start("normal", WORKERS_NORMAL="1", **SLICES)
    export = reader.submit(how=SLOW, rows=49_000)
    with reader.stream(export) as answer:
        begun = one_more_byte(answer)
        whole = published(export)
        # It was renamed long ago.
        assert begun + answer.read() == whole


def test_caller_who_goes_away_is_let_go(workers: Workers, reader: Reader) -> None:
    workers.start("normal", WORKERS_NORMAL="1", **SLICES)
    export = reader.submit(how=SLOW)
    with reader.stream(export) as answer:
        one_more_byte(answer)
    wait_for(lambda: messages(export, "interrupted"))
    assert messages(export, "interrupted")[0].endswith("The caller went away")
    assert published(export)
    assert not open_files(reader.web)


def open_files(web: Web) -> list[str]:
    """Return what the web server has open of the storage."""
    links = [link for process in web.workers() for link in Path(f"/proc/{process.pid}/fd").iterdir()]
    targets = [str(link.readlink()) for link in links if link.is_symlink()]
    return [target for target in targets if "/files/" in target]


def test_silent_worker_holds_nobody_for_ever(workers: Workers, reader: Reader) -> None:
    workers.start("normal", WORKERS_NORMAL="1", FAULTS_SWEEP="3600", **SLICES)
    export = reader.submit(how=SLOW)
    with reader.stream(export) as answer:
        one_more_byte(answer)
        signal_lane(workers, "normal", signal.SIGSTOP)
        with pytest.raises(BROKEN):
            answer.read()
    assert state(export) == "processing"
    signal_lane(workers, "normal", signal.SIGCONT)


def test_nothing_leaves_before_there_is_something(reader: Reader) -> None:
    reader.web.kill()
    reader.web.more |= {"FAULTS_STREAM_WAIT": "0.2"}
    reader.web.start()
    export = reader.submit()
    for method in ("GET", "HEAD"):
        with reader.stream(export, method) as answer:
            assert (answer.status, answer.headers["Location"]) == (202, f"/api/export/{export.public_id}/status")
            assert int(answer.headers["Retry-After"]) >= 1
            body = answer.read()
    assert body == b""
    assert (messages(export, "downloaded"), messages(export, "denied")) == ([], [])


def test_caller_who_could_not_tell_a_break_waits_for_the_file(workers: Workers, reader: Reader) -> None:
    """In HTTP/1.0 a body of unknown length ends where the connection does, whatever ended it."""
    workers.start("normal", WORKERS_NORMAL="1", **SLICES)
    export = reader.submit(how=SLOW)
    head = f"GET /api/export/{export.public_id}/stream HTTP/1.0\r\nX-API-Key: {reader.key}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", reader.web.port), timeout=60) as connection:
        connection.sendall(head.encode())
        said = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    headers, _, body = said.partition(b"\r\n\r\n")
    assert body == published(export)
    assert f"Content-Length: {len(body)}".encode() in headers


@pytest.mark.parametrize("rows", [200_000, pytest.param(1_000_000, marks=pytest.mark.skipif(
    "SLOW_TESTS" not in os.environ, reason="streams a million rows; set SLOW_TESTS=1"))])  # fmt: skip
@pytest.mark.parametrize("format", ["csv", "excel"])
def test_web_server_takes_no_memory_for_a_large_stream(workers: Workers, reader: Reader, format, rows) -> None:
    workers.start("low", WORKERS_LOW="1")
    small = reader.submit(rows=60_000, format=format)
    with reader.stream(small) as answer:
        answer.read()
    before = max(kib("VmHWM", process.pid) for process in reader.web.workers())
    export = reader.submit(rows=rows, format=format)
    digest = hashlib.sha256()
    with reader.stream(export) as answer:
        while block := answer.read(1 << 16):
            digest.update(block)
    wait_for(lambda: ended(export), 40)
    assert digest.hexdigest() == export.files.get().sha256
    grown = max(kib("VmHWM", process.pid) for process in reader.web.workers()) - before
    print(f"{rows:,} rows of {format}, {export.files.get().size:,} bytes: grown by {grown} KiB")
    assert grown < 8 * 1024
