"""R3: an export that kills or hangs its worker is parked after exactly three starts, and the others go on."""

import pytest

from exports.models import ExportFile
from tests.processes import wait_for

from .apps import HANG, KILL
from .cluster import Workers
from .exports import assert_published_once, ended, submit


@pytest.mark.parametrize("how", [KILL, HANG])
def test_poison_export_is_started_three_times_and_others_go_on(workers: Workers, how: str) -> None:
    workers.start("high", FAULTS_LEASE="1")
    poison = submit(misbehaviour=how)
    good = [submit() for _ in range(3)]
    wait_for(lambda: ended(poison, *good), 30)
    poison.refresh_from_db()
    assert poison.state == "failed"
    assert poison.error_code == "BUILD_FAILED"
    assert poison.error_message == "File 1 of 1 could not be made: its worker stopped without a word 3 times."
    assert ExportFile.objects.get(export=poison).attempts == 3
    for export in good:
        assert_published_once(export)
