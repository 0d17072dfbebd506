"""Addresses that are told what becomes of somebody's exports (https://www.standardwebhooks.com)."""

import base64
import secrets
import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exports.conf import conf
from exports.exceptions import Conflict
from exports.types import Principal

from .log import ExportLog
from .owned import Owned
from .sealed import InvalidToken, seal, seal_anew, unseal

SECRET_BYTES = 32
SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with
OVERLAP = timedelta(hours=24)
"""How long a secret goes on signing beside the one that took its place."""


def new_secret() -> str:
    """Return a signing secret (Standard Webhooks, "Signature scheme")."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Queries over webhooks."""

    def visible_to(self, principal: Principal) -> Self:
        """Return what a caller may see: its own."""
        own = self.filter(owner=principal.owner) if principal.owner else self.none()
        return own.exclude(state=Webhook.State.DELETED)

    def listening(self, owner: str, event: ExportLog.Event) -> "list[Webhook]":
        """Return the webhooks that want to hear of an event of an owner's export; in one indexed query."""
        active = self.filter(owner=owner, state=Webhook.State.ACTIVE).select_related("client")
        return [webhook for webhook in active if f"export.{event}" in webhook.events and webhook.may_be_told]

    def forget_previous(self) -> int:
        """Erase the secrets that sign no more; return how many there were."""
        return self.filter(previous_until__lte=timezone.now()).update(sealed_previous="", previous_until=None)

    def seal_anew(self) -> None:
        """Encrypt every secret with the key of today, so that the fallbacks are needed no more."""
        sealed = self.exclude(sealed_secret="") if settings.SECRET_KEY_FALLBACKS else ()
        for webhook in sealed:
            try:
                current = seal_anew(webhook.sealed_secret)
                previous = webhook.sealed_previous and seal_anew(webhook.sealed_previous)
            except InvalidToken:
                continue
            if (current, previous) != (webhook.sealed_secret, webhook.sealed_previous):
                same = self.filter(pk=webhook.pk, sealed_secret=webhook.sealed_secret)
                same.update(sealed_secret=current, sealed_previous=previous)


