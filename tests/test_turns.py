"""Whose turn it is in a lane; and that people are told what the rule is going to do."""

import time
from dataclasses import replace
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.turns import Job, forecast, next_job

NOW = 1_000_000.0
TURN = 5.0


def job(id, owner="a", seconds=1.0, **values):
    return Job(id=id, owner=owner, seconds=seconds, **values)


def chosen(*jobs):
    found = next_job(jobs)
    return found.id if found else None


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [
        ((), None),
        ((job(1, room=0, workers=1),), None),
        ((job(2), job(1)), 1),
        # The owner for whom fewer workers are at work, although the other was never served and is older.
        ((job(1, "a", workers=1), job(2, "a"), job(3, "b", last_turn=9.0)), 3),
        # The owner who was served the longest ago; who never was comes first.
        ((job(1, "a", last_turn=9.0), job(2, "b", last_turn=8.0)), 2),
        ((job(1, "a", last_turn=9.0), job(2, "b")), 2),
        # The last turn of an owner is that of any of its jobs, an ended one too.
        ((job(1, "a", room=0, last_turn=9.0), job(2, "a"), job(3, "b")), 3),
        # Of an owner's jobs the oldest, begun or not.
        ((job(1, "a"), job(2, "a", last_turn=9.0)), 1),
        ((job(1, "a", workers=2, room=0), job(2, "a", workers=0), job(3, "a")), 2),
    ],
)
def test_the_turn_goes_by_workers_then_last_turn_then_age(jobs, expected):
    assert chosen(*jobs) == expected


def test_one_worker_makes_one_after_the_other():
    found = forecast([job(1, seconds=3), job(2, seconds=12), job(3, seconds=1)], 1, TURN, NOW)
    assert [(f.position, f.starts_in, f.ends_in) for f in found.values()] == [(1, 0, 3), (2, 3, 15), (3, 15, 16)]


def test_owners_take_turns():
    found = forecast([job(1, "a", seconds=12), job(2, "b", seconds=6)], 1, TURN, NOW)
    assert (found[1].ends_in, found[2].starts_in, found[2].ends_in) == (18, 5, 16)


def test_a_turn_ends_with_a_part():
    found = forecast([job(1, "a", seconds=40, part_seconds=4), job(2, "b", seconds=1)], 1, TURN, NOW)
    assert found[2].starts_in == 8


def test_a_file_is_not_laid_down_half_made():
    found = forecast([job(1, "a", seconds=60, part_seconds=60), job(2, "b")], 1, TURN, NOW)
    assert found[2].starts_in == 60


def test_what_workers_hold_is_finished_first():
    held = job(1, "a", seconds=10, held_seconds=3, part_seconds=7, workers=1, room=1, last_turn=NOW - TURN)
    found = forecast([held, job(2, "b")], 1, TURN, NOW)
    assert (found[1].position, found[1].starts_in, found[2].starts_in, found[1].ends_in) == (None, 0, 3, 11)


def test_two_workers_halve_the_time_of_one_export():
    assert forecast([job(1, seconds=40, part_seconds=1, room=2)], 2, TURN, NOW)[1].ends_in == 20


def test_what_nobody_may_take_up_is_left_out():
    assert forecast([job(1, room=0), job(2, seconds=0)], 1, TURN, NOW).keys() == {2}


OWNERS = st.sampled_from("abcd")
HELD = st.builds(
    lambda id, owner, seconds, part, workers, room, ago: Job(
        id=id,
        owner=owner,
        seconds=seconds,
        held_seconds=seconds / 2 if workers else 0.0,
        part_seconds=part,
        workers=workers,
        room=room,
        last_turn=NOW - ago if workers or ago > 5 else None,
    ),
    st.integers(1, 10_000),
    OWNERS,
    st.integers(0, 40).map(float),
    st.sampled_from((0.0, 0.5, 2.0, 9.0)),
    st.integers(0, 2),
    st.integers(0, 2),
    st.integers(0, 10).map(float),
)
LANES = st.lists(HELD, max_size=12, unique_by=lambda job: job.id)


