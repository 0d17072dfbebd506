"""Schedules and their events: to be read, paused and resumed; what is wanted is its owner's to change."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from exports import schedules
from exports.exceptions import BadRequest
from exports.models import ExportSchedule, ScheduleLog
from exports.models.client import caller_address
from exports.types import Principal

from .base import HistoryInline, ModelAdmin, ReadOnly, link


class ScheduleLogInline(HistoryInline):
    """The events of a schedule."""

    model = ScheduleLog
    fields = ("created_at", "event", "message", "actor", "address")
    readonly_fields = ("created_at",)
    show_change_link = False


@admin.register(ExportSchedule)
class ExportScheduleAdmin(ReadOnly, ModelAdmin):
    """Every schedule, deleted ones too; staff without the right to see all exports see their own."""

    list_display = ("name", "state", "resource", "frequency", "next_run_at", "last_run_at", "failures", "requester")
    list_filter = ("state", "frequency", "resource", "format", "dialect", "client")
    search_fields = ("name", "public_id__startswith", "requester", "notify_email")
    date_hierarchy = "created_at"
    actions = ("pause", "resume")
    inlines = (ScheduleLogInline,)
    readonly_fields = ("public_id", "meaning", "owner", "created_at", "last_export_link", "client_link")
    fieldsets = (
        (None, {"fields": ("public_id", "name", "state", "paused_because", "created_at")}),
        (
            _("What was asked for"),
            {
                "fields": (
                    "dialect", "resource", "template", "format", "columns", "filters", "options", "program_id",
                    "file_name",
                )
            },
        ),
        (_("Who asked"), {"fields": ("requester", "user", "client_link", "owner", "notify_email")}),
        (_("When"), {"fields": ("frequency", "cron", "time_zone", "meaning", "next_run_at")}),
        (
            _("How its runs went"),
            {
                "fields": (
                    "last_run_at", "last_export_link", "failures", "last_error_code", "last_error", "skipped",
                    "due_at", "waiting_since", "waiting_because", "attempts",
                )
            },
        ),
    )  # fmt: skip
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the schedules that somebody may see."""
        found = super().get_queryset(request).select_related("client", "last_export")
        return found if request.user.has_perm("exports.view_all") else found.filter(user_id=request.user.pk)

    def has_control_permission(self, request: HttpRequest) -> bool:
        """Tell whether somebody may pause and resume, though not change, what there is."""
        return request.user.has_perm("exports.change_exportschedule")

    @admin.action(description=_("Pause"), permissions=["control"])
    def pause(self, request: HttpRequest, chosen: QuerySet[ExportSchedule]) -> None:
        """Let no run of the chosen schedules follow until they are resumed."""
        paused = [schedule for schedule in chosen if schedules.pause(schedule, _principal(request))]
        text = ngettext("%(count)d schedule was paused.", "%(count)d schedules were paused.", len(paused))
        self._tell(request, paused, "Paused.", text)

    @admin.action(description=_("Resume"), permissions=["control"])
    def resume(self, request: HttpRequest, chosen: QuerySet[ExportSchedule]) -> None:
        """Let the runs of the chosen schedules follow again."""
        resumed = []
        for schedule in chosen:
            try:
                if schedules.resume(schedule, _principal(request)):
                    resumed.append(schedule)
            except BadRequest as error:
                self.message_user(request, f"{schedule}: {error.message}", messages.ERROR)
        text = ngettext("%(count)d schedule was resumed.", "%(count)d schedules were resumed.", len(resumed))
        self._tell(request, resumed, "Resumed.", text)

    @admin.display(description=_("meaning"))
    def meaning(self, schedule: ExportSchedule) -> str:
        """Return when it comes, in words."""
        try:
            return schedules.recurrence_of(schedule).meaning
        except BadRequest as error:
            return error.message

    @admin.display(description=_("last export"))
    def last_export_link(self, schedule: ExportSchedule) -> SafeString | str:
        """Link to the export that was made last."""
        return link(schedule.last_export)

    @admin.display(description=_("API client"))
    def client_link(self, schedule: ExportSchedule) -> SafeString | str:
        """Link to the API client."""
        return link(schedule.client)

    def _tell(self, request: HttpRequest, done: list[ExportSchedule], said: str, text: str) -> None:
        for schedule in done:
            self.log_change(request, schedule, said)
        self.message_user(request, text % {"count": len(done)})


def _principal(request: HttpRequest) -> Principal:
    return Principal(user=request.user, address=caller_address(request.META))
