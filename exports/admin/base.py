"""What history looks like in the admin: to be read, by those who may see it, and never to be changed."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from exports import service
from exports.types import Principal

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    ModelAdmin, TabularInline = admin.ModelAdmin, admin.TabularInline


class ReadOnly:
    """Refuses to add, change and delete, whatever permissions somebody has."""

    def has_add_permission(self, *args: Any) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, *args: Any) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, *args: Any) -> bool:
        """Refuse."""
        return False


class HistoryAdmin(ReadOnly, ModelAdmin):
    """A table of history: staff see the rows of the exports that the portal would show them."""

    export_lookup: ClassVar[str]
    """The lookup from a row to its export."""
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows of visible exports."""
        visible = service.exports_for(Principal(user=request.user))
        return super().get_queryset(request).filter(**{f"{self.export_lookup}__in": visible.order_by().values("pk")})


class HistoryInline(ReadOnly, TabularInline):
    """Rows of history on the page of their export."""

    extra = 0
    can_delete = False
    show_change_link = True


def link(row: Model | None) -> SafeString | str:
    """Link to the admin's page of a row."""
    if row is None:
        return "-"
    meta = row._meta
    return format_html(
        '<a href="{}">{}</a>', reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=(row.pk,)), row
    )
