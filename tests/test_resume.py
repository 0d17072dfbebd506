"""A failed export can be finished, asked for again or deleted for as long as its records are kept."""

import pytest
from django_q.models import OrmQ

from exports import pipeline, service
from exports.attempt import attempt
from exports.delivery import storage as files
from exports.exceptions import BuildError, Conflict, QueueFull
from exports.models import ApiClient, ExportFile, ExportLog, ExportRequest
from exports.tasks.run import run_export
from exports.tasks.upkeep import remove_disposable
from exports.types import Principal

pytestmark = pytest.mark.django_db

Event = ExportLog.Event


@pytest.fixture
def failed(spec, participants, settings):
    """An export of three files that failed when the first was ready."""
    export = service.submit(spec(participants(6_000), template="complete"))
    settings.EXPORTS_TURN_SECONDS = 0
    pipeline.work_on(export)
    ExportFile.objects.filter(export=export, state="pending").update(attempts=3)
    export.mark_failed(BuildError("The machine caught fire."))
    export.refresh_from_db()
    assert (export.state, export.parts_done) == ("failed", 1)
    return export


def events(export):
    return list(export.events.values_list("event", flat=True))


def stored(export):
    folder = files.folder(export.public_id)
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_resumed_export_makes_only_what_is_missing(failed, principal):
    before = failed.files.ready().get()
    service.resume(failed, principal)
    assert (failed.state, failed.error_code) == ("queued", "")
    run_export(failed.pk)
    failed.refresh_from_db()
    assert (failed.state, failed.parts_done) == ("completed", 3)
    after = failed.files.get(pk=before.pk)
    assert (after.key, after.ready_at) == (before.key, before.ready_at)
    assert [part.attempts for part in failed.files.parts()] == [1, 1, 1]
    resumed = events(failed).index(Event.RETRIED)
    assert events(failed)[resumed - 1 : resumed + 1] == [Event.FAILED, Event.RETRIED]
    assert failed.events.get(event=Event.RETRIED).client == principal.client


def test_resumed_export_is_on_its_way_to_the_workers(failed, principal):
    OrmQ.objects.all().delete()
    service.resume(failed, principal)
    assert OrmQ.objects.filter(key=failed.lane).count() == 2


def test_worker_from_before_the_failure_has_lost(failed, principal):
    part = failed.files.filter(state="pending").first()
    ExportFile.objects.filter(pk=part.pk).update(attempts=0)
    assert part.claim()
    service.resume(failed, principal)
    assert not part.held().exists()


def test_part_that_comes_when_the_export_has_failed_is_not_published(failed, principal):
    """It would be ready and counted by nobody, and the resumed export would wait for it for ever."""
    part = failed.files.filter(state="pending").first()
    ExportFile.objects.filter(pk=part.pk).update(attempts=0)
    assert part.claim()
    attempt(failed, part, pipeline._build)
    assert failed.files.ready().count() == 1
    service.resume(failed, principal)
    run_export(failed.pk)
    failed.refresh_from_db()
    assert failed.state == "completed"


@pytest.mark.parametrize("state", ["queued", "processing", "completed", "cancelled", "expired"])
def test_only_a_failed_export_is_resumed_or_asked_for_again(failed, principal, state):
    ExportRequest.objects.filter(pk=failed.pk).update(state=state, completed_at=failed.created_at)
    failed.refresh_from_db()
    with pytest.raises(Conflict, match=f"it is {state}"):
        service.resume(failed, principal)
    with pytest.raises(Conflict, match=f"The export is {state}"):
        service.retry(failed, principal)
    failed.refresh_from_db()
    assert failed.state == state


def test_export_whose_records_are_gone_is_neither_resumed_nor_asked_for_again(failed, principal, settings):
    settings.EXPORTS_FAILED_HOURS = 0
    remove_disposable()
    for ask in (service.resume, service.retry):
        with pytest.raises(Conflict, match="not kept any more"):
            ask(failed, principal)
    failed.refresh_from_db()
    assert (failed.state, ExportRequest.objects.count(), stored(failed)) == ("failed", 1, [])


def test_upkeep_that_comes_late_leaves_a_resumed_export_alone(failed, principal, settings, monkeypatch):
    settings.EXPORTS_FAILED_HOURS = 0
    disposable = list(ExportRequest.objects.disposable())
    assert disposable == [failed]
    service.resume(failed, principal)
    monkeypatch.setattr(type(ExportRequest.objects.all()), "disposable", lambda self: disposable)
    remove_disposable()
    run_export(failed.pk)
    failed.refresh_from_db()
    assert failed.state == "completed"


def test_full_queue_leaves_the_export_as_it_was(failed, principal, settings):
    settings.EXPORTS_MAX_QUEUE = 0
    with pytest.raises(QueueFull):
        service.resume(failed, principal)
    failed.refresh_from_db()
    assert (failed.state, failed.error_message) == ("failed", "The machine caught fire.")


def test_export_asked_for_again_points_to_the_failed_one_and_has_the_same_records(failed):
    other = Principal(client=ApiClient.objects.create_key(name="other")[0])
    again = service.retry(failed, other)
    assert (again.retry_of, again.client, again.state) == (failed, other.client, "queued")
    run_export(again.pk)
    again.refresh_from_db()
    assert (again.state, again.record_count, again.files.ready().count()) == ("completed", 6_000, 4)
    assert failed.staged in stored(failed)
    assert events(failed)[-1] == Event.RETRIED
    assert str(again.public_id) in failed.events.last().message


def test_deleted_export_keeps_its_history_and_nothing_else(failed, principal):
    assert service.delete(failed, principal)
    assert (failed.state, stored(failed)) == ("failed", [])
    assert (events(failed)[-1], failed.events.last().client) == (Event.DELETED, principal.client)
    assert not service.delete(failed, principal)
    with pytest.raises(Conflict):
        service.resume(failed, principal)


def test_deleting_a_finished_export_ends_its_time(spec, participants, principal):
    export = service.submit(spec(participants(3)))
    assert service.delete(export, principal)
    export.refresh_from_db()
    assert (export.state, stored(export)) == ("expired", [])
    assert events(export)[-2:] == [Event.EXPIRED, Event.DELETED]


def test_deleting_an_export_under_way_stops_its_worker(spec, participants, principal):
    export = service.submit(spec(participants(6_000), template="complete"))
    export.mark_processing()
    part = ExportFile.objects.claim_next(export.pk)
    assert service.delete(export, principal)
    attempt(export, part, pipeline._build)
    export.refresh_from_db()
    assert (export.state, stored(export)) == ("cancelled", [])
