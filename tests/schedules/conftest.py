"""Schedules of things in a source database, and a clock whose hands the tests move: the rows' moments."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone
from django_q.models import OrmQ

from exports import schedules
from exports.models import ExportRequest, ExportSchedule
from exports.schedules import due
from exports.tasks import schedules as tasks
from exports.tasks.run import run_export
from exports.types import Principal
from tests.sources.conftest import export, records, source, tables, things, wish, with_things  # noqa: F401


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A source database of one kind: which it is makes no difference here."""
    path = tmp_path_factory.mktemp("source") / "source.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        yield "sqlite", connection, {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}


@pytest.fixture
def new_schedule(principal: Principal) -> Callable[..., ExportSchedule]:
    """Return a maker of schedules of things: ``new_schedule(frequency="hourly")``."""

    def make(owner: Principal = principal, **said: Any) -> ExportSchedule:
        usual = {"name": "things", "dialect": "jobs", "resource": "things", "format": "ndjson", "frequency": "daily"}
        return schedules.create(owner, **{**usual, **said})

    return make


def let_time_pass(schedule: ExportSchedule, **units: float) -> None:
    """Let so much time pass for a schedule: every moment it knows is moved back."""
    span = timedelta(**units)
    moments = ("next_run_at", "waiting_since", "try_at", "sent_at", "lease_until", "due_at")
    ExportSchedule.objects.filter(pk=schedule.pk).update(**{name: F(name) - span for name in moments})
    schedule.refresh_from_db()


def make_due(schedule: ExportSchedule) -> datetime:
    """Let the next run be due since a moment ago; return when."""
    schedule.refresh_from_db()
    assert schedule.next_run_at
    let_time_pass(schedule, seconds=(schedule.next_run_at - timezone.now()).total_seconds() + 0.001)
    return schedule.next_run_at


def look() -> None:
    """Do what the janitor does at every look."""
    tasks.look_after_schedules()


def messages() -> list[int]:
    """The schedules that workers were told of."""
    told = [message.task for message in OrmQ.objects.order_by("pk")]
    return [task["args"][0] for task in told if task["func"] == "exports.tasks.schedules.ask_for_run"]


def run(schedule: ExportSchedule) -> ExportRequest | None:
    """Let a run fall due and be asked for and made; return the export."""
    before = set(schedule.exports.values_list("pk", flat=True))
    make_due(schedule)
    look()
    due.ask(schedule.pk)
    made = schedule.exports.exclude(pk__in=before).first()
    if made:
        run_export(made.pk)
        made.refresh_from_db()
    schedule.refresh_from_db()
    return made


def history(schedule: ExportSchedule) -> list[str]:
    return list(schedule.events.values_list("event", flat=True))
