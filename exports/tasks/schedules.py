"""Schedules: the janitor looks which are due, the workers ask for the exports.

A message carries the schedule's number only and may come twice or never: the row says whether a run is to be asked for.
"""

from django.db import transaction

from exports import dispatch
from exports.models import ExportSchedule, LaneHeartbeat
from exports.schedules import due
from exports.types import Lane

LANE = Lane.HIGH
"""Counting the records of a large source may take long, which must not hold up the small exports of lane immediate."""
BATCH = 200
"""Messages that one look sends, at most."""


def look_after_schedules() -> None:
    """Write down what is due, count what has ended, and send what no worker knows of to the workers."""
    due.write_down()
    due.give_up()
    due.judge()
    send()


def send() -> None:
    """Tell the workers of each due run that none of them knows of."""
    served_until = LaneHeartbeat.objects.served_until().get(LANE)
    for schedule in ExportSchedule.objects.without_message(served_until)[:BATCH]:
        with transaction.atomic():
            if schedule.mark_sent():
                dispatch.enqueue(dispatch.RUN_SCHEDULE, schedule.pk, lane=LANE)


def ask_for_run(schedule_id: int) -> None:
    """Ask for the export that is due of one schedule."""
    due.ask(schedule_id)
