"""Signs of life of the lanes: whether messages are taken off a queue, worked on and acknowledged."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Max
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exports.types import Lane


class LaneHeartbeatQuerySet(models.QuerySet["LaneHeartbeat"]):
    """Queries over signs of life."""

    def ask(self, host: str, lane: Lane) -> None:
        """Note that a question was sent; an older one that is still open keeps its time."""
        now = timezone.now()
        row, _created = self.get_or_create(host=host, lane=lane, defaults={"asked_at": now})
        self.filter(pk=row.pk).update(sent_at=now, asked_at=Coalesce("asked_at", now))

    def answer(self, host: str, lane: Lane, sent_at: datetime | None = None) -> None:
        """Note that a host's workers finished a task; ``sent_at`` tells when it was sent, where that is known."""
        answer = {"answered_at": timezone.now(), "asked_at": None, **({"served_until": sent_at} if sent_at else {})}
        if not self.filter(host=host, lane=lane).update(**answer):
            self.update_or_create(host=host, lane=lane, defaults=answer)

    def forgive(self, host: str, lane: Lane) -> None:
        """Drop an open question: whoever should have answered it is started anew."""
        self.filter(host=host, lane=lane).update(asked_at=None, sent_at=None)

    def unanswered(self, host: str, seconds: float) -> Self:
        """Return the lanes of a host whose question has been open for so long."""
        return self.filter(host=host, asked_at__lte=timezone.now() - timedelta(seconds=seconds))

    def sent_within(self, seconds: float) -> Self:
        """Return rows whose last question was sent that recently."""
        return self.filter(sent_at__gt=timezone.now() - timedelta(seconds=seconds))

    def served_until(self) -> dict[str, datetime]:
        """Return, by lane, the time before which every message has been handed to a worker or was lost.

        A queue is first in, first out: once a question has been answered, what was sent before it is no longer waiting.
        """
        seen = self.exclude(served_until=None).values_list("lane").annotate(Max("served_until")).order_by()
        return dict(seen)


class LaneHeartbeat(models.Model):
    """What one host's workers showed of one lane."""

    host = models.CharField(_("host"), max_length=255)
    lane = models.CharField(_("lane"), max_length=16, choices=[(lane.value, lane.value) for lane in Lane])
    sent_at = models.DateTimeField(_("sent at"), null=True, help_text=_("When the last question was sent."))
    asked_at = models.DateTimeField(_("asked at"), null=True, help_text=_("Since when a question has been open."))
    answered_at = models.DateTimeField(_("answered at"), null=True, help_text=_("When a task was last finished."))
    served_until = models.DateTimeField(
        _("served until"), null=True, help_text=_("When the newest answered question was sent.")
    )

    objects = LaneHeartbeatQuerySet.as_manager()

    class Meta:
        ordering = ("lane", "host")
        verbose_name, verbose_name_plural = _("sign of life"), _("signs of life")
        constraints = (models.UniqueConstraint(fields=("host", "lane"), name="lane_once_per_host"),)

    def __str__(self) -> str:
        return gettext("%(lane)s on %(host)s") % {"lane": self.lane, "host": self.host}
