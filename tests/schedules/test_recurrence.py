"""When a schedule comes: tables of cases, and what must hold for every expression, zone and moment."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from exports.exceptions import BadRequest
from exports.schedules.cron import check_pace, checked, shortest_gap
from exports.schedules.recurrence import recurrence

BERLIN, UTC_ZONE = "Europe/Berlin", "UTC"


def of(expression, zone=UTC_ZONE):
    return recurrence("cron", expression, zone)


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def said(runs):
    return [f"{run:%m-%d %H:%M %z}" for run in runs]


FREQUENCIES = {
    "hourly": ("Every hour, on the hour (UTC)", ["11-21 19:00", "11-21 20:00"]),
    "daily": ("Every day at 02:00 (UTC)", ["11-22 02:00", "11-23 02:00"]),
    "weekly": ("Every Monday at 02:00 (UTC)", ["11-23 02:00", "11-30 02:00"]),
    "monthly": ("On the first day of every month at 02:00 (UTC)", ["12-01 02:00", "01-01 02:00"]),
}


@pytest.mark.parametrize("frequency", FREQUENCIES)
def test_frequencies_of_document_004(frequency):
    meaning, runs = FREQUENCIES[frequency]
    found = recurrence(frequency)
    assert found.meaning == meaning
    assert said(found.upcoming(moment("2026-11-21 18:30"), 2)) == [f"{run} +0000" for run in runs]


def test_five_runs_are_told():
    assert len(recurrence("weekly").upcoming(moment("2026-11-21 18:30"))) == 5


def test_run_at_the_very_moment_is_not_the_next_one():
    assert recurrence("daily").next_after(moment("2026-11-22 02:00")) == moment("2026-11-23 02:00")
    assert recurrence("daily").next_after(moment("2026-11-22 01:59:59.999999")) == moment("2026-11-22 02:00")


RUNS = {
    "the autumn night has 02:30 twice and one run": (
        "30 2 * * *", BERLIN, "2026-10-24 12:00", ["10-25 02:30 +0200", "10-26 02:30 +0100"],
    ),
    "after the second 02:15 of that night nothing is left": (
        "30 2 * * *", BERLIN, "2026-10-25 01:15", ["10-26 02:30 +0100"],
    ),
    "the spring night has no 02:30 and one run": (
        "30 2 * * *", BERLIN, "2026-03-28 12:00", ["03-29 03:00 +0200", "03-30 02:30 +0200"],
    ),
    "several runs that the spring night leaves out are one": (
        "0,30 2 * * *", BERLIN, "2026-03-28 12:00", ["03-29 03:00 +0200", "03-30 02:00 +0200", "03-30 02:30 +0200"],
    ),
    "steps within the hour that comes twice come once": (
        "*/30 2 * * *", BERLIN, "2026-10-24 12:00", ["10-25 02:00 +0200", "10-25 02:30 +0200", "10-26 02:00 +0100"],
    ),
    "every hour means every hour that passes": (
        "30 * * * *", BERLIN, "2026-10-24 23:45", ["10-25 02:30 +0200", "10-25 02:30 +0100", "10-25 03:30 +0100"],
    ),
    "every hour in spring": ("30 * * * *", BERLIN, "2026-03-29 00:00", ["03-29 01:30 +0100", "03-29 03:30 +0200"]),
    "every hour of the day, however it is written": (
        "15 0-23 * * *", BERLIN, "2026-10-25 00:00", ["10-25 02:15 +0200", "10-25 02:15 +0100", "10-25 03:15 +0100"],
    ),
    "the 31st is not another day in short months": (
        "0 2 31 * *", UTC_ZONE, "2026-01-30 00:00", ["01-31 02:00 +0000", "03-31 02:00 +0000", "05-31 02:00 +0000"],
    ),
    "the last day is that of each month": (
        "0 2 L * *", UTC_ZONE, "2026-01-30 00:00", ["01-31 02:00 +0000", "02-28 02:00 +0000", "03-31 02:00 +0000"],
    ),
    "a leap day comes every fourth year": ("0 0 29 2 *", UTC_ZONE, "2026-01-01 00:00", ["02-29 00:00 +0000"]),
    "names and ranges": (
        "45 6 * DEC MON-WED", UTC_ZONE, "2026-11-21 00:00", ["12-01 06:45 +0000", "12-02 06:45 +0000"],
    ),
    "days of month and days of week add up": (
        "0 0 13 * FRI", UTC_ZONE, "2026-11-07 00:00", ["11-13 00:00 +0000", "11-20 00:00 +0000"],
    ),
    "a zone of half an hour": ("0 9 * * *", "Asia/Kolkata", "2026-11-21 04:00", ["11-22 09:00 +0530"]),
    "a zone whose clocks jump at midnight": (
        "0 0 * * *", "America/Santiago", "2026-09-05 12:00", ["09-06 01:00 -0300", "09-07 00:00 -0300"],
    ),
    "a zone that once left out a day": (
        "0 12 * * *", "Pacific/Apia", "2011-12-29 12:00",
        ["12-29 12:00 -1000", "12-31 00:00 +1400", "12-31 12:00 +1400"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", RUNS.values(), ids=RUNS)
def test_runs(case):
    expression, zone, after, runs = case
    assert said(of(expression, zone).upcoming(moment(after), len(runs))) == runs


MEANINGS = {
    ("30 6 * * MON-FRI", "Asia/Jakarta"): "At 06:30 on Monday through Friday (Asia/Jakarta)",
    ("*/15 8-17 * * *", UTC_ZONE): "Every 15th minute from 08:00 through 17:59 (UTC)",
    ("0 6 * * 1#1", UTC_ZONE): "At 06:00 on the first Monday of the month (UTC)",
}


@pytest.mark.parametrize(("expression", "zone"), MEANINGS)
def test_meaning_in_words(expression, zone):
    assert of(expression, zone).meaning == MEANINGS[expression, zone]


WRONG = {
    ("fortnightly", "", UTC_ZONE): ("frequency", "hourly, daily, weekly, monthly, cron"),
    ("daily", "0 2 * * *", UTC_ZONE): ("cron", "with the frequency 'cron' only"),
    ("daily", "", "Middle/Earth"): ("time_zone", "'Middle/Earth'"),
    ("daily", "", "../../etc/passwd"): ("time_zone", "no time zone"),
    ("daily", "", "localtime"): ("time_zone", "no time zone"),
    ("cron", "", UTC_ZONE): ("cron", "five fields"),
    ("cron", "@daily", UTC_ZONE): ("cron", "five fields"),
    ("cron", "0 0 2 * * *", UTC_ZONE): ("cron", "five fields"),
    ("cron", "60 2 * * *", UTC_ZONE): ("cron", "'60' is no minute"),
    ("cron", "0 24 * * *", UTC_ZONE): ("cron", "'24' is no hour"),
    ("cron", "0 2 32 * *", UTC_ZONE): ("cron", "'32' is no day of month"),
    ("cron", "0 2 * SMARCH *", UTC_ZONE): ("cron", "'SMARCH' is no month"),
    ("cron", "0 2 * * FRI-MON", UTC_ZONE): ("cron", "'FRI-MON' is no day of week"),
    ("cron", "*/0 2 * * *", UTC_ZONE): ("cron", "'*/0' is no minute"),
    ("cron", "٣ 2 * * *", UTC_ZONE): ("cron", "is no minute"),
    ("cron", "0 0 30 2 *", UTC_ZONE): ("cron", "day '30' of month '2' with weekday '*' never comes"),
    ("cron", "0 0 31 4,6,9,11 *", UTC_ZONE): ("cron", "never comes"),
    ("cron", "0 " * 200, UTC_ZONE): ("cron", "five fields"),
}


@pytest.mark.parametrize("said", WRONG)
def test_what_says_nothing_is_refused_and_the_field_named(said):
    field, words = WRONG[said]
    with pytest.raises(BadRequest) as refused:
        recurrence(*said)
    assert (refused.value.details["field"], words in refused.value.message) == (field, True), refused.value.message


GAPS = {
    "0 2 * * *": 1440,
    "*/15 * * * *": 15,
    "0,14 2 * * *": 14,
    "55 23 * * *": 1440,
    "0,55 0,23 * * *": 5,
    "* * * * *": 1,
}


@pytest.mark.parametrize("expression", GAPS)
def test_pace(expression):
    assert shortest_gap(expression) == GAPS[expression]
    check_pace(expression, GAPS[expression])
    with pytest.raises(
        BadRequest, match=f"runs {GAPS[expression]} minutes apart; at least {GAPS[expression] + 1} must"
    ):
        check_pace(expression, GAPS[expression] + 1)


def numbers(first, last):
    one = st.integers(first, last)
    span = st.tuples(one, one).map(sorted).map(lambda ends: f"{ends[0]}-{ends[1]}")
    step = st.integers(1, last).map(lambda step: f"*/{step}")
    return st.one_of(st.just("*"), one.map(str), span, step, st.lists(one, min_size=2, max_size=4).map(
        lambda several: ",".join(map(str, several))
    ))  # fmt: skip


EXPRESSIONS = st.tuples(numbers(0, 59), numbers(0, 23), numbers(1, 31), numbers(1, 12), numbers(0, 6)).map(" ".join)
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "America/Santiago", "Asia/Kolkata", "Africa/Cairo", "Pacific/Auckland"]
)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def any_recurrence(expression, zone):
    try:
        return of(expression, zone)
    except BadRequest:
        assume(False)
        raise


@settings(max_examples=150)
@given(EXPRESSIONS, ZONES, MOMENTS)
def test_runs_follow_one_another(expression, zone, start):
    found = any_recurrence(expression, zone)
    runs = found.upcoming(start, 6)
    assert all(earlier < later for earlier, later in pairwise([start, *runs]))
    assert found.count_between(start, runs[-1], 100) == 6


@settings(max_examples=150)
@given(EXPRESSIONS, ZONES, MOMENTS, st.floats(0, 1, exclude_max=True))
@example("30 2 * * *", "Europe/Berlin", moment("2026-10-25 00:10"), 0.9)
@example("30 * * * *", "Europe/Berlin", moment("2026-10-25 00:29"), 0.5)
def test_wherever_one_looks_from_the_next_run_is_the_same(expression, zone, start, share):
    """Nothing is skipped and nothing comes twice, however often somebody looks."""
    found = any_recurrence(expression, zone)
    run = found.next_after(start)
    assert found.next_after(start + share * (run - start)) == run


@settings(max_examples=100)
@given(EXPRESSIONS, st.sampled_from(["UTC", "Asia/Jakarta"]), MOMENTS)
def test_runs_are_those_minutes_that_the_fields_name(expression, zone, start):
    """An oracle of its own: every minute of two days is held against the fields."""
    found = any_recurrence(expression, zone)
    start = start.replace(second=0, microsecond=0)
    expected = [
        minute
        for minute in (start + timedelta(minutes=number) for number in range(1, 2880))
        if fits(found.expression, minute.astimezone(ZoneInfo(zone)))
    ]
    runs = found.upcoming(start, len(expected) + 1)
    assert runs[: len(expected)] == expected
    assert runs[-1] >= start + timedelta(minutes=2880)


def fits(expression, wall):
    minute, hour, day, month, weekday = expression.split()
    on_day, on_weekday = has(day, wall.day, 1, 31), has(weekday, wall.isoweekday() % 7, 0, 7)
    both = on_day and on_weekday if "*" in (day[0], weekday[0]) else on_day or on_weekday
    return both and has(minute, wall.minute, 0, 59) and has(hour, wall.hour, 0, 23) and has(month, wall.month, 1, 12)


def has(field, value, first, last):
    if field.startswith("*/"):
        return value in range(first, last + 1, int(field[2:]))
    ends = [int(end) for end in field.split("-")] if "-" in field else []
    return field == "*" or (ends[0] <= value <= ends[1] if ends else value in map(int, field.split(",")))


@settings(max_examples=1_000)
@given(st.lists(st.text("0159LW*,/#-MONFEB ", min_size=1, max_size=7), min_size=1, max_size=6).map(" ".join))
def test_nothing_that_is_typed_breaks_it(expression):
    try:
        found = of(expression)
    except BadRequest:
        return
    assert checked(expression) == found.expression
    assert found.meaning
    assert shortest_gap(found.expression)
    assert len(found.upcoming(moment("2026-11-21 18:30"))) == 5
