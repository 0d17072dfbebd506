"""A lane lives on after any of its processes was killed."""

import signal

from django.utils import timezone

from exports.models import LaneHeartbeat
from exports.tasks.canary import HOST
from tests.processes import Process, wait_for

from . import settings as project
from .apps import HANG
from .cluster import Workers
from .exports import assert_published_once, ended, submit

WORKER, MONITOR, PUSHER = range(3)


def test_lane_works_again_after_any_idle_member_was_killed(workers: Workers) -> None:
    """The lane has one worker, so it is the one that holds the queue's lock: whoever inherits that waits for ever."""
    # No canary saves this lane: it has to notice at once.
    workers.start("immediate", FAULTS_CANARY_LIMIT="3600")
    for member in (WORKER, MONITOR, PUSHER):
        wait_until_it_answers()
        sentinel = workers.sentinel("immediate")
        sentinel.children()[member].kill()
        wait_for_another(workers, "immediate", sentinel)
        wait_until_it_answers()


def test_killed_cluster_janitor_and_messenger_are_started_again(workers: Workers) -> None:
    workers.start("high")
    wait_until_it_answers()
    children = workers.supervisor.children()
    assert [child.name for child in children] == ["lane high", "janitor", "messenger"]
    for child in children:
        child.kill()
    wait_for(lambda: len(workers.supervisor.children()) == 3)
    wait_until_it_answers()
    export = submit()
    wait_for(lambda: ended(export), 5)
    assert_published_once(export)


def test_lane_that_answers_no_more_is_started_anew(workers: Workers) -> None:
    """A stopped process looks alive to everybody who only counts processes."""
    workers.start("high")
    wait_until_it_answers()
    sentinel = workers.sentinel("high")
    for process in sentinel.family():
        process.kill(signal.SIGSTOP)
    wait_for_another(workers, "high", sentinel)
    export = submit()
    wait_for(lambda: ended(export))
    assert_published_once(export)


def test_lane_busy_with_long_work_is_left_alone(workers: Workers, settings) -> None:
    workers.start("high", FAULTS_LEASE="60")
    settings.EXPORTS_LEASE_SECONDS = 60
    sentinel = workers.sentinel("high")
    for _ in range(2):
        submit(misbehaviour=HANG)
    limit = project.EXPORTS_CANARY_LIMIT_SECONDS + 1
    wait_for(lambda: LaneHeartbeat.objects.unanswered(HOST, limit).exists(), what="a question that is open too long")
    assert workers.sentinel("high") == sentinel


def wait_for_another(workers: Workers, lane: str, sentinel: Process) -> None:
    wait_for(lambda: workers.sentinel(lane) not in (None, sentinel), 10, "a new cluster")


def wait_until_it_answers() -> None:
    """Wait for the answer to a question that has not been sent yet."""
    now = timezone.now()
    wait_for(LaneHeartbeat.objects.filter(served_until__gt=now).exists, 10, "an answer")
