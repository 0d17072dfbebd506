import pytest

from exports import service
from exports.models import ExportLog

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(spec, participants):
    return service.submit(spec(participants(1))).events.first()


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: ExportLog.objects.filter(pk=event.pk).update(message="x"),
        lambda event: ExportLog.objects.all().delete(),
    ],
    ids=["save", "delete", "update many", "delete many"],
)
def test_history_cannot_be_changed(event, change):
    with pytest.raises(TypeError, match="append-only"):
        change(event)
    assert ExportLog.objects.get(pk=event.pk).message == event.message


def test_event_names_its_actor_and_address(event):
    assert (event.actor, event.address) == ("website", "127.0.0.1")
