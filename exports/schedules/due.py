"""Runs that are due: written down by the janitor, asked for by a worker, and how they ended is counted.

Asking can take long, for the records are counted first, so that the janitor leaves it to the workers. Any number of
janitors and workers may do all of this at the same time: every step is a conditional UPDATE with one winner.
"""

import logging
from collections.abc import Callable, Iterable
from itertools import takewhile

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from exports import service
from exports.exceptions import BuildError, Busy, ExportError, LeaseLost, StorageFull
from exports.models import ExportRequest, ExportSchedule
from exports.types import ScheduledRun

from .owner import principal_of
from .wish import recurrence_of, spec_of

logger = logging.getLogger(__name__)

BATCH = 200
"""Schedules of one kind that one look handles, at most."""
MOST_COUNTED = 1_000
"""Missed runs that are counted, at most."""
SOONEST, LATEST = 10, 300
"""Seconds after which a run that found no room is tried again, whatever is foretold."""


def write_down() -> None:
    """Write down each run whose time has come; of those that were missed, one is made up for."""
    _for_each(ExportSchedule.objects.due()[:BATCH], _write_down)


def give_up() -> None:
    """Count as failed what no worker came back from asking for."""
    _for_each(ExportSchedule.objects.exhausted()[:BATCH], _give_up)


def judge() -> None:
    """Count how runs ended, in their order."""
    _for_each(ExportSchedule.objects.unjudged()[:BATCH], _judge)


def ask(schedule_id: int) -> None:
    """Ask for the due run of a schedule in its owner's name; nothing where there is none, or somebody else does."""
    schedule = ExportSchedule.objects.filter(pk=schedule_id).first()
    if schedule is None or not schedule.claim():
        return
    # As it is now: it may have been changed since it was looked for.
    claimed = schedule.held().select_related("user", "client__user").first()
    if claimed is not None:
        _ask(claimed)


def _ask(schedule: ExportSchedule) -> None:
    run = ScheduledRun(schedule=schedule.pk, claim=schedule.lease_token)
    try:
        service.submit(spec_of(schedule, principal_of(schedule), run))
    except LeaseLost:
        logger.warning("Schedule %s: somebody else asked for the run, or it is not wanted any more", schedule.public_id)
    except (Busy, StorageFull) as error:
        schedule.put_off(error, min(max(error.details.get("retry_after", 60), SOONEST), LATEST))
    except ExportError as error:
        schedule.fail_run(error)
    except (OperationalError, InterfaceError):
        # The database of the rows itself: the lease lapses, and the run is asked for again.
        raise
    except SystemExit:
        # The worker has to end: the start does not count.
        schedule.hand_back()
        raise
    except Exception:
        logger.exception("Schedule %s: its run could not be asked for", schedule.public_id)
        schedule.fail_run(ExportError("The run could not be asked for; the log of the workers says why."))


def _write_down(schedule: ExportSchedule) -> None:
    now = timezone.now()
    planned = schedule.next_run_at
    try:
        recurrence = recurrence_of(schedule)
        next_run = recurrence.next_after(now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        schedule.mark_paused(f"Nobody can say when it comes next: {error}")
        return
    missed = recurrence.count_between(planned, now, MOST_COUNTED) if planned else 0
    schedule.mark_due(next_run, missed)


def _give_up(schedule: ExportSchedule) -> None:
    sentence = f"The run could not be asked for: its worker stopped without a word {schedule.attempts} times."
    schedule.fail_run(BuildError(sentence), exhausted=True)


def _judge(schedule: ExportSchedule) -> None:
    following = ExportRequest.objects.filter(schedule=schedule, pk__gt=schedule.judged).order_by("pk")[:BATCH]
    # What ends out of turn waits for those before it: only then it is known what is in a row.
    if ended := list(takewhile(lambda export: not export.is_active, following)):
        schedule.judge(ended)


def _for_each(schedules: Iterable[ExportSchedule], do: Callable[[ExportSchedule], None]) -> None:
    """Do something to each of them; what is wrong with one must not keep the others waiting."""
    for schedule in schedules:
        try:
            do(schedule)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("Schedule %s: left alone for now", schedule.public_id)
