"""Millions of records that arrive in pieces need no more memory than a few, in the web server and in a worker."""

import io
import json
import os
import zipfile
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import polars as pl
import pytest

from tests.acceptance.portal import Portal
from tests.processes import wait_for

PIECE = 100_000
"""Records, 7 MB of NDJSON."""
SETTLED = 5
"""Pieces after which the web server has loaded and filled what it will need."""
MOST_MB, MAY_GROW = 600, 1.2
"""Threads take memory of their own when they first run; to keep what arrives would treble it."""
slow = pytest.mark.skipif("SLOW_TESTS" not in os.environ, reason="uploads five million records; set SLOW_TESTS=1")


@pytest.fixture
def portal(tmp_path):
    """A portal whose memory nobody else has used."""
    running = Portal(tmp_path)
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture
def uploader(portal):
    with closing(HTTPConnection(urlsplit(portal.url).netloc, timeout=120)) as connection:
        yield Uploader(connection)


class Uploader:
    """An application that keeps its connection, so that one process of the web server takes all pieces."""

    def __init__(self, connection):
        self.connection = connection

    def call(self, method, path, body=None, media_type="application/json"):
        raw = body if isinstance(body, bytes) else json.dumps(body or {})
        self.connection.request(method, f"/api/v1/{path}", raw, {"Content-Type": media_type})
        answer = self.connection.getresponse()
        content = answer.read()
        assert answer.status < 300, content
        return content

    def ask(self, *call):
        return json.loads(self.call(*call))


def piece(number):
    ids = pl.select(id=pl.int_range((number - 1) * PIECE, number * PIECE)).with_columns(status_id=pl.col("id") % 3)
    return ids.with_columns(subject=pl.format("Ticket {}", "id")).write_ndjson().encode()


@pytest.mark.parametrize("pieces", [8, pytest.param(50, marks=slow)])
def test_memory_stays_flat_however_many_records_arrive(portal, uploader, pieces):
    peaks = []
    upload = uploader.ask("POST", "datasets", {"resource": "tickets"})["dataset_id"]
    for number in range(1, pieces + 1):
        uploader.call("PUT", f"datasets/{upload}/pieces/{number}", piece(number), "application/x-ndjson")
        peaks.append(portal.web_peak_mb())
    assert uploader.ask("POST", f"datasets/{upload}/close", {"pieces": pieces})["records"] == pieces * PIECE
    assert peaks[-1] < peaks[SETTLED - 1] * MAY_GROW, peaks

    wish = {"dataset_id": upload, "format": "csv", "columns": ["id", "subject"], "async": True}
    export = uploader.ask("POST", "tickets/export", wish)["export_id"]
    assert peak_until_done(portal, uploader, export) < MOST_MB
    ids = ids_in(uploader.call("GET", f"exports/{export}/download"))
    assert ids.equals(pl.int_range(pieces * PIECE, eager=True))


def peak_until_done(portal, uploader, export):
    """Return how many MB a worker held at most; those that have ended by then were looked at before."""
    peaks = []

    def is_done():
        peaks.append(portal.workers_peak_mb())
        status = uploader.ask("GET", f"exports/{export}")["status"]
        assert status != "failed"
        return status == "completed"

    wait_for(is_done, seconds=240, what="the export")
    return max(peaks)


def ids_in(file):
    """Return the ids of a CSV file, or of all that a ZIP holds, in the order it holds them."""
    files = [file]
    if zipfile.is_zipfile(io.BytesIO(file)):
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            files = [archive.read(name) for name in archive.namelist() if name.endswith(".csv")]
    return pl.concat([pl.read_csv(each, columns=["id"])["id"] for each in files])
