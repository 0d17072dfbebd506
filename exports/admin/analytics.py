"""What exports cost."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from exports.models import ExportAnalytics

from .base import HistoryAdmin, link


@admin.register(ExportAnalytics)
class ExportAnalyticsAdmin(HistoryAdmin):
    """One row an export: time, speed, sizes."""

    export_lookup = "export"
    list_display = (
        "created_at", "export_link", "export_type", "template", "format", "state", "record_count", "file_count",
        "file_size", "processing_time", "records_per_second",
    )  # fmt: skip
    list_filter = ("state", "export_type", "template", "format", "dialect", "multi_file_export", "client")
    list_select_related = ("export",)
    search_fields = ("export__public_id__startswith", "export_type", "template", "caller_user_id")
    date_hierarchy = "created_at"
    readonly_fields = ("export_link",)
    exclude = ("export",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return what belongs to visible exports; what has outlived its export is for those who see all."""
        if request.user.has_perm("exports.view_all"):
            return ExportAnalytics.objects.all()
        return super().get_queryset(request)

    @admin.display(description=_("Export"), ordering="export_id")
    def export_link(self, analytics: ExportAnalytics) -> SafeString | str:
        """Link to the export."""
        return link(analytics.export)
