"""What somebody is to be told about an export, kept until it was told or given up.

A notice is written in the transaction of the event it tells of, so that none is lost and none tells of what never was.
The messenger tells it at least once; whoever is told twice knows by the notice's ID.
"""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .log import ExportLog
from .webhook import Webhook

if TYPE_CHECKING:
    from .lifecycle import Lifecycle
    from .request import ExportRequest

CLAIMED = timedelta(seconds=60)
"""For how long nobody else tries what one process is trying; an attempt takes less."""
TOLD = (ExportLog.Event.COMPLETED, ExportLog.Event.FAILED, ExportLog.Event.CANCELLED, ExportLog.Event.EXPIRED)
"""Events that anybody is told of."""
EXPIRING = "expiring"
"""No event of the export's: its files will go soon, and nobody has fetched them."""
TEST = "test"
"""What is told besides: that a webhook works. It is about no export."""


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Queries over notices."""

    def about(self, export: "Lifecycle", event: ExportLog.Event) -> None:
        """Keep a notice for everybody who wants to hear of an event; in the event's own transaction."""
        if event in TOLD:
            self.bulk_create([*self._by_mail(export, event), *self._by_webhook(export, event)])

    def remind_of(self, exports: "Iterable[Lifecycle]") -> None:
        """Keep a reminder for who wanted an e-mail; one for each export, however often and wherever this is called."""
        channel = Notice.Channel.EMAIL
        reminders = [
            Notice(export_id=export.pk, event=EXPIRING, channel=channel, recipient=export.notify_email)
            for export in exports
        ]
        self.bulk_create(reminders, ignore_conflicts=True)

    def claim_next(self, *, busy: Collection[str] = ()) -> "Notice | None":
        """Take the notice that has been due for longest, unless the owner of its webhook is ``busy``; None for none."""
        for notice in self.due().exclude(webhook__owner__in=busy).order_by("due_at")[:10]:
            if notice.claim():
                return notice
        return None

    def due(self) -> Self:
        """Return notices whose time for an attempt has come; a webhook that is paused has none."""
        may_be_told = Q(webhook=None) | Q(webhook__state=Webhook.State.ACTIVE)
        return self.filter(may_be_told, state=Notice.State.WAITING, due_at__lte=timezone.now())

    def give_up(self) -> int:
        """Tell none of these any more; return how many were waiting."""
        return self.filter(state=Notice.State.WAITING).update(state=Notice.State.GIVEN_UP)

    def _by_mail(self, export: "Lifecycle", event: ExportLog.Event) -> list["Notice"]:
        if not export.notify_email or event not in (ExportLog.Event.COMPLETED, ExportLog.Event.FAILED):
            return []
        return [Notice(export_id=export.pk, event=event, channel=Notice.Channel.EMAIL, recipient=export.notify_email)]

    def _by_webhook(self, export: "Lifecycle", event: ExportLog.Event) -> list["Notice"]:
        return [
            Notice(
                export_id=export.pk,
                event=event,
                channel=Notice.Channel.WEBHOOK,
                webhook=webhook,
                recipient=webhook.host,
            )
            for webhook in Webhook.objects.listening(export.owner, event)
        ]


