"""The events of exports."""

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from exports.models import ExportLog

from .base import HistoryAdmin, link


@admin.register(ExportLog)
class ExportLogAdmin(HistoryAdmin):
    """Who did what to which export, and when."""

    export_lookup = "export"
    list_display = ("created_at", "event", "export_link", "message", "actor", "address")
    list_filter = ("event", "client", "export__resource")
    list_select_related = ("export",)
    search_fields = ("message", "actor", "address", "export__public_id__startswith")
    date_hierarchy = "created_at"
    ordering = ("-id",)
    fields = ("created_at", "event", "export_link", "message", "data", "actor", "user", "client_link", "address")
    readonly_fields = ("created_at", "export_link", "client_link")

    @admin.display(description=_("Export"), ordering="export_id")
    def export_link(self, event: ExportLog) -> SafeString | str:
        """Link to the export."""
        return link(event.export)

    @admin.display(description=_("API client"))
    def client_link(self, event: ExportLog) -> SafeString | str:
        """Link to the API client."""
        return link(event.client)
