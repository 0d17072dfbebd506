"""The files of exports."""

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from exports.models import ExportFile

from .base import HistoryAdmin, link


class RecordRange:
    """Shows which records of the export a file holds."""

    @admin.display(description=_("Range"))
    def record_range(self, file: ExportFile) -> str:
        """Return the first and the last."""
        return file.record_range


@admin.register(ExportFile)
class ExportFileAdmin(RecordRange, HistoryAdmin):
    """Every file with its hash and its downloads."""

    export_lookup = "export"
    list_display = ("name", "export_link", "kind", "state", "number", "of", "size", "downloads", "ready_at")
    list_filter = ("state", "kind", "export__resource", "export__format")
    list_select_related = ("export",)
    search_fields = ("name", "sha256", "export__public_id__startswith")
    date_hierarchy = "ready_at"
    fields = (
        "name", "export_link", "kind", "state", "number", "of", "record_range", "rows_done", "size", "content_size",
        "sha256", "key", "attempts", "downloads", "last_downloaded_at", "ready_at",
    )  # fmt: skip
    readonly_fields = ("export_link", "record_range")

    @admin.display(description=_("Export"), ordering="export_id")
    def export_link(self, file: ExportFile) -> SafeString | str:
        """Link to the export."""
        return link(file.export)
