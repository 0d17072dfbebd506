"""The engine room: whatever happens to a worker, the rows stay true and a file is published once."""

import errno
import os
import zipfile

import polars as pl
import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from exports import pipeline, service
from exports.attempt import Heartbeat, attempt
from exports.exceptions import BuildError, LeaseLost, LimitExceeded, Stopped, VerificationFailed
from exports.models import ExportFile, ExportLog, ExportRequest
from exports.parts import cut_anew
from exports.writers.base import Writer
from exports.writers.pdf import pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def export(spec, participants):
    """Return an export of 6,000 records in three files, accepted and not begun."""
    return service.submit(spec(participants(6_000), template="complete"))


def stored(storage):
    return sorted(path.name for path in storage.rglob("*") if path.is_file())


def test_part_is_claimed_by_one_worker(export):
    export.mark_processing()
    first, second = (ExportFile.objects.claim_next(export.pk) for _ in range(2))
    assert (first.number, second.number) == (1, 2)


def test_result_of_a_worker_that_lost_its_lease_is_thrown_away(export, storage):
    export.mark_processing()
    zombie = ExportFile.objects.claim_next(export.pk)
    ExportFile.objects.filter(pk=zombie.pk).update(lease_until=timezone.now())
    other = ExportFile.objects.get(pk=zombie.pk)
    assert other.claim()
    with pytest.raises(LeaseLost):
        pipeline._build(export, zombie)
    assert stored(storage) == ["00001.parquet"]
    pipeline._build(export, other)
    other.refresh_from_db()
    assert other.state == other.State.READY


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("interruption", [OperationalError("server closed the connection"), SystemExit()], ids=type)
def test_file_stays_when_it_is_open_whether_the_commit_was_made(export, break_after_commit, interruption):
    export.mark_processing()
    part = ExportFile.objects.claim_next(export.pk)
    break_after_commit(ExportFile, "publish", interruption)
    with pytest.raises(type(interruption)):
        pipeline._build(export, part)
    part.refresh_from_db()
    assert part.state == part.State.READY
    assert pipeline.storage.path(part.key).stat().st_size == part.size


@pytest.mark.django_db(transaction=True)
def test_export_that_completed_unheard_keeps_its_archive_and_does_not_fail(export, break_after_commit, settings):
    settings.EXPORTS_MAX_ATTEMPTS = 1
    break_after_commit(ExportRequest, "complete", OperationalError("server closed the connection"))
    pipeline.work_on(export)
    export.refresh_from_db()
    assert export.state == export.State.COMPLETED
    assert all(pipeline.storage.path(file.key).exists() for file in export.files.all())


@pytest.mark.django_db(transaction=True)
def test_part_that_was_published_unheard_in_its_last_start_does_not_fail_the_export(
    export, break_after_commit, settings
):
    settings.EXPORTS_MAX_ATTEMPTS = 1
    break_after_commit(ExportFile, "publish", OperationalError("server closed the connection"))
    pipeline.work_on(export)
    export.refresh_from_db()
    assert export.state == export.State.COMPLETED


def test_part_of_a_stopped_export_is_thrown_away(export, storage, monkeypatch):
    """It would be told of after the end, and leave a file that nobody may fetch."""
    export.mark_processing()
    part = ExportFile.objects.claim_next(export.pk)
    publish = ExportFile.publish
    monkeypatch.setattr(ExportFile, "publish", lambda *args: export.mark_failed(BuildError()) and publish(*args))
    with pytest.raises(LeaseLost):
        pipeline._build(export, part)
    assert stored(storage) == ["00001.parquet"]


def test_cancel_stops_a_worker_at_its_next_heartbeat(export, principal):
    export.mark_processing()
    part = ExportFile.objects.claim_next(export.pk)
    service.cancel(export, principal)
    with pytest.raises(LeaseLost):
        part.beat(10)


@pytest.mark.parametrize(
    "error", [RuntimeError("Ana Santoso"), VerificationFailed(), OSError(errno.EIO, "disk")], ids=type
)
def test_trouble_is_tried_three_times_and_then_the_export_has_failed(export, monkeypatch, caplog, error):
    starts = []

    def fail(*args, **kwargs):
        starts.append(1)
        raise error

    monkeypatch.setattr(pipeline, "write_file", fail)
    pipeline.work_on(export)
    export.refresh_from_db()
    assert export.state == export.State.FAILED
    assert export.error_code == "BUILD_FAILED"
    assert len(starts) == 3
    assert "Ana" not in caplog.text + export.error_message


