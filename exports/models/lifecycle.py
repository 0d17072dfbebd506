"""How an export moves: its states, the work on it, how it ended.

``pending -> queued -> processing -> completed | failed | cancelled``, ``completed -> expired``, and a failed export
that is resumed goes back to ``queued``. Each move is one conditional UPDATE with its event in the same transaction;
whoever finds the state changed already has lost the race and does nothing.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exports.exceptions import ExportError
from exports.types import Lane, Principal, Strategy

from .file import ExportFileQuerySet
from .lease import LeasedModel
from .log import ExportLog, done_by
from .notice import Notice


class Lifecycle(LeasedModel):
    """What changes in the life of an export. The lease is that of the last step, which puts the parts together."""

    class State(models.TextChoices):
        """``pending -> queued -> processing -> completed | failed | cancelled``, ``completed -> expired``.

        A failed export that is resumed goes back to ``queued``.
        """

        PENDING = "pending", _("Pending")
        """Accepted and stored; no message is on its way yet."""
        QUEUED = "queued", _("Queued")
        """A message is on its way to a worker."""
        PROCESSING = "processing", _("Processing")
        """A worker has begun."""
        COMPLETED = "completed", _("Completed")
        """Every file was verified and published."""
        FAILED = "failed", _("Failed")
        """Given up; ``error_code`` and ``error_message`` say why."""
        CANCELLED = "cancelled", _("Cancelled")
        """Stopped by its owner or an operator."""
        EXPIRED = "expired", _("Expired")
        """The files are gone; the row stays."""

    class Stage(models.TextChoices):
        """What is being done; the words are those of document 002, "Processing Response"."""

        DATA_RETRIEVAL = "data_retrieval", _("Reading records")
        PROCESSING = "processing", _("Preparing columns")
        FILE_GENERATION = "file_generation", _("Writing files")
        COMPRESSION = "compression", _("Packing the archive")

    ACTIVE = (State.PENDING, State.QUEUED, State.PROCESSING)
    ENDED = (State.COMPLETED, State.FAILED, State.CANCELLED, State.EXPIRED)

    strategy = models.CharField(_("strategy"), max_length=16, choices=[(s.value, s.value) for s in Strategy])
    lane = models.CharField(_("lane"), max_length=16, choices=[(lane.value, lane.value) for lane in Lane])
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.PENDING)
    stage = models.CharField(_("stage"), max_length=16, choices=Stage.choices, default=Stage.DATA_RETRIEVAL)
    record_count = models.PositiveBigIntegerField(_("rows"))
    parts_total = models.PositiveIntegerField(_("files"))
    parts_done = models.PositiveIntegerField(_("files done"), default=0)
    staged = models.CharField(
        _("staged columns"),
        max_length=32,
        blank=True,
        help_text=_("Their folder within the export's own; empty until its records are read."),
    )
    staged_bytes = models.PositiveBigIntegerField(
        _("staged bytes"), default=0, help_text=_("0 once the staged columns are deleted.")
    )
    reserved_bytes = models.PositiveBigIntegerField(
        _("reserved bytes"), default=0, help_text=_("Room in the storage that is kept for it while it is made.")
    )
    archive = models.BooleanField(
        _("archive"), default=True, help_text=_("Whether several files are put into a ZIP as well.")
    )
    retention_hours = models.PositiveIntegerField(
        _("hours kept"), default=24, help_text=_("How long the files are kept once they are there.")
    )
    # How it went
    created_at = models.DateTimeField(_("requested at"))
    enqueued_at = models.DateTimeField(
        _("enqueued at"), null=True, blank=True, help_text=_("When a message was last sent to its lane.")
    )
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    served_at = models.DateTimeField(
        _("last served at"), null=True, blank=True, help_text=_("When a worker last began a turn with it.")
    )
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    timings = models.JSONField(_("timings"), default=dict, blank=True, help_text=_("Seconds a step, over all parts."))
    memory_peak = models.PositiveBigIntegerField(_("peak memory"), default=0, help_text=_("Largest worker, in KiB."))
    warnings = models.JSONField(_("warnings"), default=list, blank=True)
    error_code = models.CharField(_("error code"), max_length=40, blank=True)
    error_message = models.CharField(_("error message"), max_length=500, blank=True)
    error_details = models.JSONField(_("error details"), default=dict, blank=True)

    if TYPE_CHECKING:
        file_name: str
        notify_email: str
        owner: str

        @property
        def files(self) -> ExportFileQuerySet:
            """The export's files; the relation is declared by ExportFile."""

    class Meta:
        abstract = True

    @property
    def is_active(self) -> bool:
        """Whether it is waiting or being made."""
        return self.state in self.ACTIVE

    @property
    def is_downloadable(self) -> bool:
        """Whether its files are there and may still be fetched."""
        return self.state == self.State.COMPLETED and not (self.expires_at and self.expires_at <= timezone.now())

    @property
    def seconds(self) -> float:
        """Seconds from the request to the finished files, or until now."""
        return ((self.completed_at or timezone.now()) - self.created_at).total_seconds()

    # How it moves. Each method is one conditional UPDATE; False says that somebody else moved it first.

    def record(
        self, event: ExportLog.Event, message: str = "", principal: Principal | None = None, **data: Any
    ) -> None:
        """Add an event to the log."""
        ExportLog.objects.create(
            export_id=self.pk,
            event=event,
            message=message[:500],
            data=data,
            **done_by(principal),
        )

    def mark_queued(self) -> bool:
        """Note that a message for a worker is on its way."""
        return self._move(
            [self.State.PENDING],
            self.State.QUEUED,
            ExportLog.Event.QUEUED,
            f"Waiting in lane {self.lane}",
            enqueued_at=timezone.now(),
        )

    def mark_processing(self) -> bool:
        """Note that work has begun."""
        now = timezone.now()
        return self._move(
            [self.State.PENDING, self.State.QUEUED],
            self.State.PROCESSING,
            ExportLog.Event.PROCESSING,
            f"Writing {self.record_count:,} records, files: {self.parts_total}" if self.staged else "Reading records",
            started_at=now,
            served_at=now,
            stage=self.Stage.FILE_GENERATION if self.staged else self.Stage.DATA_RETRIEVAL,
        )

    def mark_failed(self, error: ExportError) -> bool:
        """Note that the export was given up, and why."""
        return self._move(
            self.ACTIVE,
            self.State.FAILED,
            ExportLog.Event.FAILED,
            error.message,
            error_code=error.code,
            error_message=error.message[:500],
            error_details=error.details,
            completed_at=timezone.now(),
            lease_token=None,
            lease_until=None,
        )

    def mark_cancelled(self, principal: Principal) -> bool:
        """Stop the export; workers notice at their next heartbeat."""
        return self._move(
            self.ACTIVE,
            self.State.CANCELLED,
            ExportLog.Event.CANCELLED,
            "Cancelled",
            principal,
            completed_at=timezone.now(),
        )

    def mark_expired(self, principal: Principal | None = None) -> bool:
        """Note that the files are to be deleted: their time is over, or somebody wants it so."""
        message = "The files have expired" if principal is None else "The files are deleted before their time"
        return self._move([self.State.COMPLETED], self.State.EXPIRED, ExportLog.Event.EXPIRED, message, principal)

    def _in(self, *states: str) -> models.QuerySet[Self]:
        return type(self)._default_manager.filter(pk=self.pk, state__in=states)

    def _move(
        self,
        origins: Iterable[str],
        target: str,
        event: ExportLog.Event,
        message: str,
        principal: Principal | None = None,
        only: Q = Q(),  # noqa: B008 - a Q is never changed
        **changes: Any,
    ) -> bool:
        with transaction.atomic():
            if not self._in(*origins).filter(only).update(state=target, **changes):
                return False
            self.record(event, message, principal)
            Notice.objects.about(self, event)
        self.state = target
        for name, value in changes.items():
            setattr(self, name, value)
        return True
