"""Trouble with the source database passes, or ends in a clear word: never in part of an export, with nothing left."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exports import pipeline, reading, service
from exports.attempt import attempt
from exports.delivery import storage as files
from exports.exceptions import SourceMismatch, SourceUnavailable
from exports.models import ExportRequest
from exports.sources import database, staging
from exports.tasks.run import run_export
from exports.tasks.sweep import sweep
from tests.sources.conftest import opened_source

pytestmark = pytest.mark.django_db

WISH = {"format": "ndjson", "columns": ("id", "size", "parts")}


@pytest.fixture(autouse=True)
def quick(settings, monkeypatch):
    """Pages of three rows, a heartbeat after each, and short waits."""
    monkeypatch.setattr(database, "FIRST_PAGE", 3)
    monkeypatch.setattr(database, "LARGEST_PAGE", 3)
    settings.EXPORTS_BEAT_SECONDS = 0.01
    settings.EXPORTS_SOURCE_WAIT_SECONDS = 0.05


@pytest.fixture
def asked(things, wish):
    """An export of ten things, accepted and not begun."""
    things.add(*range(1, 11))
    things.add_part(1, 1, "only")
    return service.submit(wish("things", dialect="jobs", **WISH))


@pytest.fixture
def dead(filled):
    """Where no database is."""
    vendor, _, parsed = filled
    nowhere = {"NAME": f"{parsed['NAME']}.gone"} if vendor == "sqlite" else {"HOST": "127.0.0.1", "PORT": "1"}
    return parsed | nowhere


def left(export):
    """Return what is stored of an export besides its files."""
    folder = files.folder(export.public_id)
    return [path.name for path in folder.rglob("*") if path.is_file() and "part" not in path.name]


def run(export):
    run_export(export.pk)
    export.refresh_from_db()
    return export


def test_source_that_is_away_is_said_at_the_door_and_nothing_is_kept(things, wish, dead, storage):
    with opened_source(dead):
        for ask in (service.submit, service.estimate, service.preview, service.statistics):
            with pytest.raises(SourceUnavailable, match="source database cannot be reached"):
                ask(wish("things"))
    assert not ExportRequest.objects.exists()
    assert not list(storage.rglob("*"))


def test_source_that_comes_back_is_waited_for(asked, dead, monkeypatch, settings):
    settings.EXPORTS_SOURCE_WAIT_SECONDS = 10
    beat, beats = ExportRequest.beat_reading, []
    away = opened_source(dead)
    away.__enter__()

    def beat_and_return(export, rows):
        beats.append(rows)
        if len(beats) == 3:
            away.__exit__(None, None, None)
        beat(export, rows)

    monkeypatch.setattr(ExportRequest, "beat_reading", beat_and_return)
    assert (run(asked).state, asked.record_count, left(asked)) == ("completed", 10, [])


def test_source_that_stays_away_fails_the_third_start_and_the_export_can_be_resumed(asked, dead, principal):
    with opened_source(dead):
        assert (run(asked).state, asked.attempts) == ("failed", 3)
    assert (asked.error_code, left(asked)) == ("SOURCE_UNAVAILABLE", [])
    service.resume(asked, principal)
    assert (run(asked).state, asked.record_count) == ("completed", 10)


def test_read_that_fails_is_started_again_in_the_same_turn(asked, at_page):
    """It once waited for the next sweep, ten seconds for a second's work."""

    def fail():
        raise OSError("broken disk")

    at_page(2, fail)
    assert (run(asked).state, asked.record_count, left(asked)) == ("completed", 10, [])


def test_export_whose_read_took_its_turn_lets_others_have_theirs(asked, dead, settings):
    settings.EXPORTS_TURN_SECONDS = 0
    with opened_source(dead):
        assert pipeline.work_on(asked) is pipeline.Turn.OVER
    assert (run(asked).state, asked.record_count) == ("completed", 10)


@pytest.mark.parametrize("filled", ["mysql", "postgresql"], indirect=True)
def test_connection_that_breaks_off_between_pages_costs_only_time(asked, things, at_page, vendor, settings):
    settings.EXPORTS_SOURCE_WAIT_SECONDS = 10
    at_page(2, things.kill_readers)
    assert (run(asked).state, asked.record_count, asked.attempts, left(asked)) == ("completed", 10, 1, [])


LOCKS = {
    "postgresql": ("BEGIN", "LOCK TABLE things IN ACCESS EXCLUSIVE MODE", "ROLLBACK", "-c lock_timeout=50ms"),
    "mysql": ("DO 1", "LOCK TABLES things WRITE", "UNLOCK TABLES", "SET SESSION max_statement_time=0.05"),
}


