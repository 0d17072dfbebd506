"""The files of an export: each is planned before work begins, claimed by one worker, published once."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exports.exceptions import LeaseLost
from exports.types import MadeFile, StoredFile

from .lease import LeasedModel, LeasedQuerySet, extended_lease
from .warnings import entries


class ExportFileQuerySet(LeasedQuerySet["ExportFile"]):
    """Queries over the files of exports."""

    def parts(self) -> Self:
        """Return the files that hold records, in order."""
        return self.filter(kind=ExportFile.Kind.PART).order_by("number")

    def ready(self) -> Self:
        """Return the files that may be downloaded."""
        return self.filter(state=ExportFile.State.READY)

    def claim_next(self, export_id: int) -> "ExportFile | None":
        """Claim the first part of an export that is nobody's; None when there is none."""
        waiting = self.parts().filter(export_id=export_id, export__state="processing", state=ExportFile.State.PENDING)
        while (part := waiting.claimable().first()) is not None:
            if part.claim():
                return part
        return None


class ExportFile(LeasedModel):
    """One file: part n of m with its range of records, or the archive that holds all parts."""

    class Kind(models.TextChoices):
        """What the file is within its export."""

        PART = "part", _("File")
        ARCHIVE = "archive", _("Archive")

    class State(models.TextChoices):
        """Where the file is on its way; while a worker holds the lease of a pending file, it is being made."""

        PENDING = "pending", _("Waiting")
        READY = "ready", _("Ready")
        DELETED = "deleted", _("Deleted")

    export = models.ForeignKey(
        "exports.ExportRequest", verbose_name=_("export"), on_delete=models.PROTECT, related_name="files"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.PART)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PENDING)
    number = models.PositiveIntegerField(_("number"), help_text=_("Counted from 1."))
    of = models.PositiveIntegerField(_("of how many"), help_text=_("How many files of this kind the export has."))
    first_row = models.PositiveBigIntegerField(_("first row"), help_text=_("First record, counted from 1."))
    last_row = models.PositiveBigIntegerField(_("last row"))
    rows_done = models.PositiveBigIntegerField(_("rows written"), default=0, help_text=_("Records written so far."))
    name = models.CharField(_("name"), max_length=255)
    key = models.CharField(_("storage path"), max_length=200, blank=True, help_text=_("Path inside the storage."))
    size = models.PositiveBigIntegerField(_("size"), default=0, help_text=_("Bytes."))
    content_size = models.PositiveBigIntegerField(
        _("uncompressed size"), default=0, help_text=_("Bytes before compression.")
    )
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    warnings = models.JSONField(
        _("warnings"), default=list, blank=True, help_text=_("What could not be written as it was.")
    )
    write_seconds = models.FloatField(_("seconds writing"), default=0)
    verify_seconds = models.FloatField(_("seconds verifying"), default=0)
    downloads = models.PositiveIntegerField(_("downloads"), default=0)
    last_downloaded_at = models.DateTimeField(_("last downloaded"), null=True, blank=True)
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)

    objects = ExportFileQuerySet.as_manager()

    class Meta:
        ordering = ("export_id", "kind", "number")
        verbose_name, verbose_name_plural = _("file"), _("files")
        constraints = (
            models.UniqueConstraint(fields=("export", "kind", "number"), name="file_once_per_export"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1) & models.Q(number__lte=F("of")), name="file_n_of_m"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ready") | ~models.Q(sha256=""),
                name="file_ready_is_proven",
            ),
        )
        indexes = (
            models.Index(fields=("export", "state"), name="file_export_state"),
            models.Index(fields=("lease_until",), name="file_lease"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def record_count(self) -> int:
        """How many records the file holds."""
        return self.last_row - self.first_row + 1

    @property
    def record_range(self) -> str:
        """The range in the words of document 001: ``1-2000``."""
        return f"{self.first_row}-{self.last_row}"

    def beat(self, rows_done: int) -> None:
        """Save progress and extend the lease, in one statement.

        Raises:
            LeaseLost: the token is no longer on the row, or the export was cancelled or failed meanwhile.
        """
        # A condition through the relation would become "id IN (SELECT … JOIN …)", and a database that waited for the
        # row's lock reads that subquery as it was before the wait: the token would be compared with a stale one.
        requests = type(self)._meta.get_field("export").related_model._default_manager
        wanted = Exists(requests.filter(pk=OuterRef("export_id"), state="processing"))
        if not self.held().filter(wanted).update(rows_done=rows_done, **extended_lease()):
            raise LeaseLost

    def publish(self, stored: StoredFile, made: MadeFile) -> None:
        """Make the file downloadable; the caller's transaction decides together with the export's own state.

        Raises:
            LeaseLost: somebody else owns the part now; the result must be thrown away.
        """
        published: dict[str, Any] = {
            "state": self.State.READY,
            "key": stored.key,
            "size": stored.size,
            "sha256": stored.sha256,
            "content_size": made.written.content_size,
            "rows_done": made.written.rows,
            "warnings": entries(made.written.warnings),
            "write_seconds": made.write_seconds,
            "verify_seconds": made.verify_seconds,
            "ready_at": timezone.now(),
            "lease_token": None,
            "lease_until": None,
        }
        if not self.held().filter(state=self.State.PENDING).update(**published):
            raise LeaseLost

    def count_download(self) -> None:
        """Count one download."""
        type(self).objects.filter(pk=self.pk).update(downloads=F("downloads") + 1, last_downloaded_at=timezone.now())
