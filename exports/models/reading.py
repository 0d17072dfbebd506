"""How an export comes by its records: with the request, or read by a worker from a database or an upload."""

from collections.abc import Sequence
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from exports.exceptions import LeaseLost

from .file import ExportFile
from .lease import extended_lease
from .lifecycle import Lifecycle
from .log import ExportLog


class Reading(Lifecycle):
    """What is read once, at one moment, whatever number of files and starts the export takes."""

    class Origin(models.TextChoices):
        """Where the records come from."""

        REQUEST = "request", _("The request")
        DATABASE = "database", _("Source database")
        DATASET = "dataset", _("Upload")

    origin = models.CharField(_("records from"), max_length=8, choices=Origin.choices, default=Origin.REQUEST)
    dataset = models.ForeignKey(
        "exports.Dataset",
        verbose_name=_("upload"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="exports",
    )
    rows_read = models.PositiveBigIntegerField(_("rows read"), default=0, help_text=_("Records read so far."))
    changed_since = models.CharField(
        _("changed since"), max_length=32, blank=True, help_text=_("Only records changed since then are exported.")
    )
    newest_change = models.CharField(
        _("newest change"), max_length=32, blank=True, help_text=_("When the record changed last was changed.")
    )
    unchanged_count = models.PositiveBigIntegerField(
        _("unchanged rows"), null=True, blank=True, help_text=_("Records left out because they did not change.")
    )
    series = models.CharField(
        _("series"),
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("The same for exports of the same wish, of which each may begin where the last one ended."),
    )

    class Meta:
        abstract = True

    @property
    def is_unread(self) -> bool:
        """Whether its records are still to be read."""
        return not self.staged

    def claim_reading(self) -> bool:
        """Take the first step for this worker, where the records are still to be read."""
        due = type(self)._default_manager.filter(pk=self.pk, state=self.State.PROCESSING, staged="")
        return due.exists() and self.claim()

    def beat_reading(self, rows: int) -> None:
        """Save how many records were read and extend the lease of the first step.

        Raises:
            LeaseLost: the token is no longer on the row, or the export was cancelled or failed meanwhile.
        """
        if not self.held().filter(state=self.State.PROCESSING).update(rows_read=rows, **extended_lease()):
            raise LeaseLost

    def keep_records(self, files: Sequence[ExportFile], **read: Any) -> None:
        """Note what was read and plan the files of it.

        Raises:
            LeaseLost: somebody else reads the records now, or the export was stopped; nothing was changed.
        """
        changes = {
            **read,
            "attempts": 0,
            "lease_token": None,
            "lease_until": None,
            "stage": self.Stage.FILE_GENERATION,
            "rows_read": read["record_count"],
            "parts_total": len(files),
        }
        with transaction.atomic():
            if not self.held().filter(state=self.State.PROCESSING, staged="").update(**changes):
                raise LeaseLost
            ExportFile.objects.bulk_create(files)
            self.record(ExportLog.Event.PROGRESS, f"{read['record_count']:,} records were read", files=len(files))
        for name, value in changes.items():
            setattr(self, name, value)
