"""The export itself: what was asked for, and by whom."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.conf import settings
from django.db import connection, models
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exports.types import Principal

from .care import CaredFor, CaredForQuerySet
from .file import ExportFile
from .log import actor_name
from .notice import EXPIRING, Notice, NoticeQuerySet
from .owned import may_see_all, own

WISH = (
    *("dialect", "catalogue", "resource", "template", "format", "columns", "filters", "options", "program_id"),
    *("file_name", "custom_file_name", "sheet_name", "source", "caller_user_id", "strategy", "lane", "record_count"),
    *("parts_total", "staged", "staged_bytes", "reserved_bytes", "warnings"),
    *("origin", "dataset_id", "changed_since", "newest_change", "unchanged_count", "series"),
    *("archive", "retention_hours", "notify_email", "schedule_id"),
    *("template_version_id", "hides_sensitive", "masked"),
)
"""What is the same when an export is asked for again."""


IN_QUEUE = Q(state__in=("queued", "processing"))


class Taken(NamedTuple):
    """What exports under way have taken."""

    own: int
    """How many of them are the caller's."""
    in_queue: int
    """How many were handed to the workers."""
    reserved_bytes: int
    """Room in the storage that they still need: what is reserved less what is staged."""


class ExportRequestQuerySet(CaredForQuerySet):
    """Queries over exports."""

    def visible_to(self, principal: Principal) -> Self:
        """Return what a caller may see: its own; everything for staff who may view all."""
        return self.all() if may_see_all(principal) else self.filter(own(principal))

    def in_queue(self) -> Self:
        """Return exports that were handed to the workers and have not ended."""
        return self.filter(IN_QUEUE)

    def taken(self, owner: str) -> Taken:
        """Return what these exports, which are under way, have taken of what there is; in one query."""
        still_needed = Sum(F("reserved_bytes") - F("staged_bytes"), filter=Q(reserved_bytes__gt=F("staged_bytes")))
        return Taken(
            **self.aggregate(
                own=Count("pk", filter=Q(owner=owner)),
                in_queue=Count("pk", filter=IN_QUEUE),
                reserved_bytes=Coalesce(still_needed, 0),
            )
        )

    def asked_lately(self, owner: str, dialect: str, lately: timedelta) -> list[datetime]:
        """Return when a caller asked for exports in the words of a dialect, oldest first."""
        since = timezone.now() - lately
        asked = self.filter(owner=owner, dialect=dialect, created_at__gt=since).order_by("created_at")
        return list(asked.values_list("created_at", flat=True))

    def newest_change(self, series: str) -> str:
        """Return up to when the exports of a series have every change; empty where there is none yet."""
        ended = self.filter(series=series, state__in=("completed", "expired")).order_by("-id")
        return ended.values_list("newest_change", flat=True).first() or ""

    def admit_one_at_a_time(self) -> None:
        """Let nobody else in until the transaction ends, or each of many would count the same room and take it.

        SQLite's transactions wait for each other anyway.
        """
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext('exports.admit'))")