@pytest.mark.parametrize(
    ("error", "code"), [(LimitExceeded(), "LIMIT_EXCEEDED"), (OSError(errno.ENOSPC, "disk"), "STORAGE_FULL")]
)
def test_trouble_that_another_start_cannot_help_fails_at_once(export, monkeypatch, error, code):
    monkeypatch.setattr(pipeline, "write_file", lambda *args, **kwargs: (_ for _ in ()).throw(error))
    pipeline.work_on(export)
    export.refresh_from_db()
    assert (export.state, export.error_code) == (export.State.FAILED, code)
    assert export.events.last().event == ExportLog.Event.FAILED


@pytest.fixture
def pdf(spec, participants, monkeypatch):
    """Return an export that was planned as one file of more pages than it may have."""
    monkeypatch.setattr(pages, "MAX_PAGES", 6)
    return service.submit(spec(participants(1_200), format="pdf", template="complete"))


def test_file_that_cannot_hold_its_records_becomes_several(pdf, principal):
    assert (pdf.parts_total, pdf.strategy) == (1, "single_file")
    pipeline.work_on(pdf)
    pdf.refresh_from_db()
    assert (pdf.state, pdf.strategy, pdf.file_name) == ("completed", "multi_file", "participants_complete_export.zip")
    parts = list(pdf.files.parts())
    assert len(parts) == pdf.parts_total == pdf.parts_done > 3
    assert [part.first_row for part in parts] == [1, *(part.last_row + 1 for part in parts[:-1])]
    assert parts[-1].last_row == 1_200
    with service.open_file(pdf, principal).file as file:
        names = zipfile.ZipFile(file).namelist()
    assert names == [*(f"participants_batch_{part.number}_of_{len(parts)}.pdf" for part in parts), "manifest.json"]
    assert pdf.events.filter(event=ExportLog.Event.RETRIED).count() >= 1


def test_worker_of_a_plan_that_was_replaced_has_lost(pdf, storage):
    pdf.mark_processing()
    part = ExportFile.objects.claim_next(pdf.pk)
    twin = ExportFile.objects.get(pk=part.pk)
    attempt(pdf, part, pipeline._build)
    assert pdf.files.count() > 1
    with pytest.raises(LeaseLost):
        twin.beat(1)
    with pytest.raises(LeaseLost):
        cut_anew(pdf, twin, 100)
    assert stored(storage) == ["00001.parquet"]


def test_warnings_of_all_files_are_summed_at_the_end(spec, participants):
    records = participants(6_000)
    for row in (10, 4_000):
        records[row - 1]["notes"] = "x" * 33_000
    records[4_999]["birthdate"] = "unknown"
    export = service.submit(spec(records, template="complete"))
    pipeline.work_on(export)
    export.refresh_from_db()
    assert {entry["code"]: (entry["column"], entry["count"], entry["rows"]) for entry in export.warnings} == {
        "kept_as_text": ("birthdate", 1, [5_000]),
        "cell_cut": ("notes", 2, [10, 4_000]),
    }


