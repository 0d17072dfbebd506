"""Due runs: whoever dies or fails at whatever statement, and however many are at it, each becomes one export."""

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any
from unittest import mock

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from exports import schedules
from exports.management.commands._demo_source import fill
from exports.models import ApiClient, ExportSchedule
from exports.schedules import due
from exports.types import Principal
from tests.processes import wait_for
from tests.schedules.conftest import let_time_pass, look, make_due
from tests.sources.conftest import opened_source

from .cluster import Workers
from .installation import Installation, connected
from .test_races import race  # noqa: F401

PLACES = pytest.mark.parametrize("installation", ["on_sqlite", "on_postgresql"], indirect=True)
MOST_STATEMENTS = 300


@pytest.fixture
def source(installation: Installation, workers: Workers) -> Iterator[Callable[[], Any]]:
    """Fill the source database of the installation; return what opens it in another thread or process."""
    path = installation.directory / "source.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        fill(writer, "sqlite", 200)

    def opened() -> Any:
        return opened_source({"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)})

    with opened():
        yield opened


@pytest.fixture
def owner(source: object) -> Principal:
    return Principal(client=ApiClient.objects.create_key(name="school")[0])


def new_schedule(owner: Principal, name: str = "people", **said: Any) -> ExportSchedule:
    wish = {"dialect": "jobs", "resource": "participants", "format": "csv", "frequency": "daily", **said}
    return schedules.create(owner, name=name, **wish)


class Countdown:
    """Lets something happen instead of, or right after, the n-th statement or COMMIT of this process."""

    def __init__(self, number: int, happen: Callable[[], None], *, after_commit: bool = False) -> None:
        self.left, self.happen, self.after_commit = number, happen, after_commit
        self.happened = False

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.happened = True
            self.happen()

    def execute(self, execute: Any, *arguments: Any) -> Any:
        if not self.after_commit:
            self.step()
        return execute(*arguments)

    @contextmanager
    def running(self) -> Iterator[None]:
        commit = BaseDatabaseWrapper.commit

        def counted(database: BaseDatabaseWrapper) -> None:
            is_ours = database.alias == "default"
            if is_ours and not self.after_commit:
                self.step()
            commit(database)
            if is_ours and self.after_commit:
                self.step()

        with connection.execute_wrapper(self.execute), mock.patch.object(BaseDatabaseWrapper, "commit", counted):
            yield


def fail() -> None:
    raise OperationalError("injected")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def work(schedule: ExportSchedule) -> None:
    """Do what a janitor does, and then a worker."""
    look()
    due.ask(schedule.pk)
    look()


def assert_made_once(schedule: ExportSchedule, before: int) -> None:
    """Let the others go on, and check that the run became one export, of which the row knows."""
    ExportSchedule.objects.filter(pk=schedule.pk).update(lease_until=timezone.now())
    for _ in range(2):
        look()
        due.ask(schedule.pk)
    schedule.refresh_from_db()
    assert schedule.exports.count() == before + 1, schedule.last_error
    export = schedule.exports.get(pk=schedule.last_export_id)
    assert (export.state, schedule.due_at, schedule.failures) == ("queued", None, 0)
    assert schedule.next_run_at > timezone.now()
    assert schedule.events.filter(event="started").count() == before + 1
    # Or the caller would soon have as many under way as are allowed.
    export.mark_cancelled(Principal())


@PLACES
@pytest.mark.parametrize("after_commit", [False, True], ids=["statement", "answer-to-commit"])
def test_failing_at_each_step_once_loses_no_run_and_makes_none_twice(installation, source, owner, after_commit) -> None:
    schedule = new_schedule(owner)
    for number in range(1, MOST_STATEMENTS):
        countdown, before = Countdown(number, fail, after_commit=after_commit), schedule.exports.count()
        make_due(schedule)
        with connected(installation), countdown.running():
            try:
                work(schedule)
            except (OperationalError, InterfaceError):
                assert countdown.happened
        assert_made_once(schedule, before)
        if not countdown.happened:
            break
    assert number > (4 if after_commit else 30)
    assert countdown.happened is False


@PLACES
def test_dying_at_each_step_once_loses_no_run_and_makes_none_twice(installation, source, owner) -> None:
    schedule = new_schedule(owner)

    def work_and_die(number: int) -> None:
        with connected(installation), source(), Countdown(number, die).running():
            work(schedule)

    for number in range(1, MOST_STATEMENTS):
        before = schedule.exports.count()
        make_due(schedule)
        code = in_a_process(lambda number=number: work_and_die(number))()
        assert code in (0, -signal.SIGKILL)
        assert_made_once(schedule, before)
        if code == 0:
            break
    assert 30 < number < MOST_STATEMENTS - 1


def in_a_process(do: Callable[[], None]) -> Callable[[], int]:
    """Begin to do something in a process of its own; return what waits for it and returns how it ended."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            do()
            code = 0
        finally:
            os._exit(code)
    return lambda: os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@PLACES
def test_many_janitors_and_workers_at_once_make_one_export_of_each_run(installation, source, owner, race) -> None:  # noqa: F811
    several = [new_schedule(owner, name=f"number {number}") for number in range(4)]

    def go() -> None:
        with source():
            for schedule in several:
                work(schedule)

    for _ in range(3):
        for schedule in several:
            make_due(schedule)
        race(*[go] * 6)
        for schedule in several:
            assert_made_once(schedule, schedule.events.filter(event="started").count() - 1)
            assert schedule.skipped == 0


@PLACES
def test_many_processes_at_once_make_one_export_of_each_run(installation, source, owner) -> None:
    several = [new_schedule(owner, name=f"number {number}") for number in range(4)]

    def go() -> None:
        with ExitStack() as stack:
            stack.enter_context(connected(installation))
            stack.enter_context(source())
            for schedule in several:
                work(schedule)

    for schedule in several:
        make_due(schedule)
    assert [wait() for wait in [in_a_process(go) for _ in range(5)]] == [0] * 5
    for schedule in several:
        assert_made_once(schedule, 0)


@pytest.mark.parametrize("installation", ["on_sqlite", "on_postgresql", "on_redis"], indirect=True)
def test_schedule_becomes_a_file_by_itself(installation, source, owner, workers) -> None:
    schedule = new_schedule(owner)
    make_due(schedule)
    workers.start("immediate", "high")
    export = wait_for(schedule.exports.filter(state="completed").first, 60)
    assert (export.source, export.record_count > 100) == ("schedule", True)


@pytest.mark.parametrize("installation", ["on_redis"], indirect=True)
def test_flushed_broker_loses_no_run(installation, source, owner, workers, broker) -> None:
    schedule = new_schedule(owner)
    make_due(schedule)
    look()
    broker.flush()
    let_time_pass(schedule, minutes=1)
    workers.start("immediate", "high")
    wait_for(schedule.exports.filter(state="completed").first, 60)
    assert schedule.exports.count() == 1
