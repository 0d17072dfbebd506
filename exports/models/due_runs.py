"""The runs of a schedule: one is due, it is asked for, it begins, and how it ended is counted.

A due run is first written down (``due_at``) by the conditional UPDATE that also sets the next one, and is crossed out
by the transaction that accepts the export, or by the one that counts it as failed or skipped. Nobody else has a say, so
that a run is neither lost nor made twice, whoever dies in between. Messages to the workers are hints.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from exports.conf import conf
from exports.exceptions import ExportError, LeaseLost
from exports.types import Principal, ScheduledRun

from .lease import LeasedQuerySet
from .recurring import RUN_IS_OVER, Recurring, failed
from .schedule_log import ScheduleLog

if TYPE_CHECKING:
    from .request import ExportRequest
    from .schedule import ExportSchedule  # noqa: F401 - named in a base class below

Event = ScheduleLog.Event


class DueRunsQuerySet(LeasedQuerySet["ExportSchedule"]):
    """Queries over schedules for the janitor and the workers."""

    def due(self) -> Self:
        """Return active schedules whose next run is to be asked for, the longest overdue first."""
        return self.filter(state="active", next_run_at__lte=timezone.now()).order_by("next_run_at")

    def claimable(self) -> Self:
        """Return schedules with a due run that nobody asks for at this moment and that has starts left."""
        return super().claimable().filter(state="active", due_at__isnull=False)

    def exhausted(self) -> Self:
        """Return schedules with a due run that used up its starts."""
        return super().exhausted().filter(due_at__isnull=False)

    def without_message(self, served_until: datetime | None) -> Self:
        """Return schedules with a due run of which no worker knows, the longest overdue first.

        Its time to be tried has come, its worker fell silent, or the message was lost on the way.

        ``served_until`` is that of the lane; None while it is unknown.
        """
        now = timezone.now()
        untold = Q(try_at__lte=now) | Q(lease_until__lt=now)
        if served_until is not None:
            taken_up = served_until - timedelta(seconds=conf.lease_seconds)
            untold |= Q(try_at=None, lease_token=None, sent_at__lt=taken_up)
        return self.claimable().filter(untold).order_by("due_at")

    def unjudged(self) -> Self:
        """Return schedules of which a run was begun whose end nobody has looked at."""
        return self.filter(last_export__gt=F("judged"))

    def begin_run(self, run: ScheduledRun, export: "ExportRequest", principal: Principal) -> None:
        """Cross out the due run, in the transaction that accepts the export which was made of it.

        Raises:
            LeaseLost: somebody else asks for it now, or it is not wanted any more; no export may be made of it.
        """
        rows = self.filter(pk=run.schedule).exclude(state="deleted")
        begun = {"last_run_at": timezone.now(), "last_export": export}
        if run.claim is not None:
            rows, begun = rows.filter(lease_token=run.claim, due_at__isnull=False), {**begun, **RUN_IS_OVER}
        if not rows.update(**begun):
            raise LeaseLost("The run is asked for by somebody else, or not wanted any more.")
        asked_by = principal if run.claim is None else None
        self.get(pk=run.schedule).record(Event.STARTED, str(export.public_id), asked_by, export=export.pk)


class DueRuns(Recurring):
    """What the janitor and the workers do to a schedule.

    Each method is one conditional UPDATE; False says that somebody else was faster. The lease is that of the worker
    that asks for the due run.
    """

    class Meta:
        abstract = True

    @property
    def lease_seconds(self) -> float:
        """How long a worker may take to ask for a run."""
        return float(conf.schedule_lease_seconds)

    def mark_due(self, next_run_at: datetime, missed: int) -> bool:
        """Write down the run whose time has come and when the next one comes; so many others were missed."""
        now = timezone.now()
        changes: dict[str, Any] = {"next_run_at": next_run_at}
        if self.due_at is None:
            changes |= RUN_IS_OVER | {"due_at": self.next_run_at, "waiting_since": now, "try_at": now}
        else:
            # The run before still waits; one export stands for both.
            missed += 1
        seen = {"state": self.State.ACTIVE, "next_run_at": self.next_run_at, "due_at": self.due_at}
        with transaction.atomic():
            if not self._rows().filter(**seen).update(**changes, skipped=F("skipped") + missed):
                return False
            if missed:
                why = self.waiting_because or ("the one before still waits" if self.due_at else "nothing was running")
                self.record(Event.SKIPPED, f"Runs skipped: {missed}; {why}", missed=missed)
        return True

    def mark_sent(self) -> bool:
        """Note that a message is being sent to the workers; one whose lease lapsed has nothing to say any more."""
        seen = {"due_at": self.due_at, "sent_at": self.sent_at, "lease_token": self.lease_token}
        changes = {"sent_at": timezone.now(), "try_at": None, "lease_token": None, "lease_until": None}
        return bool(self._rows().filter(**seen).update(**changes))

    def hand_back(self) -> None:
        """Have the run asked for by another worker, at once: the start does not count."""
        given = {"lease_token": None, "lease_until": None, "try_at": timezone.now()}
        self.held().update(**given, attempts=F("attempts") - 1)

    def put_off(self, error: ExportError, seconds: float) -> bool:
        """Have the run tried again in so many seconds; it is skipped where it has waited for too long."""
        now, patience = timezone.now(), timedelta(hours=conf.schedule_patience_hours)
        with transaction.atomic():
            if self.waiting_since and now - self.waiting_since > patience:
                given_up = (
                    f"Runs skipped: 1; there was no room for {conf.schedule_patience_hours:g} hours: {error.message}"
                )
                done = self.held().update(**RUN_IS_OVER, skipped=F("skipped") + 1)
                event, message = Event.SKIPPED, given_up
            else:
                done = self.held().update(
                    lease_token=None,
                    lease_until=None,
                    attempts=F("attempts") - 1,
                    try_at=now + timedelta(seconds=seconds),
                    waiting_because=error.message[:500],
                )
                event, message = Event.DELAYED, error.message
            if done and (event == Event.SKIPPED or message[:500] != self.waiting_because):
                self.record(event, message, code=error.code)
        return bool(done)

    def fail_run(self, error: ExportError, *, exhausted: bool = False) -> bool:
        """Count the due run as failed: it was refused, or no worker came back who went to ask for it."""
        rows = self._rows().exhausted() if exhausted else self.held()
        with transaction.atomic():
            if not rows.update(**RUN_IS_OVER, **failed(error.code, error.message), failures=F("failures") + 1):
                return False
            self.record(Event.FAILED, error.message, code=error.code)
            self._count(1)
        return True

    def judge(self, ended: "list[ExportRequest]") -> bool:
        """Count how its next runs ended: an unbroken line of failures gets longer, a success ends it."""
        verdicts = [run for run in ended if run.state != "cancelled"]
        good = [place for place, run in enumerate(verdicts) if run.state != "failed"]
        bad = verdicts[good[-1] + 1 :] if good else verdicts
        changes: dict[str, Any] = {"judged": ended[-1].pk}
        if good:
            changes |= {"failures": len(bad), **failed("", "")}
        elif bad:
            changes["failures"] = F("failures") + len(bad)
        if bad:
            changes |= failed(bad[-1].error_code, bad[-1].error_message)
        with transaction.atomic():
            if not self._rows().filter(judged=self.judged).update(**changes):
                return False
            for run in bad:
                self.record(Event.FAILED, run.error_message, export=run.pk, code=run.error_code)
            self._count(len(bad))
        return True

    def _count(self, new: int) -> None:
        """Warn or pause where so many failures in a row, some of them new, are too many."""
        self.refresh_from_db(fields=["failures", "last_error"])
        if self.failures - new < conf.schedule_warn_failures <= self.failures:
            self.record(Event.WARNED, f"Runs that failed in a row: {self.failures}")
        if new and self.failures >= conf.schedule_pause_failures:
            self.mark_paused(f"{self.failures} runs in a row failed. The last one: {self.last_error}")
