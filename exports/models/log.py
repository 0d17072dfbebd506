"""What happened to an export: one row an event, written once and never changed."""

from typing import Any, ClassVar, NoReturn, TypeVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exports.types import Principal

Entry = TypeVar("Entry", bound="LogEntry")


class AppendOnlyQuerySet(models.QuerySet[Entry]):
    """Refuses to change history."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise TypeError("The log is append-only.")

    def delete(self) -> NoReturn:
        """Refuse."""
        raise TypeError("The log is append-only.")


class LogEntry(models.Model):
    """One event: what was said of it, who did it, and when."""

    message = models.CharField(_("message"), max_length=500, blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    client = models.ForeignKey(
        "exports.ApiClient",
        verbose_name=_("API client"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    actor = models.CharField(_("who"), max_length=150, blank=True, help_text=_("Who it was, as the name stood then."))
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    created_at = models.DateTimeField(_("time"), default=timezone.now, editable=False)

    class Meta:
        abstract = True
        ordering = ("id",)
        verbose_name, verbose_name_plural = _("event"), _("events")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new event.

        Raises:
            TypeError: the event was written before.
        """
        if self.pk is not None:
            raise TypeError("The log is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise TypeError("The log is append-only.")


class ExportLog(LogEntry):
    """One event in the life of an export."""

    class Event(models.TextChoices):
        """What happened; the words are part of the v1 contract (document 003)."""

        INITIATED = "initiated", _("Requested")
        QUEUED = "queued", _("Queued")
        PROCESSING = "processing", _("Started")
        PROGRESS = "progress", _("Progress")
        COMPLETED = "completed", _("Completed")
        FAILED = "failed", _("Failed")
        RETRIED = "retried", _("Started again")
        CANCELLED = "cancelled", _("Cancelled")
        DOWNLOADED = "downloaded", _("Downloaded")
        DENIED = "denied", _("Download refused")
        INTERRUPTED = "interrupted", _("Download broken off")
        EXPIRED = "expired", _("Expired")
        DELETED = "deleted", _("Files deleted")

    export = models.ForeignKey(
        "exports.ExportRequest", verbose_name=_("export"), on_delete=models.PROTECT, related_name="events"
    )
    event = models.CharField(_("event"), max_length=16, choices=Event.choices)
    objects: ClassVar[AppendOnlyQuerySet["ExportLog"]] = AppendOnlyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(LogEntry.Meta):
        indexes = (models.Index(fields=("event", "created_at"), name="log_event_created"),)

    def __str__(self) -> str:
        return f"{self.get_event_display()} {self.created_at:%Y-%m-%d %H:%M:%S}"


def done_by(principal: Principal | None) -> dict[str, Any]:
    """Return the column values of an event that say who it was; nobody is a worker."""
    return {
        "user": principal.user if principal else None,
        "client": principal.client if principal else None,
        "actor": actor_name(principal),
        "address": principal.address if principal else None,
    }


def actor_name(principal: Principal | None) -> str:
    """Return the name that the log keeps for whoever asked."""
    if principal is None:
        return "worker"
    if principal.user is not None:
        return str(principal.user.get_username())
    return str(principal.client) if principal.client is not None else principal.name or "command line"
