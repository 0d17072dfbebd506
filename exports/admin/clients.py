"""API clients: made here, their keys shown once, revoked here; never deleted, because history names them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from exports.models import ApiClient

from .base import ModelAdmin


class ApiClientForm(forms.ModelForm):  # type: ignore[type-arg]
    """An empty field means an empty list, so: all programs, all networks."""

    def clean_programs(self) -> list[int]:
        """Return program ids."""
        return self.cleaned_data["programs"] or []

    def clean_networks(self) -> list[str]:
        """Return networks in CIDR notation."""
        return self.cleaned_data["networks"] or []


@admin.register(ApiClient)
class ApiClientAdmin(ModelAdmin):
    """The applications that may call, and what each may do."""

    form = ApiClientForm
    list_display = ("name", "prefix", "user", "created", "last_used_at", "expiry_date", "revoked")
    list_filter = ("revoked", "created")
    list_select_related = ("user",)
    search_fields = ("name", "prefix", "user__username")
    date_hierarchy = "created"
    autocomplete_fields = ("user",)
    fields = ("name", "user", "programs", "networks", "export_sensitive", "expiry_date")
    readonly_fields = ("prefix", "created", "last_used_at", "revoked")
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: ApiClient | None = None) -> tuple[str, ...]:
        """Return what can be entered and, once there is a key, what is known about it."""
        return (*self.fields, *(self.readonly_fields if obj else ()))

    def has_delete_permission(self, request: HttpRequest, obj: ApiClient | None = None) -> bool:
        """Refuse: exports and events name the client; a key is revoked instead."""
        return False

    def save_model(self, request: HttpRequest, obj: ApiClient, form: Any, change: bool) -> None:
        """Give a new client its key, which only this request knows."""
        if not change:
            request.new_api_key = ApiClient.objects.assign_key(obj)  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: ApiClient, post_url_continue: str | None = None) -> HttpResponse:
        """Show the key in the answer itself: a message would put it into a cookie or the session on its way."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The key of %(name)s") % {"name": obj},
            "opts": self.opts,
            "client": obj,
            "key": request.new_api_key,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/exports/apiclient/key.html", context)

    @admin.action(description=_("Revoke the keys (cannot be undone)"), permissions=["change"])
    def revoke(self, request: HttpRequest, clients: QuerySet[ApiClient]) -> None:
        """Make the keys of the chosen clients useless from now on."""
        revoked = list(clients.filter(revoked=False))
        for client in revoked:
            client.revoked = True
            client.save(update_fields=["revoked"])
            self.log_change(request, client, "Revoked the key.")
        text = ngettext("%(count)d key was revoked.", "%(count)d keys were revoked.", len(revoked))
        self.message_user(request, text % {"count": len(revoked)})
