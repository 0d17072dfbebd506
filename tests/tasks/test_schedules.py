"""What the janitor does about schedules, and what it leaves to the workers."""

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from exports import schedules
from exports.tasks.schedules import LANE, ask_for_run, look_after_schedules
from tests.faults.servers import free_port
from tests.schedules.conftest import make_due
from tests.sources.conftest import opened_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def schedule(principal):
    """A schedule that is due, and whose source database is away."""
    address = {"HOST": "127.0.0.1", "PORT": free_port(), "NAME": "nothing", "USER": "nobody", "PASSWORD": ""}
    with opened_source({"ENGINE": "django.db.backends.postgresql", **address}):
        schedule = schedules.create(principal, name="s", dialect="jobs", resource="students", frequency="daily")
        make_due(schedule)
        yield schedule


def test_look_asks_nothing_of_the_source_database(schedule):
    look_after_schedules()
    schedule.refresh_from_db()
    assert schedule.next_run_at > timezone.now()
    assert OrmQ.objects.filter(key=LANE).count() == 1


def test_source_database_that_is_away_puts_the_run_off(schedule):
    look_after_schedules()
    ask_for_run(schedule.pk)
    schedule.refresh_from_db()
    assert (schedule.failures, schedule.attempts, schedule.exports.count()) == (0, 0, 0)
    assert schedule.waiting_because == "The source database cannot be reached. Try again later."


def test_message_about_a_schedule_that_is_not_there_does_nothing(schedule):
    ask_for_run(schedule.pk + 1)
    ask_for_run(schedule.pk)
    assert schedule.exports.count() == 0