@pytest.mark.parametrize("filled", ["mysql", "postgresql"], indirect=True)
def test_query_that_waits_for_a_lock_too_long_is_no_mismatch(asked, things, wish, filled, principal):
    begin, lock, end, limit = LOCKS[things.vendor]
    option = "options" if things.vendor == "postgresql" else "init_command"
    with opened_source(filled[2] | {"OPTIONS": {option: limit}}):
        things.run(begin)
        things.run(lock)
        try:
            with pytest.raises(SourceUnavailable, match="broke a query off"):
                service.submit(wish("things", **WISH))
            assert (run(asked).state, asked.error_code) == ("failed", "SOURCE_UNAVAILABLE")
        finally:
            things.run(end)
    service.resume(asked, principal)
    assert (run(asked).state, asked.record_count, left(asked)) == ("completed", 10, [])


CHANGES = {
    "ALTER TABLE things RENAME COLUMN size TO weight": "it has no 't.size', which the field 'size' reads",
    "ALTER TABLE things RENAME COLUMN id TO number": "it has no 't.id', the key",
    "ALTER TABLE thing_parts RENAME COLUMN word TO term": "it cannot be asked for the rows of 'parts'",
    "DROP TABLE thing_parts": "it cannot be asked for the rows of 'parts'",
    "DROP TABLE things": "it cannot be read FROM things t",
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_the_source_lacks_is_named_at_the_door_and_by_the_worker(asked, things, wish, change):
    things.run(change)
    with pytest.raises(SourceMismatch, match=f"not as the definition says: {CHANGES[change]}"):
        service.submit(wish("things", **WISH))
    assert (run(asked).state, asked.error_code, asked.attempts, left(asked)) == ("failed", "SOURCE_MISMATCH", 1, [])
    assert CHANGES[change] in asked.error_message
    assert ExportRequest.objects.count() == 1


def test_column_that_only_a_filter_needs_is_named(things, wish):
    things.run("ALTER TABLE things RENAME COLUMN colour TO paint")
    with pytest.raises(SourceMismatch, match=r"no 't\.colour', which the field 'colour' reads"):
        service.submit(wish("things", columns=("id",), filters={"colour": "r"}))


def test_cancelled_export_is_read_no_further(asked, principal, at_page):
    pages = at_page(2, lambda: service.cancel(ExportRequest.objects.get(pk=asked.pk), principal))
    assert (run(asked).state, left(asked)) == ("cancelled", [])
    assert len(pages) < 4


@pytest.mark.parametrize("page", [2, 4])
def test_worker_that_lost_its_lease_keeps_no_records(asked, at_page, page):
    """On page 4, only the last step finds out."""
    other = ExportRequest.objects.get(pk=asked.pk)

    def take_over():
        ExportRequest.objects.filter(pk=asked.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        assert other.claim()

    at_page(page, take_over)
    assert (run(asked).state, asked.staged, asked.files.count(), left(asked)) == ("processing", "", 0, [])
    assert asked.lease_token == other.lease_token


def test_export_whose_reader_was_killed_is_read_again(asked):
    asked.begin_turn()
    assert asked.claim_reading()
    sent, lapsed = timezone.now() - timedelta(seconds=60), timezone.now() - timedelta(seconds=1)
    ExportRequest.objects.filter(pk=asked.pk).update(enqueued_at=sent, lease_until=lapsed)
    with_half = files.make_folder(asked.public_id) / f"{files.STAGED}half"
    with_half.mkdir()
    (with_half / "00001.parquet").write_bytes(b"half")
    sweep()
    asked.refresh_from_db()
    assert asked.enqueued_at > sent
    assert (run(asked).state, asked.record_count, left(asked)) == ("completed", 10, [])


def test_reader_that_kills_its_worker_each_time_is_given_up(asked):
    ExportRequest.objects.filter(pk=asked.pk).update(state="processing", attempts=3)
    sweep()
    asked.refresh_from_db()
    assert (asked.state, "The records could not be read" in asked.error_message) == ("failed", True)


def test_export_of_which_staged_records_vanished_fails_and_is_no_shorter(asked, things, wish):
    asked = service.submit(wish("things", dialect="jobs", template="split", **WISH))
    asked.begin_turn()
    assert asked.claim_reading()
    attempt(asked, asked, reading.read)
    staged = files.staged_files(asked.public_id, asked.staged)
    assert len(staged) == 4
    staged[1].unlink()
    staging.staged.cache_clear()
    assert (run(asked).state, asked.error_message) == ("failed", "Of 10 records, 7 are in the storage.")
