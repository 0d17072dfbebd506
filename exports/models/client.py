"""API clients: the applications that may call, each with a key of its own."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any, ClassVar, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.models import AbstractAPIKey, BaseAPIKeyManager

from exports.conf import conf


def validate_networks(networks: Iterable[object]) -> None:
    """Raise ValidationError for anything that is no network in CIDR notation."""
    for network in networks:
        try:
            ip_network(str(network))
        except ValueError as error:
            raise ValidationError(
                _("'%(network)s' is not a network such as 10.0.0.0/8."), params={"network": network}
            ) from error


def validate_programs(programs: Iterable[object]) -> None:
    """Raise ValidationError for anything that is no program id."""
    for program in programs:
        if not isinstance(program, int) or isinstance(program, bool):
            raise ValidationError(_("'%(program)s' is not a program ID."), params={"program": program})


class ApiClientManager(BaseAPIKeyManager):
    """Creates clients and finds them by key."""

    def trusted(self, name: str) -> "ApiClient | None":
        """Return the client that stands for the trusted networks; its key was never shown to anybody.

        Revoking it ends the trust: None.
        """
        client: ApiClient | None = self.filter(name=name).order_by("created").first()
        client = client or cast(ApiClient, self.create_key(name=name)[0])
        return None if client.revoked or client.has_expired else client


class ApiClient(AbstractAPIKey):
    """One application with its key (hashed, shown once), and what the key may be used for."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="api_clients",
        help_text=_("The person this client acts for; its exports are that person's too."),
    )
    programs = models.JSONField(
        _("programs"),
        default=list,
        blank=True,
        validators=[validate_programs],
        help_text=_("Program IDs it may export; empty for all."),
    )
    networks = models.JSONField(
        _("networks"),
        default=list,
        blank=True,
        validators=[validate_networks],
        help_text=_("Networks (CIDR) it may call from; empty for all."),
    )
    export_sensitive = models.BooleanField(
        _("may export sensitive values"),
        default=True,
        help_text=_("Otherwise they are hidden, and the export says so."),
    )
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    objects: ClassVar[ApiClientManager] = ApiClientManager()  # type: ignore[assignment]

    class Meta(AbstractAPIKey.Meta):
        verbose_name = _("API client")  # type: ignore[assignment]
        verbose_name_plural = _("API clients")  # type: ignore[assignment]

    def touch(self) -> None:
        """Note that the client called; once a minute is enough."""
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at > timedelta(minutes=1):
            type(self).objects.filter(pk=self.pk).update(last_used_at=now)

    def may_call_from(self, address: str | None) -> bool:
        """Tell whether a call from this network address is allowed."""
        return not self.networks or in_networks(address, self.networks)

    def may_export(self, program_id: int | None) -> bool:
        """Tell whether this client may export a program's records."""
        return not self.programs or program_id in self.programs


# The library's own fields carry words that nobody has translated.
LIBRARY_WORDS: dict[str, tuple[Any, Any]] = {
    "prefix": (_("prefix"), ""),
    "created": (_("created"), ""),
    "name": (_("name"), _("What people call the application; 50 characters at most.")),
    "revoked": (_("revoked"), _("A revoked key cannot be used any more, and stays revoked.")),
    "expiry_date": (_("expires"), _("From then on the key cannot be used; empty for never.")),
}
for _name, (_label, _help) in LIBRARY_WORDS.items():
    _field = cast("models.Field[Any, Any]", ApiClient._meta.get_field(_name))
    _field.verbose_name, _field.help_text = _label, _help


def caller_address(meta: Mapping[str, Any]) -> str | None:
    """Return a caller's network address from a request's ``META``; only what proxies of ours say is believed.

    Each proxy adds whom it was called by at the end, so the list is read from there and what lies behind the first
    stranger may be invented. None where a proxy of ours says something that is no address.
    """
    address: str | None = meta.get("REMOTE_ADDR") or None
    hops = [hop for hop in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    while hops and in_networks(address, conf.proxy_networks):
        address = _address(hops.pop())
    return address


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return None


def in_networks(address: str | None, networks: Iterable[str]) -> bool:
    """Tell whether an address lies in one of the networks."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return False
    # A dual-stack socket shows an IPv4 caller as ::ffff:a.b.c.d.
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return any(parsed in ip_network(network) for network in networks)