def played(jobs, workers):
    """Play a lane as its workers do: whoever is free asks ``next_job``. Return who began when, in order."""
    at, idle, ends, began = 0.0, workers - sum(job.workers for job in jobs), [], []
    jobs = {job.id: replace(job, seconds=job.seconds - job.held_seconds) for job in jobs}
    cap = {job.id: job.workers + job.room for job in jobs.values()}

    def take(job, turn):
        part = job.part_seconds
        taken = min(max(ceil(turn / part), 1) * part if part else turn, job.seconds)
        return taken, replace(job, seconds=job.seconds - taken)

    def with_room(job):
        parts = ceil(job.seconds / job.part_seconds) if job.part_seconds else cap[job.id]
        return replace(job, room=min(cap[job.id] - job.workers, parts) if job.seconds else 0)

    for id, job in list(jobs.items()):
        held = job.held_seconds / max(job.workers, 1)
        for _ in range(job.workers):
            rest = TURN - (NOW - job.last_turn) - held
            more, jobs[id] = take(jobs[id], rest) if rest > 0 else (0.0, jobs[id])
            jobs[id] = with_room(jobs[id]) if rest > 0 else jobs[id]
            ends.append((held + more, id))
    while True:
        while idle > 0 and (job := next_job(jobs.values())):
            taken, job = take(job, TURN)
            jobs[job.id] = with_room(replace(job, workers=job.workers + 1, last_turn=NOW + at))
            ends.append((at + taken, job.id))
            began.append((job.id, at))
            idle -= 1
        if not ends:
            return began
        first = min(range(len(ends)), key=lambda number: ends[number][0])
        at, id = ends.pop(first)
        jobs[id] = with_room(replace(jobs[id], workers=jobs[id].workers - 1))
        idle += 1


@given(LANES, st.integers(1, 4))
def test_the_forecast_is_what_workers_do_who_ask_whose_turn_it_is(jobs, workers):
    began = {}
    for id, at in played(jobs, workers):
        began.setdefault(id, at)
    found = forecast(jobs, workers, TURN, NOW)
    new = {job.id for job in jobs if job.is_new}
    assert {id: found[id].starts_in for id in new & found.keys()} == pytest.approx(
        {id: at for id, at in began.items() if id in new}
    )
    order = sorted(new & found.keys(), key=lambda id: found[id].position)
    assert order == [id for id in began if id in new]


@given(LANES, st.integers(1, 4))
def test_everything_that_can_be_done_ends_and_no_second_is_lost(jobs, workers):
    found = forecast(jobs, workers, TURN, NOW)
    assert found.keys() == {job.id for job in jobs if job.workers or job.room}
    assert all(0 <= f.starts_in <= f.ends_in for f in found.values())
    doable = sum(job.seconds for job in jobs if job.id in found)
    busiest = max(workers, sum(job.workers for job in jobs))
    assert max((f.ends_in for f in found.values()), default=0) >= doable / busiest - 1e-6
    assert sorted(f.position for f in found.values() if f.position) == list(
        range(1, 1 + sum(job.is_new and job.room > 0 for job in jobs))
    )


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=50), st.integers(1, 4), st.just(0.0) | st.floats(0.01, 50))
def test_fifty_exports_of_one_owner_do_not_starve_the_one_of_another(flood, workers, part):
    jobs = [job(id, "many", seconds, part_seconds=part, room=2) for id, seconds in enumerate(flood)]
    began = [id for id, _ in played([*jobs, job(99, "one")], workers)]
    assert began.index(99) <= workers
    turn = max(min(TURN + part, max(flood)), 0)
    assert forecast([*jobs, job(99, "one")], workers, TURN, NOW)[99].starts_in <= turn


def test_the_same_lane_has_the_same_forecast_in_any_order():
    jobs = [job(id, "abc"[id % 3], id % 7 + 1, room=2) for id in range(40)]
    assert forecast(jobs, 3, TURN, NOW) == forecast(jobs[::-1], 3, TURN, NOW)


@pytest.mark.parametrize("owners", [1, 10, 200])
def test_two_hundred_long_exports_are_forecast_in_no_time(owners):
    jobs = [job(id, id % owners, 100.0, part_seconds=2.0, room=2) for id in range(200)]
    durations = []
    for _ in range(5):
        started = time.perf_counter()
        assert len(forecast(jobs, 2, TURN, NOW)) == 200
        durations.append(time.perf_counter() - started)
    # 6 ms where it was written; other tests may run beside it.
    assert min(durations) < 0.03
