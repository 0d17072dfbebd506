"""Records that are uploaded piece by piece before they are exported."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import IntegrityError, models, transaction
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exports.conf import conf
from exports.exceptions import BadRequest, Conflict, NotFound
from exports.types import Principal

from .owned import Owned


class DatasetQuerySet(models.QuerySet["Dataset"]):
    """Queries over uploads."""

    def visible_to(self, principal: Principal) -> Self:
        """Return what a caller may see: its own."""
        return self.filter(owner=principal.owner) if principal.owner else self.none()

    def to_export(self, public_id: uuid.UUID, principal: Principal, catalogue: str, resource: str) -> "Dataset":
        """Return an upload whose records may be exported.

        Raises:
            NotFound: there is none, or it is somebody else's.
            BadRequest: its records are of another resource.
            Conflict: it is not closed.
        """
        found = self.visible_to(principal).filter(public_id=public_id).first()
        if found is None:
            raise NotFound("Upload not found or expired")
        if (found.catalogue, found.resource) != (catalogue, resource):
            raise BadRequest(f"The upload holds {found.resource}, not {resource}.", field="dataset")
        if not found.is_closed:
            raise Conflict("The upload is not closed yet; say first that all pieces are there.", field="dataset")
        return found

    def open_now(self) -> Self:
        """Return uploads that take pieces."""
        return self.filter(closed_at=None, expires_at__gt=timezone.now())

    def forgotten(self) -> Self:
        """Return uploads whose time is over and that no export still has to read."""
        return self.filter(expires_at__lte=timezone.now()).exclude(_awaited())


class Dataset(Owned):
    """One upload: numbered pieces, complete once it is closed."""

    public_id = models.UUIDField(_("upload ID"), default=uuid.uuid4, unique=True, editable=False)
    catalogue = models.CharField(_("catalogue"), max_length=32)
    resource = models.CharField(_("resource"), max_length=64)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires at"))

    objects = DatasetQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name, verbose_name_plural = _("upload"), _("uploads")
        indexes = (models.Index(fields=("expires_at",), name="dataset_expires"),)

    def __str__(self) -> str:
        return f"{self.resource} {self.public_id}"

    @property
    def is_closed(self) -> bool:
        """Whether it is complete and may be exported."""
        return self.closed_at is not None

    def totals(self) -> dict[str, int]:
        """Return how many pieces, records and stored bytes there are."""
        sums = self.pieces.aggregate(pieces=Count("pk"), records=Sum("record_count"), size=Sum("size"))
        return {name: value or 0 for name, value in sums.items()}

    def add_piece(self, number: int, **values: Any) -> bool:
        """Make a piece part of the upload; False where the same piece is there already.

        Raises:
            Conflict: another piece has the number, or the upload is closed or gone.
        """
        try:
            with transaction.atomic():
                # Locks the row: a piece is either there when the upload is closed, or refused.
                if not self._open().update(expires_at=lifetime_end()):
                    raise Conflict("The upload is closed; no piece can be added.", field="dataset")
                self.pieces.create(number=number, **values)
        except IntegrityError as error:
            if self.pieces.filter(number=number, sha256=values["sha256"]).exists():
                return False
            raise Conflict(f"Piece {number} was uploaded before with other content.", field="number") from error
        return True

    def close(self, pieces: int | None = None) -> None:
        """Declare it complete; closing it again changes nothing.

        Raises:
            Conflict: pieces are missing; the message names the first.
        """
        with transaction.atomic():
            self._open().update(closed_at=timezone.now(), expires_at=lifetime_end())
            self.refresh_from_db()
            missing = self.missing(pieces)
            if missing:
                some = ", ".join(map(str, missing[:10]))
                raise Conflict(f"Pieces are missing: {some}.", field="pieces", missing=missing[:100])

    def is_awaited(self) -> bool:
        """Tell whether an export still has to read it."""
        return type(self).objects.filter(_awaited(), pk=self.pk).exists()

    def missing(self, pieces: int | None = None) -> list[int]:
        """Return the numbers below the highest one, or up to ``pieces``, of which there is no piece; 1 for none."""
        there = set(self.pieces.values_list("number", flat=True))
        last = max(there | {pieces or 1})
        return [number for number in range(1, last + 1) if number not in there]

    def _open(self) -> DatasetQuerySet:
        return type(self).objects.filter(Q(closed_at=None), pk=self.pk)


class DatasetPiece(models.Model):
    """One piece of an upload, as columns on the disk."""

    dataset = models.ForeignKey(Dataset, verbose_name=_("upload"), on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField(_("number"), help_text=_("Counted from 1."))
    sha256 = models.CharField("SHA-256", max_length=64, help_text=_("Of the piece as it came, inflated."))
    record_count = models.PositiveBigIntegerField(_("rows"))
    size = models.PositiveBigIntegerField(_("size"), help_text=_("Bytes it takes in the storage."))
    staged = models.CharField(_("staged columns"), max_length=32, help_text=_("Folder within the upload's own."))
    unknown_fields = models.JSONField(
        _("unknown fields"), default=list, blank=True, help_text=_("Columns that were left out: no field has the name.")
    )
    created_at = models.DateTimeField(_("received at"), default=timezone.now, editable=False)

    class Meta:
        ordering = ("dataset_id", "number")
        verbose_name, verbose_name_plural = _("piece"), _("pieces")
        constraints = (models.UniqueConstraint(fields=("dataset", "number"), name="piece_once_per_dataset"),)

    def __str__(self) -> str:
        return f"{self.dataset_id}: {self.number}"


def _awaited() -> Q:
    exports = Dataset._meta.get_field("exports").related_model._default_manager
    unread = exports.filter(state__in=("pending", "queued", "processing"), staged="")
    return Q(Exists(unread.filter(dataset=OuterRef("pk"))))


def lifetime_end() -> datetime:
    """Return until when an upload that was touched now is kept."""
    return timezone.now() + timedelta(hours=conf.dataset_hours)
