"""Templates that callers made: whose they are, and what each version says."""

from typing import Any

from django.contrib import admin
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from exports.models import ExportTemplate, ExportTemplateVersion
from exports.types import Principal

from .base import HistoryInline, ModelAdmin, ReadOnly


class VersionInline(HistoryInline):
    """The versions of a template."""

    model = ExportTemplateVersion
    fields = ("number", "definition", "author", "created_at")
    readonly_fields = fields
    show_change_link = False


@admin.register(ExportTemplate)
class ExportTemplateAdmin(ReadOnly, ModelAdmin):
    """Every custom template; staff without the right to see all exports see their own."""

    list_display = ("name", "resource", "catalogue", "versions", "owner", "user", "created_at", "deleted_at")
    list_filter = ("catalogue", "resource")
    list_select_related = ("user",)
    search_fields = ("public_id__startswith", "name", "owner")
    date_hierarchy = "created_at"
    fields = (
        "public_id", "name", "catalogue", "resource", "versions", "owner", "user", "client", "created_at", "deleted_at",
    )  # fmt: skip
    readonly_fields = ("public_id", "versions", "created_at")
    inlines = (VersionInline,)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the templates that somebody may see, with their newest version."""
        visible = ExportTemplate.objects.visible_to(Principal(user=request.user))
        rows = super().get_queryset(request).filter(pk__in=visible.order_by().values("pk"))
        found: QuerySet[Any] = rows.annotate(newest=Max("versions__number"))
        return found

    @admin.display(description=_("version"), ordering="newest")
    def versions(self, template: Any) -> int:
        """Return the number of the newest version."""
        return int(template.newest or 0)