class Notice(models.Model):
    """One event, to be told to one recipient."""

    class Channel(models.TextChoices):
        """How it is told."""

        EMAIL = "email", _("E-mail")
        WEBHOOK = "webhook", _("Webhook")

    class State(models.TextChoices):
        """``waiting -> sent | given_up``."""

        WAITING = "waiting", _("Waiting")
        """To be told at ``due_at``, for the first time or again."""
        SENT = "sent", _("Sent")
        """The recipient's server has taken it."""
        GIVEN_UP = "given_up", _("Given up")
        """Nobody took it in all the attempts there are, or it was refused for good."""

    public_id = models.UUIDField(_("notice ID"), default=uuid.uuid4, unique=True, editable=False)
    export = models.ForeignKey(
        "exports.ExportRequest",
        verbose_name=_("export"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="notices",
        help_text=_("Empty for a test."),
    )
    event = models.CharField(
        _("event"), max_length=16, choices=[*ExportLog.Event.choices, (EXPIRING, _("Expires soon")), (TEST, _("Test"))]
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    webhook = models.ForeignKey(
        Webhook, verbose_name=_("webhook"), null=True, blank=True, on_delete=models.PROTECT, related_name="notices"
    )
    recipient = models.CharField(_("recipient"), max_length=254, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    attempts_before = models.PositiveSmallIntegerField(
        _("attempts before"), default=0, help_text=_("Attempts that were made before it was last asked for again.")
    )
    due_at = models.DateTimeField(_("due at"), default=timezone.now)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name, verbose_name_plural = _("notice"), _("notices")
        constraints = (
            models.CheckConstraint(condition=Q(event=TEST) | Q(export__isnull=False), name="notice_is_about_an_export"),
            models.UniqueConstraint(
                fields=("export",), condition=Q(event=EXPIRING, channel="email"), name="notice_reminds_once"
            ),
        )
        indexes = (models.Index(fields=("state", "due_at"), name="notice_due"),)

    def __str__(self) -> str:
        return f"{self.event} by {self.channel}"

    @property
    def told_export(self) -> "ExportRequest":
        """The export it is about; only of a test, which no mail tells, there is none."""
        assert self.export is not None  # noqa: S101 - the constraint says so
        return self.export

    @property
    def attempts_of_plan(self) -> int:
        """How many attempts were made since it was last asked for."""
        return self.attempts - self.attempts_before

    # How it moves. Each method is one conditional UPDATE; False says that somebody else moved it first.

    def claim(self) -> bool:
        """Take it for one attempt."""
        until = timezone.now() + CLAIMED
        seen = Notice.objects.filter(pk=self.pk, state=self.State.WAITING, due_at=self.due_at)
        if not seen.update(due_at=until, attempts=F("attempts") + 1):
            return False
        self.refresh_from_db()
        return True

    def tell_again(self) -> bool:
        """Have it told now, whatever came of it, with a whole plan of attempts; False where that is near anyway."""
        now = timezone.now()
        over = Q(state__in=(self.State.SENT, self.State.GIVEN_UP))
        # What is due sooner may be under way at this moment.
        far = Q(state=self.State.WAITING, due_at__gt=now + CLAIMED)
        changes = {"state": self.State.WAITING, "due_at": now, "attempts_before": F("attempts")}
        moved = bool(Notice.objects.filter(over | far, pk=self.pk).update(**changes))
        self.refresh_from_db()
        return moved

    def note(self, *, seconds: float, status: int | None = None, error: str = "", again_at: datetime | None) -> bool:
        """Keep what came of the attempt it is claimed for: it was told, is tried again, or is given up.

        ``status`` is what the other server answered; ``error`` is empty where it was told.
        """
        if not error:
            changes = {"state": self.State.SENT, "sent_at": timezone.now()}
        else:
            changes = {"due_at": again_at} if again_at else {"state": self.State.GIVEN_UP}
        with transaction.atomic():
            mine = Notice.objects.filter(pk=self.pk, state=self.State.WAITING, attempts=self.attempts)
            moved = bool(mine.update(**changes))
            self.log.create(number=self.attempts, seconds=seconds, status=status, error=error[:200])
        self.refresh_from_db()
        return moved


class NoticeAttempt(models.Model):
    """One attempt to tell a notice."""

    notice = models.ForeignKey(Notice, verbose_name=_("notice"), on_delete=models.CASCADE, related_name="log")
    number = models.PositiveSmallIntegerField(_("number"), help_text=_("Counted from 1."))
    status = models.PositiveSmallIntegerField(
        _("status"), null=True, blank=True, help_text=_("What the other server answered.")
    )
    error = models.CharField(_("error"), max_length=200, blank=True, help_text=_("Empty where it was taken."))
    seconds = models.FloatField(_("seconds"))
    created_at = models.DateTimeField(_("time"), default=timezone.now, editable=False)

    class Meta:
        ordering = ("id",)
        verbose_name, verbose_name_plural = _("attempt"), _("attempts")

    def __str__(self) -> str:
        return f"{self.number}: {self.error or 'sent'}"
