"""The supervisor's end, in good order or not, is the end of everything it started."""

import signal

import pytest

from exports.models import ExportRequest
from tests.processes import wait_for

from .apps import HANG, SLOW
from .cluster import Workers
from .exports import assert_published_once, ended, submit
from .steps import STAY, injected


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_to_the_whole_group_ends_everything_within_seconds(workers: Workers, number: int) -> None:
    workers.start("immediate", "high")
    assert len(workers.family()) > 8
    workers.signal_group(number)
    assert workers.wait_until_gone(seconds=5) == 0


def test_running_task_is_finished_before_the_end(workers: Workers) -> None:
    workers.start("high")
    export = submit(rows=4_000, misbehaviour=SLOW)
    part = export.files.get()
    wait_for(lambda: export.files.filter(attempts=1).exists())
    workers.family()
    workers.signal_group(signal.SIGTERM)
    assert workers.wait_until_gone() == 0
    part.refresh_from_db()
    assert (part.state, part.attempts) == ("ready", 1)


def test_work_that_does_not_end_is_killed_after_the_grace(workers: Workers) -> None:
    workers.start("high", grace=0.5)
    submit(misbehaviour=HANG)
    wait_for(ExportRequest.objects.attended().exists)
    workers.family()
    workers.signal_group(signal.SIGTERM)
    assert workers.wait_until_gone(seconds=5) == 0


@pytest.mark.parametrize("whom", ["supervisor", "everybody"])
def test_work_that_outlasts_the_grace_is_handed_back_and_its_start_does_not_count(workers: Workers, whom: str) -> None:
    """The lease is so long that only a worker that gave its part back leaves it to the next."""
    workers.start("high", grace=0.5, FAULTS_LEASE="3600")
    export = submit(misbehaviour=f"{STAY}:part.write")
    wait_for(lambda: injected(workers.log.parent))
    for process in workers.family() if whom == "everybody" else [workers.supervisor]:
        process.kill(signal.SIGTERM)
    assert workers.wait_until_gone() == 0
    assert [(part.attempts, part.lease_token) for part in export.files.all()] == [(0, None)]
    workers.start("high")
    wait_for(lambda: ended(export), 10)
    assert_published_once(export)


def test_second_signal_ends_everything_at_once(workers: Workers) -> None:
    workers.start("high", grace=60)
    submit(misbehaviour=HANG)
    wait_for(ExportRequest.objects.attended().exists)
    workers.family()
    workers.signal_group(signal.SIGTERM)
    wait_for(lambda: "Stopping" in workers.log.read_text())
    workers.signal_group(signal.SIGTERM)
    assert workers.wait_until_gone(seconds=5) == 0


def test_killed_supervisor_leaves_no_orphan(workers: Workers) -> None:
    workers.start("immediate", "high")
    assert len(workers.family()) > 8
    workers.supervisor.kill()
    workers.wait_until_gone(seconds=5)


def test_workers_started_again_finish_what_was_cut_off(workers: Workers) -> None:
    export = submit(rows=9_000, misbehaviour=SLOW)
    workers.start("high")
    wait_for(ExportRequest.objects.attended().exists)
    workers.family()
    workers.supervisor.kill()
    workers.wait_until_gone()
    workers.start("high")
    wait_for(lambda: ended(export))
    assert_published_once(export)
