"""Only what changed: since a moment, or since the same was exported the last time."""

import json

import pytest

from exports import catalogue, service
from exports.exceptions import BadRequest, BuildError
from exports.models import ApiClient
from exports.types import Principal
from tests.sources.things import MORNING

pytestmark = pytest.mark.django_db

NOON, EVENING = "2026-05-15 12:00:00", "2026-05-15 20:00:00"
LAST_RUN = {"since": "last_run"}


@pytest.fixture
def changed(export, records):
    """Return a maker of exports of what changed since the last run, and what they had: keys, and how many left."""

    def run(**said):
        said["options"] = LAST_RUN | said.get("options", {})
        made = export(**{"format": "ndjson", **said})
        return [record["id"] for record in records(made)], made.unchanged_count

    return run


@pytest.fixture
def three(things):
    """Three things: changed in the morning, at noon, and nobody knows when."""
    things.add(1)
    things.add(2, changed_at=NOON)
    things.add(3, changed_at=None)
    return things


SINCE = {
    "2026-05-15": ([1, 2, 3], 0),
    MORNING: ([1, 2, 3], 0),
    "2026-05-15T08:00:01": ([2, 3], 1),
    "2026-05-15 12:00": ([2, 3], 1),
    "2026-05-15 12:00:00.5": ([3], 2),
    "2026-05-16": ([3], 2),
}


@pytest.mark.parametrize("since", SINCE)
def test_only_what_changed_since_a_moment_is_exported_and_the_rest_is_counted(three, changed, since):
    assert changed(options={"since": since}) == SINCE[since]


def test_second_run_has_only_what_changed_since_the_first(three, changed):
    assert changed() == ([1, 2, 3], None)
    three.add(4, 5, changed_at=EVENING)
    three.run("UPDATE things SET changed_at = %s WHERE id = 1", EVENING)
    # What has the last run's newest moment may have been written after it; what has none, at any time.
    assert changed() == ([1, 2, 3, 4, 5], 0)
    assert changed() == ([1, 3, 4, 5], 1)


def test_run_in_which_nothing_changed_is_an_empty_export_and_forgets_nothing(things, changed):
    things.add(1, changed_at=NOON)
    assert changed() == ([1], None)
    things.run("DELETE FROM things")
    assert changed() == ([], 0)
    things.add(2, changed_at=MORNING)
    things.add(3, changed_at=EVENING)
    assert changed() == ([3], 1)


def test_moments_finer_than_milliseconds_are_not_passed_over(things, changed):
    for key in (1, 2, 3):
        things.add(key, changed_at=f"2026-05-15 12:00:00.12345{key}")
    things.add(4)
    changed()
    things.add(5, changed_at="2026-05-15 12:00:00.123454")
    assert changed() == ([1, 2, 3, 5], 1)


UNCOUNTED = {
    "another caller's": {"principal": None},
    "of other columns": {"columns": ("id", "name")},
    "of another program": {"program_id": 1},
    "filtered otherwise": {"filters": {"colour": "r"}},
    "limited": {"filters": {"limit": 2}},
    "since a moment": {"options": {"since": NOON}},
    "grouped": {"options": {"by_colour": True}},
    "of records that were sent": {"records": json.dumps([{"id": 9, "changed_at": EVENING}]).encode()},
}


@pytest.mark.parametrize("other", UNCOUNTED.values(), ids=UNCOUNTED)
def test_run_that_did_not_have_everything_of_the_wish_does_not_count(three, changed, export, other):
    if "principal" in other:
        other = {"principal": Principal(client=ApiClient.objects.create_key(name="other")[0])}
    assert export(format="ndjson", **other).state == "completed"
    assert changed() == ([1, 2, 3], None)


def test_failed_run_does_not_count(three, changed, wish):
    asked = service.submit(wish("things", dialect="jobs", options=LAST_RUN))
    asked.mark_failed(BuildError("The machine caught fire."))
    assert changed() == ([1, 2, 3], None)


def test_limited_run_begins_where_the_last_one_ended_and_is_none_itself(three, changed):
    assert changed() == ([1, 2, 3], None)
    three.add(4, 5, changed_at=EVENING)
    assert changed(filters={"limit": 1}) == ([2], 1)
    assert changed() == ([2, 3, 4, 5], 1)


def test_records_that_are_sent_are_left_out_where_they_did_not_change(things, changed):
    rows = [{"id": 1, "changed_at": MORNING}, {"id": 2, "changed_at": NOON}, {"id": 3, "changed_at": "soon"}]
    assert changed(records=json.dumps(rows).encode()) == ([1, 2, 3], None)
    rows.append({"id": 4, "changed_at": "2026-05-15T12:00:00"})
    assert changed(records=json.dumps(rows).encode()) == ([2, 3, 4], 1)


@pytest.mark.parametrize("since", ["yesterday", "2026-02-30", "2026-5-1", 20260515, True, ["last_run"]])
def test_moment_that_is_none_is_refused(things, changed, since):
    with pytest.raises(BadRequest, match=r"'options\.since' must be 'last_run' or a moment such as"):
        changed(options={"since": since})


def test_row_that_was_committed_late_is_not_passed_over(things, changed, monkeypatch):
    monkeypatch.setitem(catalogue.resource("platform", "things").__dict__, "watermark_overlap", 60)
    things.add(1, changed_at=NOON)
    assert changed() == ([1], None)
    things.add(2, changed_at="2026-05-15 11:59:30")
    things.add(3, changed_at="2026-05-15 11:58:59")
    assert changed() == ([1, 2], 1)
