"""Exports."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from exports.models import ExportFile, ExportLog, ExportRequest, Notice

from .base import HistoryAdmin, HistoryInline, link
from .files import RecordRange


class FileInline(RecordRange, HistoryInline):
    """The files of an export."""

    model = ExportFile
    fields = ("name", "kind", "state", "number", "of", "record_range", "size", "downloads", "attempts")
    readonly_fields = ("record_range",)


class LogInline(HistoryInline):
    """The events of an export."""

    model = ExportLog
    fields = ("created_at", "event", "message", "actor", "address")
    readonly_fields = ("created_at",)


class NoticeInline(HistoryInline):
    """Who was told of an export, or is still to be."""

    model = Notice
    fields = ("event", "channel", "recipient", "state", "attempts", "due_at", "sent_at")


@admin.register(ExportRequest)
class ExportRequestAdmin(HistoryAdmin):
    """Every export with its files and events."""

    export_lookup = "pk"
    list_display = ("file_name", "state", "resource", "format", "record_count", "requester", "created_at")
    list_filter = ("state", "resource", "template", "format", "source", "dialect", "lane", "client")
    search_fields = (
        "public_id__startswith",
        "file_name",
        "requester",
        "caller_user_id",
        "error_code",
        "schedule__name",
    )
    date_hierarchy = "created_at"
    inlines = (FileInline, NoticeInline, LogInline)
    readonly_fields = ("public_id", "portal_page", "schedule_link", "client_link", "analytics_link")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "public_id", "portal_page", "state", "stage", "error_code", "error_message", "error_details",
                    "retry_of", "analytics_link",
                )
            },
        ),
        (
            _("What was asked for"),
            {
                "fields": (
                    "dialect", "catalogue", "resource", "template", "template_version", "format", "columns",
                    "hides_sensitive", "masked", "origin", "dataset", "filters", "options", "program_id",
                    "changed_since", "file_name", "custom_file_name", "sheet_name",
                )
            },
        ),
        (
            _("Who asked"),
            {
                "fields": (
                    *("source", "schedule_link", "requester", "user", "client_link", "caller_user_id", "notify_email"),
                )
            },
        ),
        (
            _("How it was made"),
            {
                "fields": (
                    "strategy", "lane", "record_count", "unchanged_count", "newest_change", "parts_total",
                    "parts_done", "attempts", "staged_bytes", "reserved_bytes", "memory_peak", "timings", "warnings",
                )
            },
        ),
        (_("When"), {"fields": ("created_at", "started_at", "served_at", "completed_at", "expires_at")}),
    )  # fmt: skip

    @admin.display(description=_("Page in the portal"))
    def portal_page(self, export: ExportRequest) -> SafeString:
        """Link to the page that people see."""
        return format_html('<a href="{}">{}</a>', reverse("portal:export", args=(export.public_id,)), export.public_id)

    @admin.display(description=_("schedule"))
    def schedule_link(self, export: ExportRequest) -> SafeString | str:
        """Link to the schedule that it is a run of."""
        return link(export.schedule)

    @admin.display(description=_("API client"))
    def client_link(self, export: ExportRequest) -> SafeString | str:
        """Link to the API client."""
        return link(export.client)

    @admin.display(description=_("Analytics"))
    def analytics_link(self, export: ExportRequest) -> SafeString | str:
        """Link to what the export cost."""
        return link(getattr(export, "analytics", None))