class ExportRequest(CaredFor):
    """One export."""

    class Source(models.TextChoices):
        """Who asked."""

        API = "api", _("API client")
        PORTAL = "portal", _("Portal")
        SCHEDULE = "schedule", _("Schedule")
        COMMAND = "command", _("Command line")

    public_id = models.UUIDField(_("export ID"), default=uuid.uuid4, unique=True, editable=False)
    # What was asked for
    dialect = models.CharField(_("dialect"), max_length=16)
    catalogue = models.CharField(_("catalogue"), max_length=32)
    resource = models.CharField(_("resource"), max_length=64)
    template = models.CharField(_("template"), max_length=64)
    template_version = models.ForeignKey(
        "exports.ExportTemplateVersion",
        verbose_name=_("version of a template"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="exports",
        help_text=_("What a custom template said when the export was asked for; its files are made by it."),
    )
    format = models.CharField(_("format"), max_length=16)
    columns = models.JSONField(_("columns"), default=list, help_text=_("Field names, in order."))
    hides_sensitive = models.BooleanField(
        _("hides sensitive values"), default=False, help_text=_("Whoever asked may not export them.")
    )
    masked = models.JSONField(
        _("hidden columns"), default=list, blank=True, help_text=_("Names of the sensitive fields it would have shown.")
    )
    filters = models.JSONField(_("filters"), default=dict, blank=True)
    options = models.JSONField(_("options"), default=dict, blank=True)
    program_id = models.BigIntegerField(_("program"), null=True, blank=True)
    file_name = models.CharField(_("file name"), max_length=255, help_text=_("What the caller downloads."))
    custom_file_name = models.BooleanField(_("own file name"), default=False)
    sheet_name = models.CharField(_("sheet name"), max_length=31)
    # Who asked
    source = models.CharField(_("asked through"), max_length=8, choices=Source.choices, default=Source.API)
    schedule = models.ForeignKey(
        "exports.ExportSchedule",
        verbose_name=_("schedule"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="exports",
        # Of its own below, in the order in which runs are looked at.
        db_index=False,
        help_text=_("The schedule that it is a run of."),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="exports",
    )
    client = models.ForeignKey(
        "exports.ApiClient",
        verbose_name=_("API client"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="exports",
    )
    owner = models.CharField(
        _("share of"), max_length=32, blank=True, editable=False, help_text=_("Whose share of the workers it takes.")
    )
    requester = models.CharField(
        _("requester"), max_length=150, blank=True, help_text=_("Who it was, as the name stood then.")
    )
    caller_user_id = models.CharField(
        _("caller's user ID"), max_length=64, blank=True, help_text=_("The person's ID in the calling application.")
    )
    notify_email = models.EmailField(
        _("notify"), blank=True, help_text=_("Who is told by e-mail when it has ended; empty for nobody.")
    )
    retry_of = models.ForeignKey(
        "self",
        verbose_name=_("retry of"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="retries",
        help_text=_("The failed export that was asked for again."),
    )

    objects = ExportRequestQuerySet.as_manager()

    if TYPE_CHECKING:

        @property
        def notices(self) -> NoticeQuerySet:
            """What is told about it; the relation is declared by Notice."""

    class Meta:
        ordering = ("-id",)
        verbose_name, verbose_name_plural = _("export"), _("exports")
        permissions = (
            ("view_all", "Can see the exports of everybody"),
            ("export_sensitive", "Can export sensitive values"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(parts_done__lte=F("parts_total")), name="export_parts_within_total"),
            models.CheckConstraint(
                condition=~Q(state="completed") | Q(completed_at__isnull=False), name="export_completed_has_time"
            ),
        )
        indexes = (
            models.Index(fields=("state", "created_at"), name="export_state_created"),
            models.Index(fields=("user", "-created_at"), name="export_user_created"),
            models.Index(fields=("client", "-created_at"), name="export_client_created"),
            models.Index(fields=("resource", "-created_at"), name="export_resource_created"),
            models.Index(fields=("state", "expires_at"), name="export_state_expires"),
            models.Index(fields=("owner", "state"), name="export_owner_state"),
            models.Index(fields=("owner", "-created_at"), name="export_owner_created"),
            models.Index(fields=("lane", "state"), name="export_lane_state"),
            models.Index(fields=("series", "-id"), name="export_series", condition=~Q(series="")),
            models.Index(fields=("schedule", "-id"), name="export_schedule", condition=Q(schedule__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.resource} {self.public_id}"

    @property
    def total_size(self) -> int:
        """Bytes of what the caller downloads: the archive where there is one, else the only file."""
        files = {file.kind: file.size for file in self.files.all()}
        return files.get(ExportFile.Kind.ARCHIVE) or files.get(ExportFile.Kind.PART, 0)

    @property
    def email_sent_at(self) -> datetime | None:
        """When the mail server took the e-mail that tells how it ended; None where none was sent yet."""
        return max((mail.sent_at for mail in self.mails if mail.sent_at and mail.event != EXPIRING), default=None)

    @property
    def mails(self) -> list[Notice]:
        """The e-mails about it, newest first; asks the database only where there may be some."""
        notices = self.notices.all() if self.notify_email else ()
        return [notice for notice in notices if notice.channel == Notice.Channel.EMAIL]

    def asked_again(self, principal: Principal, now: datetime) -> Self:
        """Return the same wish, not saved yet, as a request of somebody's own that points to this one."""
        same = {name: getattr(self, name) for name in WISH}
        return type(self)(**same, **asked_by(principal), retry_of=self, created_at=now)

    def records_done(self) -> int:
        """Return how many records were written so far."""
        done = self.files.aggregate(done=Sum("rows_done"))["done"]
        return int(done or 0)


def asked_by(principal: Principal) -> dict[str, Any]:
    """Return the column values that say who asked: a client's exports are also those of the person it acts for."""
    return {
        "user": principal.user or (principal.client.user if principal.client else None),
        "client": principal.client,
        "owner": principal.owner,
        "requester": actor_name(principal),
    }
