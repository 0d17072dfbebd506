"""A cancelled or deleted export lets its workers go within a slice of rows, and keeps nothing."""

import pytest

from exports import service
from exports.delivery import storage
from exports.models import ExportRequest
from exports.types import Principal
from tests.processes import wait_for

from .apps import SLOW
from .cluster import Workers
from .exports import assert_published_once, ended, submit


@pytest.mark.parametrize("stop", [service.cancel, service.delete])
def test_stopped_export_lets_its_worker_go_and_keeps_nothing(workers: Workers, stop) -> None:
    workers.start("high", WORKERS_HIGH="1")
    export = submit(rows=9_000, misbehaviour=SLOW)
    wait_for(export.files.filter(attempts=1).exists)
    assert stop(ExportRequest.objects.get(pk=export.pk), Principal())
    other = submit()
    # The only worker is free for the next one.
    wait_for(lambda: ended(other), 10)
    assert_published_once(other)
    export.refresh_from_db()
    assert (export.state, export.files.ready().count()) == ("cancelled", 0)
    assert not [path for path in storage.folder(export.public_id).rglob("*") if path.is_file()]


def test_queued_export_is_cancelled_at_once_and_never_begun(workers: Workers) -> None:
    export = submit()
    assert service.cancel(export, Principal())
    workers.start("high")
    other = submit()
    wait_for(lambda: ended(other), 10)
    export.refresh_from_db()
    assert (export.state, export.started_at) == ("cancelled", None)