class Webhook(Owned):
    """One address, which events it is told of, and how that goes."""

    class Event(models.TextChoices):
        """What can be told; ``export.`` and the event's name in the log."""

        COMPLETED = f"export.{ExportLog.Event.COMPLETED}", _("Completed")
        FAILED = f"export.{ExportLog.Event.FAILED}", _("Failed")
        CANCELLED = f"export.{ExportLog.Event.CANCELLED}", _("Cancelled")
        EXPIRED = f"export.{ExportLog.Event.EXPIRED}", _("Expired")

    class State(models.TextChoices):
        """Whether it is told anything."""

        ACTIVE = "active", _("Active")
        """It is."""
        PAUSED = "paused", _("Paused")
        """Its owner or an operator does not want it now; what was waiting goes on waiting."""
        DISABLED = "disabled", _("Disabled")
        """It answered 410, or nothing reached it for days; what was waiting was given up."""
        DELETED = "deleted", _("Deleted")
        """Its owner wants it no more. The row stays, for the log of what it was told, without its secrets."""

    public_id = models.UUIDField(_("webhook ID"), default=uuid.uuid4, unique=True, editable=False)
    url = models.CharField(_("address"), max_length=500)
    description = models.CharField(_("description"), max_length=200, blank=True)
    events = models.JSONField(_("events"), default=list)
    sealed_secret = models.CharField(max_length=255, editable=False)
    sealed_previous = models.CharField(max_length=255, blank=True, editable=False)
    previous_until = models.DateTimeField(
        _("previous secret until"), null=True, blank=True, help_text=_("Until then the previous secret signs as well.")
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ACTIVE)
    reason = models.CharField(_("reason"), max_length=200, blank=True, help_text=_("Why it was disabled."))
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    consecutive_failures = models.PositiveIntegerField(_("failures in a row"), default=0)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name, verbose_name_plural = _("webhook"), _("webhooks")
        indexes = (models.Index(fields=("owner", "state"), name="webhook_owner_state"),)

    def __str__(self) -> str:
        return f"{self.host} {self.public_id}"

    @property
    def host(self) -> str:
        """Whom the address leads to; the rest of it may be a secret of the receiver's."""
        return self.url.partition("://")[2].partition("/")[0].partition("?")[0][:254]

    @property
    def is_active(self) -> bool:
        """Whether it is told anything."""
        return self.state == self.State.ACTIVE

    @property
    def may_be_told(self) -> bool:
        """Whether whoever made it may still call; a key that was revoked ends what it began."""
        return self.client is None or not (self.client.revoked or self.client.has_expired)

    def signing_secrets(self) -> list[str]:
        """Return the secrets that sign, the newest first. Raises InvalidToken where SECRET_KEY is another one."""
        overlaps = self.previous_until is not None and self.previous_until > timezone.now()
        return [unseal(sealed) for sealed in (self.sealed_secret, self.sealed_previous if overlaps else "") if sealed]

    def rotate(self) -> str:
        """Return a new secret; the present one signs beside it for a day.

        Raises:
            Conflict: somebody else did the same at this moment.
        """
        secret, until = new_secret(), timezone.now() + OVERLAP
        same = Webhook.objects.filter(pk=self.pk, sealed_secret=self.sealed_secret)
        if not same.update(sealed_secret=seal(secret), sealed_previous=self.sealed_secret, previous_until=until):
            raise Conflict("The secret was rotated by somebody else at this moment.")
        self.refresh_from_db()
        return secret

    # How it moves. Each method is one conditional UPDATE; False says that it was so already.

    def pause(self) -> bool:
        """Tell it nothing for the time being."""
        return self._move([self.State.ACTIVE], self.State.PAUSED)

    def resume(self) -> bool:
        """Tell it again, as if nothing had failed."""
        stopped = [self.State.PAUSED, self.State.DISABLED]
        return self._move(stopped, self.State.ACTIVE, reason="", failing_since=None, consecutive_failures=0)

    def disable(self, reason: str) -> bool:
        """Tell it nothing any more, and give up what was waiting for it."""
        with transaction.atomic():
            self.notices.give_up()
            return self._move([self.State.ACTIVE, self.State.PAUSED], self.State.DISABLED, reason=reason[:200])

    def delete_for_owner(self) -> bool:
        """Tell it nothing ever again, and forget its secrets."""
        with transaction.atomic():
            self.notices.give_up()
            every = [self.State.ACTIVE, self.State.PAUSED, self.State.DISABLED]
            return self._move(every, self.State.DELETED, sealed_secret="", sealed_previous="", previous_until=None)

    def note_success(self) -> None:
        """Note that it took a notice."""
        told = Webhook.objects.filter(pk=self.pk)
        told.update(last_success_at=timezone.now(), failing_since=None, consecutive_failures=0)

    def note_failure(self) -> bool:
        """Note that it did not take a notice; one that has taken none for days is disabled, which True says."""
        now = timezone.now()
        failures = F("consecutive_failures") + 1
        mine = Webhook.objects.filter(pk=self.pk)
        mine.update(consecutive_failures=failures, failing_since=Coalesce("failing_since", now))
        self.refresh_from_db(fields=["failing_since"])
        if self.failing_since is None or self.failing_since > now - timedelta(days=conf.webhook_failing_days):
            return False
        return self.disable(f"Nothing was taken since {self.failing_since:%Y-%m-%d %H:%M} UTC.")

    def _move(self, origins: list["Webhook.State"], target: "Webhook.State", **changes: object) -> bool:
        moved = Webhook.objects.filter(pk=self.pk, state__in=origins).update(state=target, **changes)
        self.refresh_from_db()
        return bool(moved)
