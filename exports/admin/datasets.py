"""Uploads: who sent which records, in how many pieces, until when they are kept."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from exports.models import Dataset, DatasetPiece

from .base import HistoryInline, ModelAdmin, ReadOnly


class PieceInline(HistoryInline):
    """The pieces of an upload."""

    model = DatasetPiece
    fields = ("number", "record_count", "size", "sha256", "unknown_fields", "created_at")
    readonly_fields = fields
    show_change_link = False


@admin.register(Dataset)
class DatasetAdmin(ReadOnly, ModelAdmin):
    """Every upload; staff without the right to see all exports see their own."""

    list_display = ("public_id", "owner", "catalogue", "resource", "pieces", "records", "created_at", "closed_at")
    list_filter = ("catalogue", "resource")
    search_fields = ("public_id__startswith", "owner")
    date_hierarchy = "created_at"
    fields = (
        "public_id", "owner", "user", "client", "catalogue", "resource", "pieces", "records", "created_at", "closed_at",
        "expires_at",
    )  # fmt: skip
    readonly_fields = ("public_id", "pieces", "records", "created_at")
    inlines = (PieceInline,)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the uploads that somebody may see, with their sums."""
        rows = (
            super().get_queryset(request).annotate(piece_count=Count("pieces"), record_sum=Sum("pieces__record_count"))
        )
        found: QuerySet[Any] = rows
        return found if request.user.has_perm("exports.view_all") else found.filter(user_id=request.user.pk)

    @admin.display(description=_("pieces"))
    def pieces(self, dataset: Any) -> int:
        """Return how many pieces there are."""
        return int(dataset.piece_count)

    @admin.display(description=_("rows"))
    def records(self, dataset: Any) -> int:
        """Return how many records they hold."""
        return int(dataset.record_sum or 0)
