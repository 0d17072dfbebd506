"""The views of every dialect: read the request, call the service, let the dialect put the answer into words."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from math import ceil
from typing import Any, NoReturn, cast

from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from exports import catalogue, service
from exports.exceptions import NotFound
from exports.models import ExportRequest
from exports.types import ExportSpec

from . import bodies
from .authentication import HasClient, principal_of
from .dialects.base import Dialect
from .english import EnglishView
from .errors import NoSuchAddress, rate_headers
from .files import file_response, stream_response
from .idempotency import idempotency
from .parsers import JsonAlways, LengthRequired

LONGEST_LOOK = 60
"""Seconds after which a caller is asked to look again, at most."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""What a caller may number its requests with; anything else gets a number of ours."""


class DialectView(EnglishView):
    """A view that speaks one dialect."""

    dialect: Dialect = cast(Dialect, None)
    """Given by the URL configuration."""
    permission_classes: Sequence[type[BasePermission]] = (HasClient,)
    content_negotiation_class = JsonAlways
    # REST framework's answer to OPTIONS is what the source says of a view.
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Give the request a number that its answer, its log lines and its errors carry."""
        said = request.headers.get("X-Request-Id", "")
        self.request_id = said if _REQUEST_ID.fullmatch(said) else uuid.uuid4().hex
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        """Keep answers, which may hold personal data, out of every cache on the way."""
        finished = super().finalize_response(request, response, *args, **kwargs)
        finished["Cache-Control"] = "private, no-store"
        finished["X-Request-Id"] = self.request_id
        return finished

    def told(self, export: ExportRequest) -> Response:
        """Answer with what is known of an export so far; while that is not all, say where and when to look again."""
        status, answer = self.dialect.created(export, self.request_id)
        response = Response(answer, status=status)
        if status == 202:
            response["Location"] = self.dialect.address(export)
            response["Retry-After"] = str(until_next_look(export))
        return response


def speaking(dialect: Dialect, view: type[DialectView], **attributes: Any) -> Any:
    """Return a view function that speaks one dialect."""
    return view.as_view(dialect=dialect, **attributes)


class UnknownAddress(DialectView):
    """Answers for addresses below ``/api/`` that lead nowhere, to everybody and whatever the method."""

    authentication_classes = ()
    permission_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse before the method is looked at."""
        super().initial(request, *args, **kwargs)
        raise NoSuchAddress


class CreateExport(DialectView):
    """Makes an export and waits for it as long as the dialect's policy says."""

    def post(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        """Answer with the finished files, or with what is known so far."""
        received = timezone.now()
        require_length(request)
        body = bodies.decode(request.data, self.dialect.body)
        spec = self.dialect.spec(body, principal_of(request), received, **kwargs)
        prefers_async = "respond-async" in request.headers.get("Prefer", "").lower()
        spec = replace(spec, idempotency=idempotency(request), in_background=spec.in_background or prefers_async)
        if (tried := self.dialect.tried(body, partial(service.estimate, spec))) is not None:
            return Response(tried)
        response = self._answer(request, spec, service.submit(spec))
        if prefers_async:
            response["Preference-Applied"] = "respond-async"
        for name, value in rate_headers(service.allowance(spec.principal.owner, self.dialect.name)).items():
            response[name] = value
        return response

    def _answer(self, request: Request, spec: ExportSpec, export: ExportRequest) -> HttpResponseBase:
        patience = 0 if spec.in_background else _patience(export, catalogue.policy(self.dialect.name))
        is_file_wanted = self.dialect.sends_files and not spec.in_background
        if is_file_wanted and (patience or not export.is_active):
            if (response := stream_response(request, export, spec.principal, patience)) is not None:
                return response
        elif export.is_active:
            export = service.wait(export, patience)
        return self.told(export)


class ExportStatus(DialectView):
    """Says how far an export is."""

    def get(self, request: Request, export_id: str) -> Response:
        """Answer for an export the caller may see."""
        export = service.get_export(public_id(export_id), principal_of(request))
        return Response(self.dialect.status(export, self.request_id))


class Download(DialectView):
    """Sends a file."""

    archive = False

    def get(self, request: Request, export_id: str, number: int | None = None) -> HttpResponseBase:
        """Stream a file of an export the caller may see, or a range of it."""
        principal = principal_of(request)
        export = service.get_export(public_id(export_id), principal)
        # By HEAD nothing leaves, so that is no download.
        look_only = request.method == "HEAD"
        opened = service.open_file(export, principal, number=number, archive=self.archive, look_only=look_only)
        return file_response(request, opened)

    head = get


class Catalogue(DialectView):
    """Says what can be exported."""

    part = ""
    """Name of the dialect's method."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        """Answer with one part of the catalogue, as the dialect words it."""
        return Response(getattr(self.dialect, self.part)(**kwargs))


def _patience(export: ExportRequest, policy: catalogue.Policy) -> float:
    """Return for how many seconds a call waits for an export."""
    is_large = policy.wait_records is not None and export.record_count > policy.wait_records
    return 0 if is_large else policy.wait_seconds


def until_next_look(export: ExportRequest) -> int:
    """Return after how many seconds it is worth to ask how far an export is."""
    left = service.progress(export).seconds_left
    return 1 if left is None else min(max(ceil(left), 1), LONGEST_LOOK)


def require_length(request: Request) -> None:
    """Refuse a body of unknown size: gunicorn's threads would wait for its end. Raises LengthRequired."""
    if "HTTP_TRANSFER_ENCODING" in request.META and "CONTENT_LENGTH" not in request.META:
        raise LengthRequired


def public_id(text: str) -> uuid.UUID:
    """Return the ID in an address. Raises NotFound for what is none, as for one that nobody has."""
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotFound from error
