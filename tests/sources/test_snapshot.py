"""An export is of one moment: whatever happens to the tables while it is read, and however often it is started."""

import msgspec
import pytest

from exports import catalogue, pipeline, service
from exports.exceptions import BuildError
from exports.sources import database
from exports.tasks.run import run_export
from tests.sources.conftest import opened_source

pytestmark = pytest.mark.django_db

WISH = {"format": "ndjson", "columns": ("id", "name", "parts")}


@pytest.fixture
def filled_things(things, monkeypatch):
    """Ten things with two parts each, read by three rows at a time."""
    monkeypatch.setattr(database, "FIRST_PAGE", 3)
    monkeypatch.setattr(database, "LARGEST_PAGE", 3)
    things.add(*range(10, 20))
    for thing in range(10, 20):
        things.add_part(2 * thing, thing, f"first of {thing}")
        things.add_part(2 * thing + 1, thing, f"second of {thing}")
    return things


def expected(*keys):
    return [
        {"id": key, "name": f"Thing {key}", "parts": [{"word": f"first of {key}"}, {"word": f"second of {key}"}]}
        for key in keys
    ]


def change_everything(things):
    things.add(5, 15_000, 25)
    things.run("DELETE FROM things WHERE id IN (11, 14, 18)")
    things.run("UPDATE things SET name = 'changed'")
    things.run("UPDATE thing_parts SET word = 'changed' WHERE thing_id > 12")
    things.run("DELETE FROM thing_parts WHERE thing_id = 16")


@pytest.mark.parametrize("page", [1, 2, 3])
@pytest.mark.parametrize("options", [{}, {"sort_by": "id", "sort_order": "desc"}])
def test_rows_changed_while_they_are_read_do_not_tear_an_export(filled_things, export, records, at_page, page, options):
    at_page(page, lambda: change_everything(filled_things))
    made = export(**WISH, options=options)
    assert records(made) == expected(*sorted(range(10, 20), reverse=bool(options)))


@pytest.mark.parametrize("filled", ["mysql"], indirect=True)
def test_connection_that_was_lost_before_is_of_one_moment_all_the_same(filled_things, filled, export, records, at_page):
    """PyMySQL connects anew on its own, with whatever isolation the server has for everybody."""
    for_everybody = {"init_command": "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"}
    with opened_source(filled[2] | {"OPTIONS": for_everybody}):
        export()
        filled_things.kill_readers()
        at_page(2, lambda: change_everything(filled_things))
        assert records(export(**WISH)) == expected(*range(10, 20))


@pytest.fixture
def asked(filled_things, wish, monkeypatch):
    """An export of ten things in three files, accepted and not begun."""
    policies = catalogue.definitions().policies
    cuts_by_template = msgspec.structs.replace(policies["jobs"], single_file_by_template=True)
    monkeypatch.setitem(policies, "jobs", cuts_by_template)
    asked = service.submit(wish("things", dialect="jobs", template="split", **WISH))
    assert (asked.state, asked.parts_total) == ("queued", 3)
    return asked


def test_moment_is_that_of_reading(asked, filled_things, records):
    """What was counted when the export was asked for is an estimate."""
    filled_things.run("DELETE FROM things WHERE id < 15")
    run_export(asked.pk)
    asked.refresh_from_db()
    assert (asked.record_count, asked.parts_total, records(asked)) == (5, 2, expected(*range(15, 20)))


def test_all_files_and_starts_have_the_records_of_one_moment(asked, filled_things, principal, records, settings):
    """An export that is resumed after it was read does not ask the database again."""
    settings.EXPORTS_TURN_SECONDS = 0
    pipeline.work_on(asked)
    change_everything(filled_things)
    asked.mark_failed(BuildError("The machine caught fire."))
    service.resume(asked, principal)
    run_export(asked.pk)
    asked.refresh_from_db()
    assert (asked.parts_done, records(asked)) == (3, expected(*range(10, 20)))


def test_export_that_failed_before_it_was_read_reads_anew(asked, filled_things, principal, records):
    asked.begin_turn()
    asked.mark_failed(BuildError("The machine caught fire."))
    filled_things.run("DELETE FROM things WHERE id > 12")
    service.resume(asked, principal)
    run_export(asked.pk)
    asked.refresh_from_db()
    assert records(asked) == expected(10, 11, 12)


def test_export_asked_for_again_has_the_records_that_were_read(asked, filled_things, principal, records, settings):
    settings.EXPORTS_TURN_SECONDS = 0
    pipeline.work_on(asked)
    asked.mark_failed(BuildError("The machine caught fire."))
    filled_things.run("DELETE FROM things")
    again = service.retry(asked, principal)
    run_export(again.pk)
    again.refresh_from_db()
    assert records(again) == expected(*range(10, 20))
