"""A schedule with ``since: last_run`` follows its own runs, whatever else is exported."""

from exports import schedules
from exports.tasks.run import run_export
from tests.sources.test_delta import EVENING, NOON

from .conftest import look, make_due, run

LAST_RUN = {"since": "last_run"}


def ids(records, made):
    return [record["id"] for record in records(made)]


def test_each_run_has_what_changed_since_the_one_before(things, new_schedule, records):
    schedule = new_schedule(options=LAST_RUN)
    things.add(1)
    assert ids(records, run(schedule)) == [1]
    things.add(2, changed_at=NOON)
    things.add(3, changed_at=EVENING)
    second = run(schedule)
    assert (ids(records, second), second.unchanged_count) == ([1, 2, 3], 0)
    things.add(4, changed_at=EVENING)
    third = run(schedule)
    assert (ids(records, third), third.unchanged_count) == ([3, 4], 2)


def test_what_somebody_exports_besides_is_not_missing_in_the_next_run(things, new_schedule, records, export, wish):
    schedule = new_schedule(options=LAST_RUN)
    things.add(1)
    run(schedule)
    things.add(2, changed_at=NOON)
    things.add(3, changed_at=EVENING)
    besides = export(dialect="jobs", format="ndjson", options=LAST_RUN)
    assert ids(records, besides) == [1, 2, 3]
    assert ids(records, run(schedule)) == [1, 2, 3]


def test_two_schedules_of_the_same_wish_do_not_share_a_series(things, new_schedule, records):
    one, other = new_schedule(options=LAST_RUN), new_schedule(name="other", options=LAST_RUN)
    things.add(1)
    run(one)
    things.add(2, changed_at=EVENING)
    run(one)
    assert ids(records, run(other)) == [1, 2]


def test_run_out_of_turn_is_one_of_the_series(things, new_schedule, records, principal):
    schedule = new_schedule(options=LAST_RUN)
    things.add(1)
    run(schedule)
    things.add(2, changed_at=EVENING)
    by_hand = schedules.run_now(schedule, principal)
    run_export(by_hand.pk)
    by_hand.refresh_from_db()
    assert ids(records, by_hand) == [1, 2]
    assert ids(records, run(schedule)) == [2]


def test_other_filters_begin_a_series_of_their_own(things, new_schedule, records, principal):
    schedule = new_schedule(options=LAST_RUN)
    things.add(1)
    things.add(2, colour="b", changed_at=EVENING)
    run(schedule)
    schedules.change(schedule, principal, filters={"colour": "r"})
    assert ids(records, run(schedule)) == [1]
    make_due(schedule)
    look()
