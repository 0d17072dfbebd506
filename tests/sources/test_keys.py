"""A key that would lose records, or rows that belong to them, is refused whatever the page it shows on."""

import pytest

from exports import service
from exports.sources import database
from exports.tasks.run import run_export
from tests.sources.things import DEFINITION, definitions

pytestmark = pytest.mark.django_db

KEYS = {
    "twice within a page": [1, 2, 2, 4, 5, 6, 7, 8],
    "twice at the end of a page": [1, 2, 3, 3, 5, 6, 7, 8],
    "twice at the end of the second page": [1, 2, 3, 4, 5, 6, 6, 8],
    "twice at the end": [1, 2, 3, 4, 5, 6, 7, 7],
    "the same in all rows": [1] * 8,
    "empty at first": [None, 2, 3, 4, 5, 6, 7, 8],
    "empty somewhere": [1, 2, 3, 4, 5, 6, 7, None],
    "empty everywhere": [None] * 8,
}


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(database, "FIRST_PAGE", 3)
    monkeypatch.setattr(database, "LARGEST_PAGE", 3)


@pytest.fixture
def declared(things, tmp_path, settings, wish):
    """Return a maker of exports of things whose definition says something else."""

    def make(old, new, **said):
        assert old in DEFINITION
        settings.EXPORTS_TEMPLATES_DIR = definitions(tmp_path, DEFINITION.replace(old, new))
        asked = service.submit(wish("things", dialect="jobs", format="ndjson", **said))
        run_export(asked.pk)
        asked.refresh_from_db()
        return asked

    return make


@pytest.mark.parametrize("keys", KEYS.values(), ids=KEYS)
def test_key_that_is_empty_or_not_unique_is_refused(declared, things, keys):
    for number, key in enumerate(keys, start=1):
        things.add(number, box=key)
    made = declared('key = "t.id"', 'key = "t.box"')
    assert (made.state, made.error_code, made.staged, made.attempts) == ("failed", "SOURCE_MISMATCH", "", 1)
    assert "The key 't.box' of the source is empty or the same in several rows" in made.error_message


@pytest.mark.parametrize("keys", [["a", "A", "b", "B", "c", "C"], ["x", "y", "z", "z ", "zz"]], ids=["case", "blanks"])
def test_keys_that_only_the_database_takes_for_the_same_are_refused_or_all_there(declared, things, records, keys):
    for number, key in enumerate(keys, start=1):
        things.add(number, name=key)
    made = declared('key = "t.id"', 'key = "t.name"')
    if made.state == "completed":
        assert len(records(made)) == len(keys)
    else:
        assert (things.vendor, made.error_code) == ("mysql", "SOURCE_MISMATCH")


def test_joined_table_that_multiplies_records_is_refused(declared, things):
    things.add(*range(1, 7))
    things.add_part(1, 5, "one")
    things.add_part(2, 5, "two")
    made = declared('from = "things t"', 'from = "things t LEFT JOIN thing_parts j ON j.thing_id = t.id"')
    assert "A table that is joined may multiply them." in made.error_message


@pytest.mark.parametrize("filled", ["sqlite", "mysql"], indirect=True)
def test_related_rows_whose_key_is_of_another_type_are_not_lost(declared, things):
    things.add(1, 2)
    things.add_part(1, 2, "one")
    things.run("CREATE TABLE other_things (id INTEGER PRIMARY KEY, thing_id VARCHAR(20), word VARCHAR(100))")
    things.run("INSERT INTO other_things SELECT * FROM thing_parts")
    made = declared('from = "thing_parts q"', 'from = "other_things q"', options={"with_parts": True})
    assert (made.state, made.error_code) == ("failed", "SOURCE_MISMATCH")
    assert "The rows of 'parts' would be lost: their key 'q.thing_id'" in made.error_message
