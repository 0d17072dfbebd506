"""Requests that may come twice: a key stands for one request of one caller, and for the export that was made of it.

A key is reserved before work begins and bound to the export in the transaction that accepts it, so that of many equal
requests at once one is accepted. A reservation whose process died lapses; the process itself, should it come back,
finds its reservation gone and accepts nothing.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exports.exceptions import InFlight, KeyReused
from exports.types import Idempotency

if TYPE_CHECKING:
    from .request import ExportRequest

RESERVED = timedelta(seconds=30)
"""How long accepting a request may take before the same request may try instead."""


class IdempotencyKeyQuerySet(models.QuerySet["IdempotencyKey"]):
    """Queries over keys."""

    def reserve(self, owner: str, asked: Idempotency) -> "IdempotencyKey":
        """Return a key that is this caller's to bind, or one that has its export already.

        Raises:
            InFlight: the same request is being accepted at this moment.
            KeyReused: the key stands for another request.
        """
        self.filter(owner=owner, key=asked.key).forgotten().delete()
        now = timezone.now()
        mine = self.model(
            owner=owner,
            key=asked.key,
            fingerprint=asked.fingerprint,
            reserved_until=now + RESERVED,
            remembered_until=now + timedelta(seconds=asked.seconds) if asked.seconds else None,
        )
        try:
            with transaction.atomic():
                mine.save()
        except IntegrityError:
            return self._known(owner, asked)
        return mine

    def forgotten(self) -> "IdempotencyKeyQuerySet":
        """Return keys that stand for nothing any more."""
        now = timezone.now()
        given_up = Q(export=None, reserved_until__lt=now)
        expired = Q(export__state="expired") | Q(export__state="completed", export__expires_at__lte=now)
        return self.filter(given_up | expired | Q(remembered_until__lt=now))

    def _known(self, owner: str, asked: Idempotency) -> "IdempotencyKey":
        known = self.filter(owner=owner, key=asked.key).select_related("export").first()
        if known is None:
            # It was given up between two looks at it.
            raise InFlight(retry_after=1)
        if known.fingerprint != asked.fingerprint:
            raise KeyReused(field="Idempotency-Key")
        if known.export is None:
            raise InFlight(retry_after=1)
        return known


class IdempotencyKey(models.Model):
    """One key of one caller."""

    owner = models.CharField(_("caller"), max_length=32)
    key = models.CharField(_("key"), max_length=255)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    reserved_until = models.DateTimeField(_("reserved until"))
    remembered_until = models.DateTimeField(_("remembered until"), null=True)
    export = models.ForeignKey(
        "exports.ExportRequest", verbose_name=_("export"), null=True, on_delete=models.CASCADE, related_name="keys"
    )

    objects = IdempotencyKeyQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("idempotency key"), _("idempotency keys")
        constraints = (models.UniqueConstraint(fields=("owner", "key"), name="key_once_per_owner"),)

    def __str__(self) -> str:
        return f"{self.owner}: {self.key}"

    def bind(self, export: "ExportRequest") -> None:
        """Let the key stand for an export, in the transaction that accepts it.

        Raises:
            InFlight: the reservation lapsed, and the same request came again meanwhile.
        """
        if not self._mine().update(export=export):
            raise InFlight(retry_after=1)

    def free(self) -> None:
        """Give a key back that no export was made of."""
        self._mine().delete()

    def _mine(self) -> "models.QuerySet[IdempotencyKey]":
        return type(self).objects.filter(pk=self.pk, export=None)
