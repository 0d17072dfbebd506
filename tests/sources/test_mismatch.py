"""A source in SQLite that is locked is away for a moment; one that lacks a column lacks it for good."""

import sqlite3
from contextlib import closing

import pytest

from exports import catalogue
from exports.exceptions import SourceMismatch, SourceUnavailable
from exports.sources.database import snapshot
from tests.sources.conftest import opened_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def courses(tmp_path):
    """A table in a file whose writer locks readers out, as it does without a write-ahead log; returns its writer."""
    path = tmp_path / "source.sqlite3"
    parsed = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": {"timeout": 0.05}}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection, opened_source(parsed):
        connection.execute("CREATE TABLE courses (id INTEGER PRIMARY KEY, status TEXT)")
        yield connection.execute


def count():
    with snapshot() as source:
        return source.count(catalogue.resource("platform", "courses"), ())


def test_locked_file_is_away(courses):
    courses("BEGIN EXCLUSIVE")
    with pytest.raises(SourceUnavailable, match="broke a query off"):
        count()
    courses("COMMIT")
    assert count() == 0


def test_missing_table_is_none_the_less_a_mismatch(courses):
    courses("DROP TABLE courses")
    with pytest.raises(SourceMismatch, match="it cannot be read FROM courses c"):
        count()
