"""Webhooks: whose, where to, how it goes; their secrets are not for people."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from exports.models import Webhook

from .base import ModelAdmin, ReadOnly


@admin.register(Webhook)
class WebhookAdmin(ReadOnly, ModelAdmin):
    """Every webhook; staff without the right to see all exports see their own."""

    list_display = ("host", "owner", "state", "reason", "consecutive_failures", "last_success_at", "created_at")
    list_filter = ("state", "client")
    search_fields = ("public_id__startswith", "owner", "url", "description")
    date_hierarchy = "created_at"
    fields = (
        "public_id", "owner", "user", "client", "url", "description", "events", "state", "reason", "created_at",
        "last_success_at", "failing_since", "consecutive_failures", "previous_until",
    )  # fmt: skip
    readonly_fields = ("public_id", "created_at")
    actions = ("pause", "resume")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the webhooks that somebody may see."""
        found: QuerySet[Any] = super().get_queryset(request)
        return found if request.user.has_perm("exports.view_all") else found.filter(user_id=request.user.pk)

    def has_stop_permission(self, request: HttpRequest) -> bool:
        """Tell whether somebody may pause and resume, though nobody may change anything else."""
        return request.user.has_perm("exports.change_webhook")

    @admin.action(description=_("Pause"), permissions=["stop"])
    def pause(self, request: HttpRequest, chosen: QuerySet[Webhook]) -> None:
        """Tell the chosen webhooks nothing for the time being."""
        paused = [webhook for webhook in chosen if webhook.pause()]
        text = ngettext("%(count)d webhook was paused.", "%(count)d webhooks were paused.", len(paused))
        self._done(request, paused, "Paused.", text)

    @admin.action(description=_("Resume"), permissions=["stop"])
    def resume(self, request: HttpRequest, chosen: QuerySet[Webhook]) -> None:
        """Tell the chosen webhooks again."""
        resumed = [webhook for webhook in chosen if webhook.resume()]
        text = ngettext("%(count)d webhook was resumed.", "%(count)d webhooks were resumed.", len(resumed))
        self._done(request, resumed, "Resumed.", text)

    def _done(self, request: HttpRequest, changed: list[Webhook], what: str, text: str) -> None:
        for webhook in changed:
            self.log_change(request, webhook, what)
        self.message_user(request, text % {"count": len(changed)})
