import pytest

from exports.conf import conf
from exports.models import ExportFile, ExportRequest, LaneHeartbeat
from exports.models.health import LaneHealth, queue_health
from exports.types import Lane

from .conftest import ago

pytestmark = pytest.mark.django_db


def lane(name: Lane) -> LaneHealth:
    return next(lane for lane in queue_health().lanes if lane.lane == name)


def every_lane_answered() -> None:
    for name in Lane:
        LaneHeartbeat.objects.answer("here", name)


def test_queue_that_nobody_ever_served_is_not_healthy():
    assert not queue_health().healthy
    assert lane(Lane.HIGH).canary_age is None


def test_answering_lanes_are_healthy():
    every_lane_answered()
    assert queue_health().healthy
    assert lane(Lane.HIGH).canary_age < 5


def test_one_silent_lane_makes_the_queue_unhealthy():
    every_lane_answered()
    LaneHeartbeat.objects.filter(lane=Lane.LOW).update(answered_at=ago(seconds=conf.canary_limit_seconds + 1))
    assert not queue_health().healthy
    assert [health.lane for health in queue_health().lanes if not health.alive] == [Lane.LOW]


def test_lane_is_as_young_as_its_youngest_host():
    LaneHeartbeat.objects.create(host="gone", lane=Lane.HIGH, answered_at=ago(days=1))
    LaneHeartbeat.objects.answer("here", Lane.HIGH)
    assert lane(Lane.HIGH).canary_age < 5


def test_oldest_waiting_message_is_told(queued):
    ExportRequest.objects.filter(pk=queued.pk).update(enqueued_at=ago(seconds=90))
    assert lane(Lane.HIGH).oldest_waiting == pytest.approx(90, abs=5)
    assert lane(Lane.LOW).oldest_waiting == 0


def test_export_that_is_being_made_waits_no_longer(held):
    assert (lane(Lane.HIGH).oldest_waiting, lane(Lane.HIGH).attended) == (0, 1)


def test_worker_unheard_of_for_three_leases_is_told(held):
    lapse = ExportFile.objects.filter(pk=held.pk)
    lapse.update(lease_until=ago(seconds=conf.lease_seconds))
    assert queue_health().silent == 0
    lapse.update(lease_until=ago(seconds=2 * conf.lease_seconds + 1))
    assert queue_health().silent == 1
