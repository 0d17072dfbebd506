"""A worker's turn: on the export that its message names, or on the one whose turn it is."""

import pytest
from django_q.models import OrmQ

from exports import service
from exports.exceptions import Stopped
from exports.models import ApiClient, ExportFile, ExportRequest
from exports.pipeline import Turn
from exports.tasks import run
from exports.types import Principal

from .conftest import ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def another(spec, participants):
    """Make an export of one file by a client of its own."""

    def make(name):
        client = Principal(client=ApiClient.objects.create_key(name=name)[0])
        return service.submit(spec(participants(1_500), format="csv", principal=client))

    return make


def states():
    return list(ExportRequest.objects.order_by("pk").values_list("state", flat=True))


def test_turn_goes_to_the_owner_who_was_not_served_yet(queued, another, settings):
    settings.EXPORTS_TURN_SECONDS = 0
    other = another("other")
    run.take_turn(queued.pk)
    run.take_turn(queued.pk)
    assert states() == ["processing", "completed"]
    assert ExportRequest.objects.get(pk=other.pk).served_at > ExportRequest.objects.get(pk=queued.pk).served_at


def test_message_of_an_export_that_has_ended_works_for_another(queued, another):
    service.cancel(queued, Principal())
    another("other")
    run.take_turn(queued.pk)
    assert states() == ["cancelled", "completed"]


def test_message_that_worked_for_another_leaves_that_ones_message(queued, another):
    """The sweep would otherwise send one more for each that was swapped."""
    other = another("other")
    ExportRequest.objects.filter(pk=queued.pk).update(enqueued_at=ago(minutes=5), served_at=ago(minutes=5))
    run.take_turn(queued.pk)
    assert states() == ["queued", "completed"]
    queued.refresh_from_db()
    assert queued.enqueued_at == other.enqueued_at


def test_export_that_is_built_by_the_process_that_was_asked_is_left_to_it(queued, another):
    inline = another("inline")
    ExportRequest.objects.filter(pk=inline.pk).update(state="pending", enqueued_at=None)
    run.take_turn(queued.pk)
    assert states() == ["completed", "pending"]


def test_turn_that_ends_before_the_work_brings_another_message(queued, settings):
    settings.EXPORTS_TURN_SECONDS = 0
    before = OrmQ.objects.count()
    run.take_turn(queued.pk)
    assert OrmQ.objects.count() == before + 1


def test_worker_that_has_to_end_leaves_a_message(queued, monkeypatch):
    before = OrmQ.objects.count()
    monkeypatch.setattr("exports.pipeline.write_file", lambda *args, **wish: (_ for _ in ()).throw(Stopped))
    with pytest.raises(Stopped):
        run.take_turn(queued.pk)
    assert OrmQ.objects.count() == before + 1
    assert ExportFile.objects.parts().claimable().count() == queued.parts_total


def test_worker_who_is_too_late_for_one_takes_the_next(queued, another, monkeypatch):
    other = another("other")
    work_on = run.pipeline.work_on
    monkeypatch.setattr(
        "exports.pipeline.work_on", lambda export: Turn.IDLE if export.pk == queued.pk else work_on(export)
    )
    run.take_turn(queued.pk)
    other.refresh_from_db()
    assert other.state == "completed"
