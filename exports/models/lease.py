"""Claim, fence, sweep: how exactly one worker owns a piece of work, however often it is started.

A claim counts the attempt before any work begins, because a task that kills its worker is redelivered for ever by the
queue and only a row that was written beforehand remembers it. The claim's token fences the result: what was not claimed
with the token on the row is refused. A lease that is not extended lapses, and then anybody may claim.
"""

import uuid
from datetime import timedelta
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exports.conf import conf

Leased = TypeVar("Leased", bound="LeasedModel")


class LeasedQuerySet(models.QuerySet[Leased]):
    """Queries over rows that workers claim."""

    def claimable(self) -> Self:
        """Return rows that nobody holds and that have starts left."""
        free = Q(lease_token=None) | Q(lease_until__lt=timezone.now())
        return self.filter(free, attempts__lt=conf.max_attempts)

    def lapsed(self) -> Self:
        """Return rows whose holder has been silent for longer than its lease."""
        return self.filter(lease_until__lt=timezone.now())

    def exhausted(self) -> Self:
        """Return rows that nobody holds any more and that may not be started again."""
        free = Q(lease_token=None) | Q(lease_until__lt=timezone.now())
        return self.filter(free, attempts__gte=conf.max_attempts)


class LeasedModel(models.Model):
    """A row that at most one worker owns at a time."""

    attempts = models.PositiveSmallIntegerField(
        _("starts"), default=0, help_text=_("How often work on this was started.")
    )
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def lease_seconds(self) -> float:
        """How long whoever claims it may be silent."""
        return float(conf.lease_seconds)

    def claim(self) -> bool:
        """Take the row for this worker; False when another was faster or no start is left.

        On success the instance carries the token that every later write must show.
        """
        token = uuid.uuid4()
        rows = type(self)._default_manager.filter(pk=self.pk)
        won = rows.claimable().update(  # type: ignore[attr-defined]
            lease_token=token, lease_until=_lease_end(self.lease_seconds), attempts=F("attempts") + 1
        )
        if won:
            self.lease_token = token
            self.attempts += 1
        return bool(won)

    def release(self) -> bool:
        """Give the row back, so that another start need not wait for the lease to lapse; False when it was not held."""
        return bool(self.held().update(lease_token=None, lease_until=None))

    def hand_back(self) -> None:
        """Give the row back as it was before this worker took it: the start does not count."""
        self.held().update(lease_token=None, lease_until=None, attempts=F("attempts") - 1)

    def retire(self) -> bool:
        """Take the row from its silent last holder for good; False when it may still be finished."""
        spent = type(self)._default_manager.filter(pk=self.pk).exhausted()  # type: ignore[attr-defined]
        return bool(spent.update(lease_token=None, lease_until=None))

    def held(self) -> models.QuerySet[Self]:
        """Return this row for as long as this worker's token is on it."""
        # Without the second condition, a worker that holds nothing would match every row that nobody holds.
        return type(self)._default_manager.filter(pk=self.pk, lease_token=self.lease_token, lease_token__isnull=False)


def _lease_end(seconds: float) -> object:
    return timezone.now() + timedelta(seconds=seconds)


def extended_lease() -> dict[str, object]:
    """Return the column values that extend a lease."""
    return {"lease_until": _lease_end(conf.lease_seconds)}
