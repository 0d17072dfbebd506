"""How a schedule moves: ``active <-> paused``, either to ``deleted``; what is known of its next and its last runs."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from exports.conf import conf
from exports.types import Principal

from .lease import LeasedModel
from .log import done_by
from .schedule_log import ScheduleLog

if TYPE_CHECKING:
    from .schedule import ExportScheduleQuerySet

RUN_IS_OVER: dict[str, Any] = {
    "due_at": None,
    "waiting_since": None,
    "waiting_because": "",
    "try_at": None,
    "sent_at": None,
    "lease_token": None,
    "lease_until": None,
    "attempts": 0,
}


class Recurring(LeasedModel):
    """What recurs. The lease is that of the worker that asks for the due run."""

    class State(models.TextChoices):
        """``active <-> paused``, either to ``deleted``."""

        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        DELETED = "deleted", _("Deleted")
        """Nobody sees it any more; its runs and events stay."""

    frequency = models.CharField(_("frequency"), max_length=8)
    cron = models.CharField(_("cron expression"), max_length=100, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ACTIVE)
    paused_because = models.CharField(_("paused because"), max_length=500, blank=True)
    next_run_at = models.DateTimeField(_("next run"), null=True, blank=True)
    # The run that is to be asked for
    due_at = models.DateTimeField(
        _("run due at"), null=True, blank=True, help_text=_("Of the run that is to be asked for; empty for none.")
    )
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True)
    waiting_because = models.CharField(_("waits because"), max_length=500, blank=True)
    try_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    # How the last runs went
    last_run_at = models.DateTimeField(_("last run"), null=True, blank=True)
    last_export = models.ForeignKey(
        "exports.ExportRequest",
        verbose_name=_("last export"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    judged = models.PositiveBigIntegerField(
        _("judged up to"), default=0, help_text=_("The last of its exports whose end was counted.")
    )
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    skipped = models.PositiveIntegerField(
        _("skipped runs"), default=0, help_text=_("Runs that fell due while nobody could make them.")
    )
    last_error_code = models.CharField(_("error code"), max_length=40, blank=True)
    last_error = models.CharField(_("error message"), max_length=500, blank=True)

    class Meta:
        abstract = True

    @property
    def is_failing(self) -> bool:
        """Whether so many runs in a row failed that its owner should look at it."""
        return self.failures >= conf.schedule_warn_failures

    def record(
        self, event: ScheduleLog.Event, message: str = "", principal: Principal | None = None, **data: Any
    ) -> None:
        """Add an event to the log."""
        ScheduleLog.objects.create(
            schedule_id=self.pk,
            event=event,
            message=message[:500],
            data=data,
            **done_by(principal),
        )

    def mark_paused(self, because: str, principal: Principal | None = None) -> bool:
        """Have no run follow until it is resumed; one that waits is dropped."""
        changes = {**RUN_IS_OVER, "paused_because": because[:500], "next_run_at": None}
        return self._move([self.State.ACTIVE], self.State.PAUSED, ScheduleLog.Event.PAUSED, because, principal, changes)

    def mark_resumed(self, next_run_at: datetime, principal: Principal) -> bool:
        """Have its runs follow again; what failed before is forgotten."""
        forgotten = {"failures": 0, "judged": Coalesce("last_export_id", 0), **failed("", "")}
        changes = {"paused_because": "", "next_run_at": next_run_at, **forgotten}
        return self._move([self.State.PAUSED], self.State.ACTIVE, ScheduleLog.Event.RESUMED, "", principal, changes)

    def mark_deleted(self, principal: Principal) -> bool:
        """End it for good."""
        kept = [self.State.ACTIVE, self.State.PAUSED]
        changes = {**RUN_IS_OVER, "next_run_at": None}
        return self._move(kept, self.State.DELETED, ScheduleLog.Event.DELETED, "", principal, changes)

    def _move(
        self,
        origins: list[Any],
        target: str,
        event: ScheduleLog.Event,
        message: str,
        principal: Principal | None,
        changes: dict[str, Any],
    ) -> bool:
        with transaction.atomic():
            if not self._rows().filter(state__in=origins).update(state=target, **changes):
                return False
            self.record(event, message, principal)
        self.refresh_from_db()
        return True

    def _rows(self) -> "ExportScheduleQuerySet":
        rows: ExportScheduleQuerySet = type(self)._default_manager.filter(pk=self.pk)  # type: ignore[assignment]
        return rows


def failed(code: str, message: str) -> dict[str, str]:
    """Return the column values that say why the last run failed; empty for one that did not."""
    return {"last_error_code": code, "last_error": message[:500]}
