import signal
import time
from argparse import ArgumentTypeError

import pytest

from exports.management.commands.workers import lanes
from exports.tasks.cluster import CarefulSentinel
from exports.tasks.processes import LONGEST_PAUSE, Child
from exports.tasks.supervisor import Supervisor
from exports.types import Lane


def test_lanes_are_chosen_by_name():
    assert lanes("immediate, high") == (Lane.IMMEDIATE, Lane.HIGH)


def test_unknown_lane_is_refused_with_those_there_are():
    with pytest.raises(ArgumentTypeError, match="immediate, high, normal, low"):
        lanes("hihg")


def test_child_that_keeps_ending_is_started_ever_more_rarely():
    child = Child("name", lambda: None)
    pauses = []
    for _ in range(7):
        child.process, child.started = Ended(), 1e12
        child.note_death()
        pauses.append(child.pause)
    assert pauses == [0.5, 1, 2, 4, 8, LONGEST_PAUSE, LONGEST_PAUSE]


class Ended:
    pid = None
    exitcode = 1


@pytest.mark.parametrize(("age", "ended"), [(1, False), (3600, True)])
def test_lane_that_has_only_just_begun_is_not_blamed_for_an_old_question(age, ended, monkeypatch):
    """Ended for it, it would begin again ever more rarely and be ended again: it happened."""
    supervisor = Supervisor([Lane.HIGH], grace=1)
    lane, killed = supervisor.clusters[Lane.HIGH], []
    monkeypatch.setattr(Child, "alive", True)
    monkeypatch.setattr(lane, "kill", lambda: killed.append(lane))
    lane.started = time.monotonic() - age
    supervisor._end_dead(lane)
    assert bool(killed) == ended


@pytest.mark.parametrize(
    ("exit_code", "timer", "gives_up"),
    [
        (-signal.SIGKILL, -1, True),  # idle
        (-signal.SIGKILL, 1000, False),  # at work
        (0, -2, False),  # recycled
        (None, 0, False),  # timed out
        (1, -1, False),  # ended by itself
    ],
)
def test_cluster_ends_when_an_idle_worker_was_killed(exit_code, timer, gives_up):
    worker = type("Worker", (), {"exitcode": exit_code, "timer": type("Timer", (), {"value": timer})})()
    sentinel = CarefulSentinel.__new__(CarefulSentinel)
    sentinel.pool = [worker]
    assert sentinel._may_have_held_a_lock(worker) == gives_up