def test_worker_that_is_stopped_frees_its_part(export, monkeypatch):
    monkeypatch.setattr(pipeline, "write_file", lambda *args, **kwargs: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        pipeline.work_on(export)
    assert ExportFile.objects.filter(export=export).claimable().count() == 3
    assert sum(part.attempts for part in export.files.all()) == 1


def test_start_that_a_deployment_cut_short_does_not_count(export, monkeypatch):
    monkeypatch.setattr(pipeline, "write_file", lambda *args, **kwargs: (_ for _ in ()).throw(Stopped))
    for _ in range(5):
        with pytest.raises(Stopped):
            pipeline.work_on(export)
    export.refresh_from_db()
    assert export.state == export.State.PROCESSING
    assert [part.attempts for part in export.files.parts()] == [0, 0, 0]


def test_part_that_outlasts_its_lane_three_times_fails_the_export_with_the_reason(export, monkeypatch):
    monkeypatch.setattr(pipeline, "write_file", lambda *args, **kwargs: (_ for _ in ()).throw(SystemExit))
    for _ in range(3):
        with pytest.raises(SystemExit):
            pipeline.work_on(export)
    export.refresh_from_db()
    assert (export.state, export.error_code) == ("failed", "BUILD_FAILED")
    assert export.error_message == "Export failed: a file took longer than its lane allows."


def test_turn_ends_after_its_time_and_leaves_the_rest(export, settings):
    settings.EXPORTS_TURN_SECONDS = 0
    assert pipeline.work_on(export) is pipeline.Turn.OVER
    export.refresh_from_db()
    assert export.parts_done == 1


PUBLICATION = ["fsync", "rename", "publish", "count_part"]


@pytest.mark.parametrize("step", PUBLICATION)
def test_crash_at_any_step_of_publication_leaves_the_old_state(export, monkeypatch, storage, step):
    """R2: after a crash the part is not ready and no file is left; the next start makes it."""
    with monkeypatch.context() as broken:
        _break(broken, step)
        export.mark_processing()
        part = ExportFile.objects.claim_next(export.pk)
        with pytest.raises(KeyboardInterrupt):
            attempt(export, part, pipeline._build)
    part.refresh_from_db()
    export.refresh_from_db()
    assert part.state == part.State.PENDING
    assert export.parts_done == 0
    assert stored(storage) == ["00001.parquet"]
    pipeline.work_on(export)
    export.refresh_from_db()
    assert export.state == export.State.COMPLETED


@pytest.mark.parametrize("step", ["beat", "_add_archive", "_move"])
def test_crash_in_the_last_step_leaves_it_to_be_done_again(export, monkeypatch, step):
    with monkeypatch.context() as broken:
        owner = type(export)
        real = getattr(owner, step)
        broken.setattr(owner, step, lambda self, *args, **kwargs: _stop_when_assembling(self, real, args, kwargs))
        with pytest.raises(KeyboardInterrupt):
            pipeline.work_on(export)
    export.refresh_from_db()
    assert export.state == export.State.PROCESSING
    assert not export.files.filter(kind=ExportFile.Kind.ARCHIVE).exists()
    pipeline.work_on(export)
    export.refresh_from_db()
    assert export.state == export.State.COMPLETED
    assert export.files.filter(kind=ExportFile.Kind.ARCHIVE).count() == 1


def _break(monkeypatch, step):
    def crash(*args, **kwargs):
        raise KeyboardInterrupt

    owners = {"fsync": os, "rename": pipeline.Path, "publish": ExportFile}
    from exports.models import ExportRequest

    monkeypatch.setattr(owners.get(step, ExportRequest), step, crash)


def _stop_when_assembling(export, real, args, kwargs):
    if export.parts_done == export.parts_total or type(export).objects.get(pk=export.pk).stage == "compression":
        raise KeyboardInterrupt
    return real(export, *args, **kwargs)


def test_file_of_a_small_export_is_compared_cell_by_cell_before_it_is_published(spec, participants, monkeypatch):
    """A writer that writes another value is caught, although every check sum of its file is right."""
    write = Writer.write

    def write_another_name(writer, rows):
        write(writer, rows.with_columns(pl.lit("Somebody else").alias("first_name")))

    monkeypatch.setattr(Writer, "write", write_another_name)
    for format in ("excel", "csv", "json", "pdf"):
        export = service.submit(spec(participants(3), format=format))
        assert (export.state, export.error_code) == ("failed", "BUILD_FAILED"), format
        assert not export.files.ready().exists()


# The database goes away


class Gone:
    """A connection that was lost, and comes back after so many looks at it."""

    def __init__(self, monkeypatch, looks):
        self.looks = looks
        monkeypatch.setattr(connection, "is_usable", lambda: False)
        monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", self.look)

    def look(self):
        self.looks -= 1
        if self.looks >= 0:
            raise OperationalError("server closed the connection unexpectedly")


def test_start_that_a_database_restart_cut_short_does_not_count(export, monkeypatch, settings):
    settings.EXPORTS_BEAT_SECONDS = 0.01
    gone = Gone(monkeypatch, looks=3)
    published = iter([OperationalError("terminating connection due to administrator command")])
    publish = ExportFile.publish

    def lose_connection_once(part, *args):
        if error := next(published, None):
            raise error
        publish(part, *args)

    monkeypatch.setattr(ExportFile, "publish", lose_connection_once)
    pipeline.work_on(export)
    export.refresh_from_db()
    assert (export.state, gone.looks) == ("completed", -1)
    assert [part.attempts for part in export.files.parts()] == [1, 1, 1]


def test_database_that_stays_away_for_longer_than_the_lease_ends_the_task(export, monkeypatch, settings):
    settings.EXPORTS_BEAT_SECONDS, settings.EXPORTS_LEASE_SECONDS = 0.01, 0.05
    Gone(monkeypatch, looks=1_000_000)
    monkeypatch.setattr(ExportFile, "publish", lambda *args: (_ for _ in ()).throw(OperationalError))
    with pytest.raises(OperationalError):
        pipeline.work_on(export)


def test_heartbeats_are_left_out_while_the_database_is_away(settings):
    settings.EXPORTS_BEAT_SECONDS, settings.EXPORTS_LEASE_SECONDS = 0, 0.2
    heard = []

    def beat(rows):
        if rows != 30:
            raise OperationalError
        heard.append(rows)

    heartbeat = Heartbeat(beat, 1_000)
    for rows in (10, 20, 30, 40):
        heartbeat(rows)
    assert heard == [30]
    settings.EXPORTS_LEASE_SECONDS = 0
    with pytest.raises(OperationalError):
        heartbeat(50)
