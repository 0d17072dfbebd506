"""The same records from SQLite, MariaDB and PostgreSQL: equal content, one moment, nothing lost."""

import hashlib
import io
import json
import zipfile

import pytest

from exports import service
from exports.tasks.run import run_export

pytestmark = pytest.mark.django_db

WISHES = {
    "participants": {"template": "standard", "format": "csv"},
    "participants with everything": {"template": "detailed", "format": "json"},
    "participants in Excel": {"template": "detailed", "format": "excel", "options": {"sort_by": "full_name"}},
    "participants by name": {"options": {"sort_by": "full_name", "sort_order": "desc"}, "format": "csv"},
    "participants found": {"filters": {"search": "an", "category": ["fully_funded"], "limit": 50}, "format": "csv"},
    "payments": {"resource": "payments", "template": "custom", "format": "csv"},
    "payments by participant": {
        "resource": "payments",
        "format": "ndjson",
        "options": {"group_by_participant": True, "include_participant_details": True},
        "filters": {"status": ["success", "1"], "amount_range": {"min": 100_000, "max": "250000.50"}},
    },
    "ambassadors": {"resource": "ambassadors", "template": "detailed", "format": "json"},
    "assets": {"resource": "assets", "format": "csv", "dialect": "v1"},
    "tickets": {"resource": "tickets", "format": "csv", "filters": {"is_open": True, "status_id": [1, 2]}},
    "students": {"resource": "students", "format": "csv", "dialect": "jobs", "filters": {"status": "active"}},
    "courses": {"resource": "courses", "format": "csv"},
    "grades": {"resource": "grades", "format": "csv", "options": {"sort_by": "score"}},
}
CONTENT: dict[str, dict[str, str]] = {}
"""Digest by engine, by wish: each engine's tests add theirs."""


def made(spec):
    export = service.submit(spec)
    run_export(export.pk)
    export.refresh_from_db()
    assert export.state == "completed", export.error_message
    return export


def content(export, principal):
    with service.open_file(export, principal).file as file:
        return file.read()


def records_of(export, principal):
    """Return the bytes of a file that say nothing of who asked for it, and when."""
    whole = content(export, principal)
    if export.format == "json":
        return whole.partition(b'"records"')[2]
    if export.format == "excel":
        with zipfile.ZipFile(io.BytesIO(whole)) as book:
            return book.read("xl/worksheets/sheet1.xml")
    return whole


def rows(export, principal):
    return json.loads(content(export, principal))["records"]


@pytest.mark.parametrize("name", WISHES)
def test_content_is_the_same_whatever_the_engine(source, vendor, wish, principal, name, settings):
    export = made(wish(**{"program_id": None, **WISHES[name]}))
    assert export.record_count > 5
    CONTENT.setdefault(name, {})[vendor] = hashlib.sha256(records_of(export, principal)).hexdigest()
    assert len(set(CONTENT[name].values())) == 1, CONTENT[name]


def test_every_record_is_there_once_across_pages(source, wish, principal, monkeypatch):
    monkeypatch.setattr("exports.sources.database.FIRST_PAGE", 7)
    monkeypatch.setattr("exports.sources.database.LARGEST_PAGE", 50)
    records = rows(made(wish(format="json", template="custom", columns=("id",))), principal)
    cursor = source.cursor()
    cursor.execute("SELECT id FROM participants WHERE is_deleted = 0 ORDER BY id")
    assert [record["participant_id"] for record in records] == [key for (key,) in cursor.fetchall()]
