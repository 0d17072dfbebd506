"""R5: the queue is a hint. Losing it, in part or whole, loses no export."""

import pytest
from django_q.models import OrmQ

from exports.models import ExportRequest
from tests.processes import wait_for

from .apps import SLOW
from .cluster import Workers
from .exports import assert_published_once, ended, submit
from .servers import Redis


def test_deleted_messages_are_sent_again(workers: Workers) -> None:
    exports = [submit() for _ in range(3)]
    OrmQ.objects.all().delete()
    workers.start("high")
    wait_for(lambda: ended(*exports))
    for export in exports:
        assert_published_once(export)


def test_message_that_comes_twice_does_nothing_twice(workers: Workers) -> None:
    export = submit(rows=6_000)
    for _ in range(3):
        message = OrmQ.objects.first()
        message.pk = None
        message.save()
    workers.start("high")
    wait_for(lambda: ended(export) and not OrmQ.objects.filter(key="high", payload=message.payload).exists())
    assert_published_once(export)
    assert set(export.files.values_list("attempts", flat=True)) <= {0, 1}


def test_waiting_exports_get_no_second_message(workers: Workers) -> None:
    """Whoever waits in a long queue is not lost."""
    workers.start("immediate")
    exports = [submit() for _ in range(5)]
    wait_for(lambda: OrmQ.objects.filter(key="immediate").count() == 0 and OrmQ.objects.filter(key="high").count() == 5)
    assert not ExportRequest.objects.filter(pk__in=[e.pk for e in exports]).filter(events__event="retried").exists()


@pytest.mark.parametrize("installation", ["on_redis"], indirect=True)
def test_flushed_broker_loses_no_export(workers: Workers, broker: Redis) -> None:
    exports = [submit(rows=2_500, misbehaviour=SLOW) for _ in range(4)]
    workers.start("high")
    wait_for(ExportRequest.objects.attended().exists)
    broker.flush()
    wait_for(lambda: ended(*exports), 30)
    for export in exports:
        assert_published_once(export)
