"""What must be looked after: exports that no worker holds although work is left, and what may be deleted."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from exports.conf import conf
from exports.types import Principal

from .file import ExportFile, ExportFileQuerySet
from .idempotency import IdempotencyKey
from .lease import LeasedQuerySet
from .log import ExportLog
from .making import Making
from .notice import EXPIRING, Notice

GONE = "-"
"""Stands for staged columns that are kept no more, or that nobody will read any more."""

if TYPE_CHECKING:
    from .request import ExportRequest  # noqa: F401 - named in a base class below


class CaredForQuerySet(LeasedQuerySet["ExportRequest"]):
    """Queries over exports for the sweep, the upkeep and the monitors."""

    def active(self) -> Self:
        """Return exports that are waiting or being made."""
        return self.filter(state__in=("pending", "queued", "processing"))

    def attended(self) -> Self:
        """Return exports that a worker holds: a part of them, or the last step."""
        return self.active().filter(_is_held())

    def unattended(self) -> Self:
        """Return active exports that nobody holds although a part, or the last step, may be started."""
        startable = Exists(_files().filter(kind="part", state="pending").claimable())
        return self.active().exclude(_is_held()).filter(startable | Q(_single_step(), attempts__lt=conf.max_attempts))

    def without_message(self, served_until: datetime | None) -> Self:
        """Return exports whose last message has done what it could: the worker fell silent, or it was lost on the way.

        ``served_until`` is the lane's; None while it is unknown.
        """
        now = timezone.now()
        rows = self.annotate(last_message=Coalesce("enqueued_at", "created_at"))
        fell_silent = Q(lease_until__gt=F("last_message")) | Exists(
            _files().filter(state="pending", lease_until__gt=OuterRef("last_message"), lease_until__lt=now)
        )
        if served_until is None:
            return rows.filter(fell_silent)
        # Whoever received a message a lease ago has claimed the work long since.
        taken_up = served_until - timedelta(seconds=conf.lease_seconds)
        return rows.filter(fell_silent | Q(last_message__lt=taken_up))

    def exhausted_step(self) -> Self:
        """Return exports whose records could not be read, or whose parts not be put together, in any of the starts."""
        return self.exhausted().filter(_single_step(), state="processing")

    def note_message(self) -> None:
        """Note that a message is being sent to the export's lane."""
        self.update(enqueued_at=timezone.now())

    def silent(self, leases: int = 3) -> Self:
        """Return exports being made whose worker has not been heard of for so many leases."""
        # A lease lapses one lease after the last heartbeat.
        limit = timezone.now() - timedelta(seconds=(leases - 1) * conf.lease_seconds)
        lapsed = Exists(_files().filter(state="pending", lease_until__lt=limit))
        return self.filter(Q(lease_until__lt=limit) | lapsed, state="processing").exclude(_is_held())

    def overdue(self) -> Self:
        """Return finished exports whose files must go."""
        return self.filter(state="completed", expires_at__lte=timezone.now())

    def to_remind_of(self, hours: int) -> Self:
        """Return finished exports whose files go in so many hours, kept for clearly longer, and fetched by nobody.

        Only where somebody wanted an e-mail and was not reminded yet.
        """
        now = timezone.now()
        kept = self.filter(state="completed", expires_at__gt=now, expires_at__lte=now + timedelta(hours=hours))
        fetched = Exists(_files().filter(downloads__gt=0))
        told = Exists(Notice.objects.filter(export=OuterRef("pk"), event=EXPIRING))
        return kept.filter(retention_hours__gte=2 * hours).exclude(notify_email="").exclude(fetched).exclude(told)

    def disposable(self) -> Self:
        """Return exports whose files and staged columns serve nobody any more but have not been deleted yet."""
        now = timezone.now()
        given_up = Q(state="failed", completed_at__lte=now - timedelta(hours=conf.failed_hours))
        stored = Exists(_files().exclude(state="deleted"))
        may_go = Q(state__in=("expired", "cancelled")) | given_up
        return self.filter(may_go, stored | Q(staged="")).exclude(_is_held())

    def staged_in_vain(self) -> Self:
        """Return finished exports whose staged columns may still be there."""
        return self.filter(state="completed", staged_bytes__gt=0)


class CaredFor(Making):
    """What sweep, upkeep and people do to an export after something went wrong with it, or when its time is over."""

    class Meta:
        abstract = True

    @property
    def is_resumable(self) -> bool:
        """Whether it failed and its records are still kept, or still to be read."""
        return self.state == self.State.FAILED and (self.staged_bytes > 0 or self.is_unread)

    def take_message_of(self, other: Self) -> None:
        """Note that the message which was for the other export is left for this one: each worked for the other."""
        if other.enqueued_at and other.pk != self.pk:
            mine_is_older = Q(enqueued_at__lt=other.enqueued_at)
            type(self)._default_manager.filter(mine_is_older, pk=self.pk).update(enqueued_at=other.enqueued_at)

    def mark_sent_again(self) -> bool:
        """Note that another message is being sent, because the last one can do no more."""
        if self.mark_queued():
            return True
        with transaction.atomic():
            unchanged = self._in(self.State.QUEUED, self.State.PROCESSING).filter(enqueued_at=self.enqueued_at)
            if not unchanged.update(enqueued_at=timezone.now()):
                return False
            self.record(ExportLog.Event.RETRIED, f"Its worker fell silent; sent to lane {self.lane} again")
        return True

    def mark_resumed(self, principal: Principal) -> bool:
        """Send a failed export, unless its records are kept no more, to the workers again: for what is missing only."""
        with transaction.atomic():
            missing = self.files.parts().filter(state=ExportFile.State.PENDING)
            missing.update(attempts=0, lease_token=None, lease_until=None, rows_done=0)
            moved = self._move(
                [self.State.FAILED],
                self.State.QUEUED,
                ExportLog.Event.RETRIED,
                f"Started again; files that are ready are kept: {self.parts_done} of {self.parts_total}",
                principal,
                only=Q(staged_bytes__gt=0) | Q(staged=""),
                attempts=0,
                enqueued_at=timezone.now(),
                started_at=None,
                completed_at=None,
                error_code="",
                error_message="",
                error_details={},
                stage=self.Stage.DATA_RETRIEVAL,
            )
            if moved:
                self.record(ExportLog.Event.QUEUED, f"Waiting in lane {self.lane}")
            # Whoever won the race may have workers on those files.
            transaction.set_rollback(not moved)
        return moved

    def mark_unstaged(self) -> bool:
        """Note that its records serve nobody any more, so that nobody can resume it; False while they do."""
        return bool(self._in(*self.ENDED).update(staged_bytes=0, staged=GONE))

    def mark_files_deleted(self, principal: Principal | None = None) -> bool:
        """Note that nothing of it is stored any more; False when that is known already."""
        with transaction.atomic():
            if not self.files.exclude(state=ExportFile.State.DELETED).update(state=ExportFile.State.DELETED):
                return False
            self.mark_unstaged()
            IdempotencyKey.objects.filter(export_id=self.pk).delete()
            self.record(ExportLog.Event.DELETED, "Files and staged columns were deleted", principal)
        return True


def _files() -> ExportFileQuerySet:
    return ExportFile.objects.filter(export=OuterRef("pk"))


def _single_step() -> Q:
    """Return whether only one worker can do what comes next: read the records, or put the parts together."""
    return Q(staged="") | Q(parts_done=F("parts_total"))


def _is_held() -> Q:
    now = timezone.now()
    return Q(lease_until__gte=now) | Q(Exists(_files().filter(state="pending", lease_until__gte=now)))
