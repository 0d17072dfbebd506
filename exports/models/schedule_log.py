"""What happened to a schedule: one row an event, written once and never changed."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from .log import AppendOnlyQuerySet, LogEntry


class ScheduleLog(LogEntry):
    """One event in the life of a schedule; what became of a run is told by the export that was made of it."""

    class Event(models.TextChoices):
        """What happened."""

        CREATED = "created", _("Created")
        CHANGED = "changed", _("Changed")
        PAUSED = "paused", _("Paused")
        RESUMED = "resumed", _("Resumed")
        DELETED = "deleted", _("Deleted")
        STARTED = "started", _("Run started")
        DELAYED = "delayed", _("Run waits")
        SKIPPED = "skipped", _("Runs skipped")
        FAILED = "failed", _("Run failed")
        WARNED = "warned", _("Warning")

    schedule = models.ForeignKey(
        "exports.ExportSchedule", verbose_name=_("schedule"), on_delete=models.PROTECT, related_name="events"
    )
    event = models.CharField(_("event"), max_length=16, choices=Event.choices)

    objects: ClassVar[AppendOnlyQuerySet["ScheduleLog"]] = AppendOnlyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(LogEntry.Meta):
        verbose_name, verbose_name_plural = _("event of a schedule"), _("events of schedules")

    def __str__(self) -> str:
        return f"{self.get_event_display()} {self.created_at:%Y-%m-%d %H:%M:%S}"
