"""Who asks for a page, and what they are told when there is nothing for them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRefresh
from django_htmx.middleware import HtmxDetails

from exports.exceptions import NotFound
from exports.models.client import caller_address
from exports.types import Principal


class PortalRequest(HttpRequest):
    """A request as the middleware of the settings hands it on."""

    htmx: HtmxDetails


View = Callable[..., HttpResponseBase]


def signed_in(view: View) -> View:
    """Ask people to sign in first; nothing that a signed-in person saw is kept in a cache.

    What the service does not find for them is a 404, whether it is missing or somebody else's.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        portal_request = cast(PortalRequest, request)
        if not portal_request.user.is_authenticated:
            return _sign_in(portal_request)
        try:
            return view(portal_request, *args, **kwargs)
        except NotFound as error:
            raise Http404 from error

    return never_cache(guarded)


def principal(request: PortalRequest) -> Principal:
    """Return who asks."""
    return Principal(user=request.user, address=caller_address(request.META))


def _sign_in(request: PortalRequest) -> HttpResponse:
    # A polled part that was answered with the sign-in page would show that page inside the other.
    if request.htmx:
        return HttpResponseClientRefresh()
    # What was posted is lost; its address would refuse the GET that follows signing in.
    return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("portal:history"))
