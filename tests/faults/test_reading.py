"""Records that a worker reads from the source database: read once, whatever happens to the worker."""

import csv
import io
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from exports import service
from exports.delivery import storage
from exports.management.commands._demo_source import fill
from exports.models import ExportLog, ExportRequest
from exports.types import ExportSpec, Principal
from tests.processes import wait_for
from tests.sources.conftest import opened_source

from .checker import leftovers
from .cluster import Workers
from .exports import ended
from .installation import Installation
from .steps import DIE, ERROR, READ_STEPS, STAY, injected

PARTICIPANTS = 2_500
WISH = {"strategy": "multi_file", "chunk_size": 1_000}


@pytest.fixture
def keys(installation: Installation, workers: Workers) -> Iterator[list[int]]:
    """Fill the source database of the installation; return the keys of what may be exported."""
    path = installation.directory / "source.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        fill(connection, "sqlite", PARTICIPANTS)
        found = connection.execute("SELECT id FROM participants WHERE is_deleted = 0 ORDER BY id").fetchall()
    with opened_source({"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}):
        yield [key for (key,) in found]


def submit(misbehaviour: str = "") -> ExportRequest:
    return service.submit(
        ExportSpec(
            dialect="platform",
            resource="participants",
            template="custom",
            columns=("id", "full_name"),
            format="csv",
            options={"large_dataset_options": WISH},
            caller_user_id=f"{misbehaviour}#pulled",
            principal=Principal(),
        )
    )


def assert_read_and_published_once(export: ExportRequest, keys: list[int]) -> None:
    export.refresh_from_db()
    wait_for(lambda: not any(leftovers(export)), what="the last worker to clear up")
    assert (export.state, export.record_count, export.parts_done) == ("completed", len(keys), 3)
    found: list[int] = []
    for part in export.files.parts().ready():
        rows = csv.reader(io.StringIO(storage.path(part.key).read_text(encoding="utf-8-sig")))
        found += [int(row[0]) for row in rows if row[0] != "ID"]
    assert found == keys
    read = export.events.filter(event=ExportLog.Event.PROGRESS, message__endswith="records were read")
    assert read.count() == 1


@pytest.mark.parametrize("installation", ["on_sqlite", "on_postgresql", "on_redis"], indirect=True)
def test_killed_reader_is_replaced(workers: Workers, keys: list[int]) -> None:
    workers.start("high")
    export = submit(f"{STAY}:read.fsync")
    wait_for(lambda: injected(workers.log.parent))
    for process in workers.members("high"):
        process.kill(signal.SIGKILL)
    wait_for(lambda: ended(export), 20)
    assert export.events.filter(event=ExportLog.Event.RETRIED).exists()
    assert_read_and_published_once(export, keys)


@pytest.mark.parametrize("how", [DIE, ERROR])
def test_reading_survives_a_fault_at_each_of_its_steps(workers: Workers, keys: list[int], how: str) -> None:
    workers.start("high", FAULTS_ATTEMPTS="9")
    for step in READ_STEPS:
        export = submit(f"{how}:read.{step}")
        wait_for(lambda export=export: ended(export), 20)
        assert f"{how}:read.{step}" in injected(workers.log.parent)
        assert_read_and_published_once(export, keys)
