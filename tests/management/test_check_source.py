"""``manage.py check_source`` says what is wrong with a source database, and what would make it quick."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command

from exports.management.commands._demo_source import fill
from tests.sources.conftest import opened_source

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo") / "source.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        fill(connection, "sqlite", 40)
    return path


@pytest.fixture
def source(demo, tmp_path):
    """The demo's tables in a file of the test's own; returns what changes them."""
    path = shutil.copy(demo, tmp_path / "source.sqlite3")
    parsed = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection, opened_source(parsed):
        yield connection.execute


@pytest.fixture
def check(capsys):
    """Return a maker of checks; each returns the lines that were said, and the reason why it failed."""

    def run(*names):
        try:
            call_command("check_source", *names, no_color=True)
        except CommandError as error:
            return capsys.readouterr().out.splitlines(), str(error)
        return capsys.readouterr().out.splitlines(), ""

    return run


def test_sound_source_is_told_resource_by_resource(source, check):
    lines, failed = check()
    assert len(lines) == 8
    assert "platform/participants: 39 records" in lines
    assert not failed


def test_only_the_resources_that_are_named_are_checked(source, check):
    source("DROP TABLE grades")
    lines, failed = check("courses", "students")
    assert [line.partition(":")[0] for line in lines] == ["platform/courses", "platform/students"]
    assert not failed


def test_every_missing_column_is_named_and_the_others_are_checked_all_the_same(source, check):
    source("ALTER TABLE assets RENAME COLUMN serial_number TO serial")
    source("ALTER TABLE assets RENAME COLUMN name TO title")
    source("ALTER TABLE essays RENAME COLUMN answer TO reply")
    source("ALTER TABLE payments RENAME COLUMN program_payment_id TO fee_id")
    source("DROP TABLE courses")
    lines, failed = check("participants", "assets", "courses", "tickets")
    assert "platform/assets: it has no 'a.name', which the field 'name' reads" in lines
    assert "platform/assets: it has no 'a.serial_number', which the field 'serial_number' reads" in lines
    assert "platform/courses: it cannot be read FROM courses c" in lines
    assert "platform/participants: it cannot be asked for the rows of 'essays'" in lines
    assert "platform/participants: it cannot be asked for the filter 'program_payment_id'" in lines
    assert any(line.startswith("platform/tickets: ") and line.endswith(" records") for line in lines)
    assert failed == "Cannot be exported: assets, courses, participants."


def test_key_that_several_rows_have_is_told(source, check):
    source("CREATE TABLE copies AS SELECT * FROM students UNION ALL SELECT * FROM (SELECT * FROM students LIMIT 2)")
    source("DROP TABLE students")
    source("ALTER TABLE copies RENAME TO students")
    lines, failed = check("students")
    assert lines == ["platform/students: the key is empty or not unique in 2 rows"]
    assert failed == "Cannot be exported: students."


def test_missing_index_is_told_as_what_makes_it_and_fails_nothing(source, check):
    source("DROP INDEX essays_participant_id")
    lines, failed = check("participants")
    assert lines[1:] == [
        "platform/participants: an index is missing: CREATE INDEX essays_participant_id ON essays (participant_id);"
    ]
    assert not failed
    source(lines[1].partition("missing: ")[2])
    assert len(check("participants")[0]) == 1


def test_source_that_is_away_is_told_with_the_variable_that_names_it(tmp_path, check):
    with opened_source({"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "none")}):
        lines, failed = check()
    assert lines == []
    assert failed.startswith("The source database cannot be reached.")
    assert "SOURCE_DATABASE_URL" in failed


def test_unknown_resource_is_told_with_the_nearest(source, check):
    assert check("participant", "payments")[1] == (
        "No resource with a source is called 'participant'. Did you mean 'participants'?"
    )
