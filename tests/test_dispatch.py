"""The queue is a hint: who accepts an export does not depend on it."""

import pytest
import redis
from django_q.conf import Conf

from exports import dispatch, service
from exports.types import Lane

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker_away(settings, monkeypatch):
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, "orm": None}
    monkeypatch.setattr(Conf, "ORM", None)
    # Nobody listens there.
    monkeypatch.setattr(Conf, "REDIS", "redis://127.0.0.1:1/0")


def test_export_is_accepted_while_the_broker_is_away(broker_away, spec, participants, storage):
    export = service.submit(spec(participants(6_000), template="complete"))
    assert export.state == export.State.QUEUED
    assert [path.name for path in storage.rglob("*.*")] == ["00001.parquet"]


def test_message_of_its_own_tells_that_the_broker_is_away(broker_away):
    """The canary must know, or it would blame the lane."""
    with pytest.raises(redis.ConnectionError):
        dispatch.enqueue("exports.tasks.canary.ping", 1, lane=Lane.HIGH)
