"""Exports that are made again and again: what is wanted, for whom, and when."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exports.types import Principal

from .due_runs import DueRuns, DueRunsQuerySet
from .owned import Owned, may_see_all, own


class ExportScheduleQuerySet(DueRunsQuerySet):
    """Queries over schedules."""

    def kept(self) -> Self:
        """Return schedules that nobody deleted."""
        return self.exclude(state="deleted")

    def owned_by(self, principal: Principal) -> Self:
        """Return a caller's own."""
        return self.kept().filter(own(principal))

    def visible_to(self, principal: Principal) -> Self:
        """Return what a caller may see: its own; everything for staff who may view all."""
        return self.kept() if may_see_all(principal) else self.owned_by(principal)


class ExportSchedule(DueRuns, Owned):
    """One wish that is asked for again at every moment of its recurrence, with its owner's permissions."""

    public_id = models.UUIDField(_("schedule ID"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100)
    requester = models.CharField(
        _("requester"), max_length=150, blank=True, help_text=_("Who it was, as the name stood then.")
    )
    notify_email = models.CharField(
        _("e-mail address"), max_length=254, blank=True, help_text=_("Who is told of its runs.")
    )
    # What is wanted: what ``ExportSpec`` says of an export whose records are in the source database.
    dialect = models.CharField(_("dialect"), max_length=16)
    resource = models.CharField(_("resource"), max_length=64)
    template = models.CharField(_("template"), max_length=64)
    format = models.CharField(_("format"), max_length=16)
    columns = models.JSONField(
        _("columns"), null=True, blank=True, help_text=_("Field names, in order; empty for those of the template.")
    )
    filters = models.JSONField(_("filters"), default=dict, blank=True)
    options = models.JSONField(_("options"), default=dict, blank=True)
    program_id = models.BigIntegerField(_("program"), null=True, blank=True)
    file_name = models.CharField(_("file name"), max_length=255, blank=True, help_text=_("Empty for the usual one."))
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    objects = ExportScheduleQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name, verbose_name_plural = _("schedule"), _("schedules")
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "name"), condition=~Q(state="deleted"), name="schedule_name_once_per_owner"
            ),
        )
        indexes = (
            # What is looked for every few seconds: hardly any row is in it.
            models.Index(fields=("next_run_at",), name="schedule_due", condition=Q(state="active")),
            models.Index(fields=("due_at",), name="schedule_waiting", condition=Q(due_at__isnull=False)),
            models.Index(fields=("owner", "-id"), name="schedule_owner"),
        )

    def __str__(self) -> str:
        return self.name
