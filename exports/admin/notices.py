"""What was told, or is to be told, to whom; with every attempt."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from exports import service
from exports.models import Notice, NoticeAttempt
from exports.types import Principal

from .base import HistoryInline, ModelAdmin, ReadOnly, link


class AttemptInline(HistoryInline):
    """The attempts to tell a notice."""

    model = NoticeAttempt
    fields = ("number", "created_at", "status", "error", "seconds")
    readonly_fields = fields
    show_change_link = False


@admin.register(Notice)
class NoticeAdmin(ReadOnly, ModelAdmin):
    """The notices of the exports that the portal would show somebody."""

    list_display = (
        "created_at", "event", "channel", "recipient", "export_link", "state", "attempts", "due_at", "sent_at",
    )  # fmt: skip
    list_filter = ("state", "channel", "event")
    list_select_related = ("export", "webhook")
    search_fields = ("public_id__startswith", "recipient", "export__public_id__startswith")
    date_hierarchy = "created_at"
    fields = (
        "public_id", "event", "export_link", "channel", "webhook_link", "recipient", "state", "attempts",
        "attempts_before", "created_at", "due_at", "sent_at",
    )  # fmt: skip
    readonly_fields = ("public_id", "created_at", "export_link", "webhook_link")
    inlines = (AttemptInline,)
    actions = ("tell_again",)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the notices of visible exports, and the tests of somebody's own webhooks."""
        found: QuerySet[Any] = super().get_queryset(request)
        if request.user.has_perm("exports.view_all"):
            return found
        visible = service.exports_for(Principal(user=request.user)).order_by().values("pk")
        return found.filter(Q(export__in=visible) | Q(export=None, webhook__user_id=request.user.pk))

    def has_telling_permission(self, request: HttpRequest) -> bool:
        """Tell whether somebody may have notices told again, though nobody may change one."""
        return request.user.has_perm("exports.change_notice")

    @admin.action(description=_("Tell again, now"), permissions=["telling"])
    def tell_again(self, request: HttpRequest, chosen: QuerySet[Notice]) -> None:
        """Have the chosen notices told again, under the same ID."""
        told = [notice for notice in chosen if notice.tell_again()]
        for notice in told:
            self.log_change(request, notice, "Told again.")
        text = ngettext("%(count)d notice is told again.", "%(count)d notices are told again.", len(told))
        self.message_user(request, text % {"count": len(told)})

    @admin.display(description=_("Export"), ordering="export_id")
    def export_link(self, notice: Notice) -> SafeString | str:
        """Link to the export."""
        return link(notice.export)

    @admin.display(description=_("webhook"))
    def webhook_link(self, notice: Notice) -> SafeString | str:
        """Link to the webhook."""
        return link(notice.webhook)
