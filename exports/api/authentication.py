"""Who calls: an API key in the header, or a network that is trusted to be one named client."""

from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from exports.conf import conf
from exports.models import ApiClient
from exports.models.client import caller_address, in_networks
from exports.types import Principal


class ApiKeyAuthentication(BaseAuthentication):
    """``Authorization: Bearer KEY`` or ``X-API-Key: KEY``; ``API_TRUSTED_NETWORKS`` needs neither."""

    def authenticate(self, request: Request) -> tuple[Any, ApiClient] | None:
        """Return the client and the person it acts for; None for a caller who shows nothing."""
        address = caller_address(request.META)
        key = _key(request)
        client = _client_of(key) if key else _trusted_client(request, address)
        if client is None:
            return None
        if not client.may_call_from(address):
            raise AuthenticationFailed("This API key may not be used from this network.")
        client.touch()
        return client.user or AnonymousUser(), client

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme a caller should use."""
        return 'Bearer realm="exports"'


class HasClient(BasePermission):
    """Lets known clients in."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether the caller showed who it is."""
        return isinstance(request.auth, ApiClient)


def principal_of(request: Request) -> Principal:
    """Return who asks, as the service knows it."""
    user = request.user if getattr(request.user, "is_authenticated", False) else None
    return Principal(user=user, client=request.auth, address=caller_address(request.META))


def _key(request: Request) -> str:
    scheme, _, key = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() == "bearer":
        return str(key).strip()
    return str(request.META.get("HTTP_X_API_KEY", "")).strip()


def _client_of(key: str) -> ApiClient:
    try:
        client = cast(ApiClient, ApiClient.objects.get_from_key(key))
    except ApiClient.DoesNotExist as error:
        raise AuthenticationFailed("The API key is not valid.") from error
    if client.has_expired:
        raise AuthenticationFailed("The API key has expired.")
    return client


def _trusted_client(request: Request, address: str | None) -> ApiClient | None:
    if not in_networks(address, conf.trusted_networks):
        return None
    # Through a proxy nobody told us about, the whole world comes from that proxy's address.
    if "HTTP_X_FORWARDED_FOR" in request.META and address == request.META.get("REMOTE_ADDR"):
        raise AuthenticationFailed("This call came through a proxy that PROXY_NETWORKS does not name. Use an API key.")
    return ApiClient.objects.trusted(conf.trusted_client)
