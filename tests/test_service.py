"""The front door: what is accepted is made, what is refused leaves nothing behind."""

import zipfile
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.contrib.auth.models import Permission, User
from django.db import OperationalError
from django.utils import timezone
from django_q.models import OrmQ

from exports import service
from exports.exceptions import BadRequest, Busy, FileNotFound, NotAllowed, NotFound, StorageFull
from exports.models import ApiClient, ExportAnalytics, ExportLog, ExportRequest
from exports.tasks.run import run_export
from exports.types import Lane, Principal, Strategy

pytestmark = pytest.mark.django_db

Event = ExportLog.Event


def events(export):
    return [log.event for log in export.events.all()]


@pytest.fixture
def large(spec, participants):
    """Return an export of 6,000 records in three files, accepted and not begun."""
    return service.submit(spec(participants(6_000), template="complete"))


@pytest.fixture
def finished(spec, participants):
    """Return a finished export of three records."""
    return service.submit(spec(participants(3)))


def test_small_export_is_finished_when_submit_returns(finished, principal):
    with service.open_file(finished, principal).file as file:
        rows = list(openpyxl.load_workbook(file).active.values)
    assert rows[0][0] == "ID"
    assert [row[0] for row in rows[1:]] == [1, 2, 3]
    assert events(finished) == [Event.INITIATED, Event.PROCESSING, Event.PROGRESS, Event.COMPLETED, Event.DOWNLOADED]


@pytest.mark.django_db(transaction=True)
def test_records_stay_when_it_is_open_whether_the_commit_was_made(spec, participants, break_after_commit):
    """The caller is asked to come back, but what the database has must be made."""
    break_after_commit(ExportRequest, "save", OperationalError("server closed the connection"))
    with pytest.raises(OperationalError):
        service.submit(spec(participants(6_000), template="complete"))
    export = ExportRequest.objects.get()
    run_export(export.pk)
    export.refresh_from_db()
    assert export.state == export.State.COMPLETED


def test_large_export_waits_for_two_workers_of_its_lane(large):
    assert large.state == large.State.QUEUED
    assert large.strategy == Strategy.MULTI_FILE
    assert OrmQ.objects.filter(key=Lane.HIGH.value).count() == 2


def test_worker_makes_every_part_and_the_archive(large, principal):
    run_export(large.pk)
    large.refresh_from_db()
    assert large.state == large.State.COMPLETED
    with service.open_file(large, principal).file as file, zipfile.ZipFile(file) as archive:
        names = [f"participants_batch_{number}_of_3.xlsx" for number in (1, 2, 3)]
        assert archive.namelist() == [*names, "manifest.json"]
    ranges = [(part.record_range, part.record_count) for part in large.files.parts()]
    assert ranges == [("1-2000", 2000), ("2001-4000", 2000), ("4001-6000", 2000)]


def test_running_a_finished_export_again_changes_nothing(large):
    run_export(large.pk)
    before = list(large.files.values_list("key", "sha256"))
    run_export(large.pk)
    assert list(large.files.values_list("key", "sha256")) == before
    assert events(large).count(Event.COMPLETED) == 1


def test_staged_columns_are_gone_when_the_files_are_there(finished, storage):
    names = sorted(path.suffix for path in storage.rglob("*") if path.is_file())
    assert names == [".xlsx"]


def test_finished_export_is_measured(finished):
    measured = ExportAnalytics.objects.get(export=finished)
    assert measured.record_count == 3
    assert measured.file_size == finished.total_size
    assert not measured.multi_file_export
    assert not measured.custom_filename_used


def test_refused_request_leaves_nothing_behind(spec, storage):
    with pytest.raises(BadRequest):
        service.submit(spec([{"id": 1}, 5]))
    assert not ExportRequest.objects.exists()
    assert not list(storage.rglob("*"))


