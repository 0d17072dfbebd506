"""What an export would be is told in true numbers, and nothing is kept."""

import json
import sqlite3
from contextlib import closing

import pytest

from exports import service
from exports.exceptions import NoData, UnknownName
from exports.management.commands._demo_source import fill
from exports.models import ExportRequest
from exports.tasks.run import run_export
from exports.types import ExportSpec
from tests.sources.conftest import opened_source

pytestmark = pytest.mark.django_db

PEOPLE = [{"id": key, "full_name": f"Person {key}", "category": "self_funded"} for key in range(1, 31)]
COLUMNS = {"columns": ("id", "full_name", "category")}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo") / "source.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        fill(connection, "sqlite", 400)
    return path


@pytest.fixture
def source(demo, db):
    """Open the demo as source database; returns what asks it in SQL."""
    with (
        opened_source({"ENGINE": "django.db.backends.sqlite3", "NAME": str(demo)}),
        closing(sqlite3.connect(demo)) as connection,
    ):
        yield lambda question: connection.execute(question).fetchall()


@pytest.fixture
def wish(principal, storage):
    """Return a maker of wishes; at the end nothing may be kept of them."""

    def make(resource="participants", **said):
        records = said.pop("records", None)
        body = records and json.dumps(records).encode()
        return ExportSpec(dialect="platform", resource=resource, principal=principal, records=body, **said)

    yield make
    assert not ExportRequest.objects.exists()
    assert not list(storage.rglob("*"))


def test_estimate_counts_what_the_filters_choose(source, wish):
    ((count,),) = source("SELECT COUNT(*) FROM participants WHERE is_deleted = 0 AND category = 'self_funded'")
    found = service.estimate(wish(filters={"category": "self_funded"}))
    assert (found.records, found.files, found.strategy, found.lane) == (count, 1, "single_file", "immediate")
    assert found.size > 0
    assert found.seconds >= 0
    assert service.estimate(wish(filters={"category": "self_funded", "limit": 3})).records == 3
    assert service.estimate(wish(filters={"nationality": "Atlantis"})).records == 0


def test_estimate_counts_records_that_are_sent(wish):
    assert service.estimate(wish(records=PEOPLE)).records == 30
    chosen = {"filters": {"search": "person 2", "limit": 9}, "options": {"apply_filters": True}}
    assert service.estimate(wish(records=PEOPLE, **chosen)).records == 9


def test_estimate_knows_the_files_of_a_large_export(wish):
    found = service.estimate(wish(records=[{"id": 1}] * 15_001, template="standard"))
    assert (found.files, found.strategy, found.lane) == (4, "multi_file", "normal")


@pytest.mark.django_db
def test_estimate_of_the_size_learns_from_exports_that_were_made(source, principal):
    spec = ExportSpec(dialect="platform", resource="payments", principal=principal, format="csv")
    before = service.estimate(spec)
    made = service.submit(spec)
    run_export(made.pk)
    size = made.files.get().size
    assert service.estimate(spec).size == size
    assert before.size != size


@pytest.mark.parametrize("records", [None, PEOPLE], ids=["database", "sent"])
def test_preview_shows_the_first_records_as_the_file_does(source, wish, records):
    found = service.preview(wish(records=records, template="standard", **COLUMNS), rows=2)
    people = source("SELECT id, full_name, category FROM participants WHERE is_deleted = 0 ORDER BY id LIMIT 2")
    labels = {"self_funded": "Self Funded", "fully_funded": "Fully Funded"}
    shown = people if records is None else [tuple(person.values()) for person in PEOPLE[:2]]
    assert [column.header for column in found.columns] == ["ID", "Full Name", "Category"]
    assert found.rows == [(str(key), name, labels[category]) for key, name, category in shown]


def test_preview_is_filtered_limited_and_sorted_as_the_export(source, wish):
    chosen = {"options": {"apply_filters": True, "sort_by": "id", "sort_order": "desc"}, "filters": {"limit": 2}}
    found = service.preview(wish(records=PEOPLE, **COLUMNS, **chosen))
    assert [row[0] for row in found.rows] == ["30", "29"]
    assert len(service.preview(wish(**COLUMNS, filters={"limit": 2})).rows) == 2
    assert len(service.preview(wish(**COLUMNS)).rows) == 20
    assert service.preview(wish(**COLUMNS, filters={"nationality": "Atlantis"})).rows == []


def test_preview_of_related_rows_is_the_text_of_a_cell(source, wish):
    found = service.preview(wish(columns=("id", "essays"), format="csv"), rows=400)
    ((key, question),) = source("SELECT participant_id, question FROM essays ORDER BY id LIMIT 1")
    assert dict(found.rows)[str(key)].startswith(f"{question}: ")


def test_statistics_count_records_by_their_status(source, wish):
    counted = source("SELECT status, COUNT(*) FROM payments WHERE is_deleted = 0 GROUP BY status")
    found = service.statistics(wish("payments"))
    assert found.records == sum(count for _, count in counted)
    assert {int(share.code): share.count for share in found.breakdown} == dict(counted)
    assert [share.count for share in found.breakdown] == sorted(dict(counted).values(), reverse=True)
    assert {share.label for share in found.breakdown} <= {"Created", "Pending", "Success", "Cancelled", "Rejected"}


def test_statistics_are_of_what_the_filters_choose(source, wish):
    found = service.statistics(wish("payments", filters={"status": "success"}))
    assert [(share.label, share.count) for share in found.breakdown] == [("Success", found.records)]


def test_statistics_of_records_that_are_sent_are_refused(wish):
    with pytest.raises(NoData):
        service.statistics(wish(records=PEOPLE))


@pytest.mark.parametrize("ask", [service.estimate, service.preview, service.statistics])
def test_what_changed_since_the_last_run_is_everything_before_the_first(source, wish, ask):
    everything, changed = ask(wish("students")), ask(wish("students", options={"since": "last_run"}))
    assert changed == everything


@pytest.mark.parametrize("ask", [service.estimate, service.preview, service.statistics])
def test_unknown_filter_is_refused_as_at_the_door(source, wish, ask):
    with pytest.raises(UnknownName, match="Filter 'colour' does not exist"):
        ask(wish(filters={"colour": "red"}))
