import pytest
from django_q.models import OrmQ

from exports import dispatch
from exports.conf import conf
from exports.models import LaneHeartbeat
from exports.tasks import canary
from exports.tasks.canary import HOST, PING, Witness
from exports.types import Lane

from .conftest import ago

pytestmark = pytest.mark.django_db

LONG_AGO = {"seconds": 3600}


@pytest.fixture(autouse=True)
def connection_of_the_test(monkeypatch):
    """A monitor drops a connection that has gone stale; a test's own must stay."""
    monkeypatch.setattr(canary, "close_old_connections", lambda: None)


def heartbeat(lane: Lane = Lane.HIGH) -> LaneHeartbeat:
    return LaneHeartbeat.objects.get(host=HOST, lane=lane)


def asked(lane: Lane, **long_ago: float) -> None:
    LaneHeartbeat.objects.update_or_create(
        host=HOST, lane=lane, defaults={"asked_at": ago(**long_ago), "sent_at": ago(**long_ago)}
    )


def test_each_lane_gets_one_question(db):
    canary.ask(Lane)
    canary.ask(Lane)
    assert sorted(OrmQ.objects.values_list("key", flat=True)) == sorted(Lane)


def test_question_that_may_be_lost_is_repeated_but_counts_from_the_first(db):
    asked(Lane.HIGH, seconds=3 * conf.canary_seconds + 1)
    first = heartbeat().asked_at
    canary.ask([Lane.HIGH])
    assert OrmQ.objects.count() == 1
    assert heartbeat().asked_at == first


def test_answer_tells_what_is_no_longer_waiting(db):
    asked(Lane.HIGH, seconds=5)
    Witness(Lane.HIGH)(task={"func": PING, "args": (1_000,)})
    assert heartbeat().asked_at is None
    assert LaneHeartbeat.objects.served_until()["high"].timestamp() == 1


def test_any_finished_task_is_a_sign_of_life(db):
    asked(Lane.HIGH, **LONG_AGO)
    Witness(Lane.HIGH)(task={"func": dispatch.TAKE_TURN, "args": (1,)})
    assert heartbeat().answered_at is not None
    assert canary.dead(Lane) == set()


def test_open_question_is_not_yet_a_dead_lane(db):
    asked(Lane.HIGH, seconds=conf.canary_limit_seconds / 2)
    assert canary.dead(Lane) == set()


def test_lane_that_leaves_the_question_open_is_dead_once(db):
    asked(Lane.HIGH, **LONG_AGO)
    asked(Lane.LOW, seconds=1)
    assert canary.dead(Lane) == {Lane.HIGH}
    assert canary.dead(Lane) == set()


def test_lane_in_which_somebody_works_is_not_dead(held):
    asked(Lane.HIGH, **LONG_AGO)
    assert canary.dead(Lane) == set()


def test_lane_of_another_supervisor_is_not_looked_at(db):
    asked(Lane.HIGH, **LONG_AGO)
    assert canary.dead([Lane.LOW]) == set()


def test_broker_that_is_away_is_not_the_lanes_fault(db, monkeypatch):
    asked(Lane.HIGH, **LONG_AGO)

    def away(*args: object, **options: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(dispatch, "enqueue", away)
    with pytest.raises(ConnectionError):
        canary.ask([Lane.HIGH])
    assert canary.dead(Lane) == set()
