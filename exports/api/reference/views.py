"""The reference over HTTP: the document for programs, the page for people."""

import json
from typing import Any

import yaml
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from exports.api.authentication import ApiKeyAuthentication
from exports.api.views import DialectView
from exports.conf import conf

from .document import document

YAML = "application/yaml"
DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""The one in C takes a tenth of the time."""


class SignedIn(BaseAuthentication):
    """Whoever has signed in to the portal."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        """Return the person; None for everybody else."""
        user = getattr(request._request, "user", None)
        return (user, None) if getattr(user, "is_authenticated", False) else None


class MayRead(BasePermission):
    """Lets clients and people in."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether the caller showed who it is."""
        return bool(request.auth) or bool(getattr(request.user, "is_authenticated", False))


class Schema(DialectView):
    """``GET``: the OpenAPI document, for a key or a signed-in person."""

    authentication_classes = (ApiKeyAuthentication, SignedIn)
    permission_classes = (MayRead,)

    def get(self, request: Request) -> HttpResponse:
        """Answer with JSON, or YAML where that is accepted."""
        # The page calls the server that it came from; the policy of its contents allows no other.
        told = {**document(), "servers": [{"url": "/"}, {"url": conf.public_url}]}
        if "yaml" in request.headers.get("Accept", ""):
            return HttpResponse(yaml.dump(told, Dumper=DUMPER, allow_unicode=True, sort_keys=False), content_type=YAML)
        return HttpResponse(json.dumps(told), content_type="application/json")


@require_safe
@never_cache
@login_required
def docs(request: HttpRequest) -> HttpResponse:
    """Show the reference, to be read and tried."""
    return render(request, "exports/reference.html")
