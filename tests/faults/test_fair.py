"""S16: nobody's flood holds up anybody else."""

import pytest

from exports.models import ApiClient, ExportRequest
from exports.types import Principal
from tests.processes import wait_for

from .apps import SLOW
from .cluster import Workers
from .exports import assert_published_once, ended, submit

FLOOD = 9


@pytest.fixture
def clients() -> list[Principal]:
    return [Principal(client=ApiClient.objects.create_key(name=name)[0]) for name in ("flood", "single")]


def test_one_export_of_a_client_comes_before_the_flood_of_another(workers: Workers, clients) -> None:
    flood = [submit(misbehaviour=SLOW, principal=clients[0]) for _ in range(FLOOD)]
    single = submit(misbehaviour=SLOW, principal=clients[1])
    workers.start("high", WORKERS_HIGH="1")
    wait_for(lambda: ended(*flood, single))
    order = list(ExportRequest.objects.order_by("started_at").values_list("pk", flat=True))
    assert order.index(single.pk) <= 1, order
    for export in (*flood, single):
        assert_published_once(export)


def test_small_export_begins_at_once_behind_a_flood_of_large_ones(workers: Workers, clients) -> None:
    """Its lane has workers of its own."""
    flood = [submit(rows=30_000, misbehaviour=SLOW, principal=clients[0]) for _ in range(3)]
    workers.start("high", "normal", WORKERS_NORMAL="1")
    wait_for(lambda: ExportRequest.objects.filter(lane="normal", state="processing").exists())
    small = submit(principal=clients[1])
    wait_for(lambda: ended(small), 5)
    assert not ended(*flood)
    small.refresh_from_db()
    assert (small.started_at - small.created_at).total_seconds() < 5


def test_turns_are_messages_enough_for_everybody(workers: Workers, clients) -> None:
    """Each message works for whose turn it is, so that none is missing at the end and none has to be sent again."""
    exports = [submit(rows=5_200, misbehaviour=SLOW, principal=client) for client in clients for _ in range(3)]
    workers.start("high", FAULTS_CANARY_LIMIT="3600")
    wait_for(lambda: ended(*exports))
    assert "sent to lane high again" not in workers.log.read_text()
    for export in exports:
        assert_published_once(export)