def test_failure_after_staging_leaves_nothing_behind(spec, participants, storage, monkeypatch):
    monkeypatch.setattr(ExportRequest, "record", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        service.submit(spec(participants(3)))
    assert not ExportRequest.objects.exists()
    assert not [path for path in storage.rglob("*") if path.is_file()]


def test_message_is_part_of_the_transaction(spec, participants, monkeypatch):
    monkeypatch.setattr(ExportRequest, "mark_queued", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        service.submit(spec(participants(6_000)))
    assert not OrmQ.objects.exists()


def test_full_disk_refuses_at_the_door(spec, participants, settings):
    settings.EXPORTS_MIN_FREE_BYTES = 1 << 60
    with pytest.raises(StorageFull):
        service.submit(spec(participants(3)))
    assert not ExportRequest.objects.exists()


def test_eleventh_export_at_once_is_asked_to_come_back(spec, participants):
    for _ in range(10):
        service.submit(spec(participants(1_001)))
    with pytest.raises(Busy):
        service.submit(spec(participants(1)))


def test_rows_are_sorted_as_asked(spec, participants, principal):
    options = {"sort_by": "id", "sort_order": "desc", "batch_size": 5000}
    export = service.submit(spec(participants(3), options=options))
    with service.open_file(export, principal).file as file:
        assert [row[0] for row in list(openpyxl.load_workbook(file).active.values)[1:]] == [3, 2, 1]


def test_sort_column_that_does_not_exist_is_reported_not_guessed(spec, participants):
    export = service.submit(spec(participants(3), options={"sort_by": "shoe_size"}))
    assert export.warnings == [{"code": "sort_ignored", "column": "shoe_size", "count": 1, "rows": []}]


@pytest.mark.parametrize(("apply", "rows"), [(None, 8), (True, 2)])
def test_filters_are_recorded_and_applied_only_when_asked(spec, participants, apply, rows):
    options = {} if apply is None else {"apply_filters": apply}
    export = service.submit(spec(participants(8), filters={"status": "approved"}, options=options))
    assert export.record_count == rows
    assert export.filters == {"status": "approved"}


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"is_admin": 1}, "Filter 'is_admin' does not exist"),
        ({"date_from": "last week"}, "Filter 'date_from' takes a date such as 2026-05-15, not 'last week'"),
        ({"status": {"x": 1}}, "Filter 'status' takes a single value"),
    ],
)
def test_filter_that_cannot_be_applied_is_refused_by_name(spec, participants, filters, message):
    with pytest.raises(BadRequest, match=message):
        service.submit(spec(participants(1), filters=filters, options={"apply_filters": True}))


def test_value_that_does_not_fit_is_kept_and_counted(spec, participants, principal):
    records = participants(2)
    records[1]["id"] = "YBB-2"
    export = service.submit(spec(records))
    assert export.warnings == [{"code": "kept_as_text", "column": "id", "count": 1, "rows": [2]}]
    with service.open_file(export, principal).file as file:
        assert [row[0] for row in openpyxl.load_workbook(file).active.values] == ["ID", 1, "YBB-2"]


# Who sees what


def test_somebody_elses_export_does_not_exist(finished):
    other, _ = ApiClient.objects.create_key(name="other")
    with pytest.raises(NotFound):
        service.get_export(finished.public_id, Principal(client=other))


def test_person_sees_what_its_client_exports(spec, participants):
    person = User.objects.create_user("registrar")
    client, _ = ApiClient.objects.create_key(name="site", user=person)
    export = service.submit(spec(participants(1), principal=Principal(client=client)))
    assert service.get_export(export.public_id, Principal(user=person)) == export


def test_staff_with_view_all_sees_everything(finished):
    staff = User.objects.create_user("staff")
    staff.user_permissions.add(Permission.objects.get(codename="view_all"))
    assert service.get_export(finished.public_id, Principal(user=staff)) == finished


def test_client_limited_to_programs_may_export_no_other(spec, participants):
    client, _ = ApiClient.objects.create_key(name="site", programs=[7])
    with pytest.raises(NotAllowed):
        service.submit(spec(participants(1), principal=Principal(client=client), program_id=8))
    assert service.submit(spec(participants(1), principal=Principal(client=client), program_id=7)).program_id == 7


# Downloads


def test_expired_export_is_refused_and_the_refusal_logged(finished, principal):
    ExportRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    finished.refresh_from_db()
    with pytest.raises(NotFound):
        service.open_file(finished, principal)
    assert events(finished)[-1] == Event.DENIED


def test_part_that_does_not_exist_is_not_found(finished, principal):
    with pytest.raises(FileNotFound):
        service.open_file(finished, principal, number=2)


def test_downloads_are_counted(finished, principal):
    for _ in range(2):
        service.open_file(finished, principal).file.close()
    assert finished.files.get().downloads == 2


def test_deleted_file_is_reported_not_cut_short(finished, principal, storage):
    next(Path(storage).rglob("*.xlsx")).unlink()
    with pytest.raises(FileNotFound):
        service.open_file(finished, principal)


# Stopping


def test_cancelled_export_is_never_built(large, principal, storage):
    assert service.cancel(large, principal)
    run_export(large.pk)
    large.refresh_from_db()
    assert large.state == large.State.CANCELLED
    assert not large.files.ready().exists()
    assert not [path for path in storage.rglob("*") if path.is_file()]


def test_finished_export_cannot_be_cancelled(finished, principal):
    assert not service.cancel(finished, principal)
    finished.refresh_from_db()
    assert finished.state == finished.State.COMPLETED
