"""Runs that are due: asked for once, in the owner's name; made up for, put off, counted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exports import schedules, service
from exports.exceptions import BuildError, QueueFull, SourceUnavailable, StorageFull
from exports.models import ApiClient, ExportRequest, ExportSchedule, LaneHeartbeat
from exports.schedules import due
from exports.types import Principal
from tests.made import person

from .conftest import history, let_time_pass, look, make_due, messages, run


@pytest.fixture
def schedule(things, new_schedule):
    things.add(1, 2)
    return new_schedule()


def ask(schedule):
    due.ask(schedule.pk)
    schedule.refresh_from_db()


def test_run_that_is_due_becomes_an_export(schedule, records, principal):
    when = make_due(schedule)
    look()
    assert messages() == [schedule.pk]
    ask(schedule)
    export = schedule.exports.get()
    assert (export.source, export.client, export.owner, export.state) == (
        "schedule", principal.client, principal.owner, "queued",
    )  # fmt: skip
    assert schedule.next_run_at == schedules.recurrence_of(schedule).next_after(timezone.now())
    assert (schedule.last_export, schedule.due_at, when < schedule.last_run_at) == (export, None, True)
    assert history(schedule) == ["created", "started"]


def test_run_that_is_not_due_is_left_alone(schedule):
    look()
    assert (messages(), history(schedule)) == ([], ["created"])


def test_looking_and_asking_again_makes_nothing_more(schedule):
    make_due(schedule)
    for _ in range(3):
        look()
    for _ in range(3):
        ask(schedule)
    look()
    assert (schedule.exports.count(), messages()) == (1, [schedule.pk])


def test_of_runs_that_were_missed_one_is_made_and_the_others_are_told(schedule):
    let_time_pass(schedule, days=4, hours=1)
    make_due(schedule)
    let_time_pass(schedule, days=3)
    look()
    ask(schedule)
    look()
    assert (schedule.exports.count(), schedule.skipped) == (1, 3)
    assert schedule.events.get(event="skipped").message == "Runs skipped: 3; nothing was running"
    assert schedule.next_run_at > timezone.now()


@pytest.mark.parametrize(
    "busy", [QueueFull(retry_after=20), SourceUnavailable(), StorageFull(retry_after=60)], ids=lambda error: error.code
)
def test_full_queue_is_no_failure_and_the_run_is_tried_again_soon(schedule, monkeypatch, busy):
    def refuse(spec):
        raise busy

    make_due(schedule)
    look()
    with monkeypatch.context() as full:
        full.setattr(service, "submit", refuse)
        ask(schedule)
        let_time_pass(schedule, seconds=300)
        look()
        ask(schedule)
    assert (schedule.failures, schedule.waiting_because, schedule.attempts) == (0, busy.message, 0)
    assert history(schedule) == ["created", "delayed"]
    look()
    assert len(messages()) == 2
    let_time_pass(schedule, seconds=61)
    look()
    assert len(messages()) == 3
    ask(schedule)
    assert (schedule.exports.count(), schedule.waiting_because) == (1, "")


def test_run_that_waits_for_too_long_is_skipped_and_is_no_failure(schedule, monkeypatch, settings):
    make_due(schedule)
    look()
    monkeypatch.setattr(service, "submit", lambda spec: (_ for _ in ()).throw(QueueFull()))
    let_time_pass(schedule, hours=7)
    ask(schedule)
    assert (schedule.due_at, schedule.skipped, schedule.failures) == (None, 1, 0)
    assert schedule.events.get(event="skipped").message.startswith("Runs skipped: 1; there was no room for 6 hours: ")


def test_next_run_does_not_come_on_top_of_one_that_waits(schedule, monkeypatch):
    make_due(schedule)
    look()
    with monkeypatch.context() as full:
        full.setattr(service, "submit", lambda spec: (_ for _ in ()).throw(QueueFull()))
        ask(schedule)
    make_due(schedule)
    look()
    let_time_pass(schedule, minutes=5)
    look()
    ask(schedule)
    assert (schedule.exports.count(), schedule.skipped, schedule.due_at) == (1, 1, None)


def revoke(schedule):
    ApiClient.objects.update(revoked=True)


def expire(schedule):
    ApiClient.objects.update(expiry_date=timezone.now() - timedelta(days=1))


def restrict(schedule):
    ApiClient.objects.update(programs=[7])


def switch_off(schedule):
    ApiClient.objects.update(user=person("somebody", is_active=False))


def remove(schedule):
    ApiClient.objects.all().delete()


def spoil(schedule):
    ExportSchedule.objects.update(columns=["nothing"])


def garble(schedule):
    ExportSchedule.objects.update(columns=7)


REFUSED = {
    revoke: ("NOT_ALLOWED", "The API key that the schedule was made with is revoked."),
    expire: ("NOT_ALLOWED", "The API key that the schedule was made with has expired."),
    restrict: ("NOT_ALLOWED", "This client may not export the records of this program."),
    switch_off: ("NOT_ALLOWED", "The account of the schedule's owner is not active any more."),
    remove: ("NOT_ALLOWED", "Whoever made the schedule does not exist any more."),
    spoil: ("UNKNOWN_NAME", "nothing"),
    garble: ("EXPORT_FAILED", "The run could not be asked for; the log of the workers says why."),
}


@pytest.mark.parametrize("happen", REFUSED, ids=lambda happen: happen.__name__)
def test_run_that_its_owner_may_not_make_any_more_failed_and_says_why(schedule, happen):
    make_due(schedule)
    look()
    happen(schedule)
    ask(schedule)
    code, words = REFUSED[happen]
    assert (schedule.failures, schedule.last_error_code, words in schedule.last_error) == (1, code, True)
    assert (schedule.exports.count(), schedule.due_at, history(schedule)) == (0, None, ["created", "failed"])


def fail(schedule):
    export = run_without_making(schedule)
    export.mark_failed(BuildError("The machine caught fire."))
    look()
    schedule.refresh_from_db()


def run_without_making(schedule):
    make_due(schedule)
    look()
    ask(schedule)
    return schedule.exports.first()


def test_failures_in_a_row_warn_and_then_pause(schedule):
    for _ in range(2):
        fail(schedule)
    assert (schedule.failures, schedule.is_failing, "warned" in history(schedule)) == (2, False, False)
    fail(schedule)
    assert (schedule.is_failing, schedule.state, history(schedule).count("warned")) == (True, "active", 1)
    fail(schedule)
    fail(schedule)
    assert (schedule.state, schedule.next_run_at) == ("paused", None)
    assert schedule.paused_because == "5 runs in a row failed. The last one: The machine caught fire."
    assert history(schedule).count("warned") == 1
    assert history(schedule)[-1] == "paused"
    look()
    assert schedule.exports.count() == 5


def test_success_ends_the_row(schedule):
    for _ in range(4):
        fail(schedule)
    assert run(schedule).state == "completed"
    look()
    schedule.refresh_from_db()
    assert (schedule.failures, schedule.last_error) == (0, "")
    fail(schedule)
    assert schedule.failures == 1


def test_resumed_schedule_begins_anew(schedule, principal):
    for _ in range(5):
        fail(schedule)
    assert schedules.resume(schedule, principal)
    assert (schedule.failures, schedule.paused_because, schedule.next_run_at > timezone.now()) == (0, "", True)
    fail(schedule)
    assert (schedule.failures, schedule.state) == (1, "active")


def test_cancelled_run_says_nothing_of_either(schedule):
    fail(schedule)
    run_without_making(schedule).mark_cancelled(Principal())
    look()
    schedule.refresh_from_db()
    assert schedule.failures == 1


def test_runs_are_counted_in_their_order_whatever_ends_first(schedule):
    first, second = run_without_making(schedule), run_without_making(schedule)
    second.mark_failed(BuildError("Second."))
    look()
    schedule.refresh_from_db()
    assert schedule.failures == 0
    ExportRequest.objects.filter(pk=first.pk).update(state="completed", completed_at=timezone.now())
    look()
    schedule.refresh_from_db()
    assert (schedule.failures, schedule.last_error) == (1, "Second.")


def test_end_is_counted_once(schedule):
    run_without_making(schedule).mark_failed(BuildError("Once."))
    stale = ExportSchedule.objects.get(pk=schedule.pk)
    assert [stale.judge([schedule.exports.first()]) for _ in range(3)] == [True, False, False]
    schedule.refresh_from_db()
    assert schedule.failures == 1


BROKEN = {
    "frequency": {"frequency": "whenever"},
    "time_zone": {"time_zone": "Middle/Earth"},
    "cron": {"frequency": "cron", "cron": "x"},
}


@pytest.mark.parametrize("column", BROKEN)
def test_malformed_row_is_paused_and_keeps_nobody_waiting(schedule, new_schedule, column):
    others = [new_schedule(name=f"other {number}") for number in range(2)]
    broken = ExportSchedule.objects.filter(pk=schedule.pk)
    make_due(schedule)
    broken.update(**BROKEN[column])
    for other in others:
        make_due(other)
    look()
    assert messages() == [other.pk for other in others]
    schedule.refresh_from_db()
    assert (schedule.state, column in schedule.paused_because) == ("paused", True)


def test_lost_message_is_sent_again_once_the_lane_has_served_what_came_later(schedule):
    make_due(schedule)
    look()
    let_time_pass(schedule, minutes=5)
    look()
    assert len(messages()) == 1
    LaneHeartbeat.objects.answer("here", "high", timezone.now())
    look()
    look()
    assert len(messages()) == 2


def test_worker_that_died_is_replaced_and_three_are_enough(schedule):
    make_due(schedule)
    look()
    for start in (1, 2, 3):
        assert ExportSchedule.objects.get(pk=schedule.pk).claim()
        look()
        assert len(messages()) == start
        let_time_pass(schedule, minutes=3)
        look()
    schedule.refresh_from_db()
    assert (schedule.failures, len(messages()), schedule.due_at) == (1, 3, None)
    assert schedule.last_error == "The run could not be asked for: its worker stopped without a word 3 times."


def test_worker_that_comes_back_too_late_makes_no_second_export(schedule, monkeypatch):
    submit = service.submit

    def submit_late(spec):
        let_time_pass(schedule, minutes=3)
        monkeypatch.setattr(service, "submit", submit)
        due.ask(schedule.pk)
        return submit(spec)

    make_due(schedule)
    look()
    monkeypatch.setattr(service, "submit", submit_late)
    ask(schedule)
    assert (schedule.exports.count(), schedule.failures) == (1, 0)


@pytest.mark.parametrize("end", [schedules.pause, schedules.delete])
def test_due_run_of_a_schedule_that_was_ended_meanwhile_is_not_made(schedule, principal, monkeypatch, end):
    submit = service.submit

    def end_and_submit(spec):
        end(ExportSchedule.objects.get(pk=schedule.pk), principal)
        return submit(spec)

    make_due(schedule)
    look()
    monkeypatch.setattr(service, "submit", end_and_submit)
    ask(schedule)
    assert (ExportRequest.objects.count(), schedule.failures) == (0, 0)


def test_worker_that_has_to_end_hands_the_run_back(schedule, monkeypatch):
    def stop(spec):
        raise SystemExit

    make_due(schedule)
    look()
    with monkeypatch.context() as stopping:
        stopping.setattr(service, "submit", stop)
        with pytest.raises(SystemExit):
            due.ask(schedule.pk)
    look()
    assert len(messages()) == 2
    ask(schedule)
    assert (schedule.exports.count(), schedule.failures) == (1, 0)


def test_failed_run_that_is_asked_for_again_stays_one_of_the_schedule(schedule, principal):
    fail(schedule)
    export = service.retry(schedule.exports.get(), principal)
    assert export.schedule_id == schedule.pk
