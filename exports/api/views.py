"""The views of every dialect: read the request, call the service, let the dialect put the answer into words."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NoReturn, cast

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils import timezone
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from exports import catalogue, service
from exports.delivery.names import content_disposition
from exports.exceptions import NotFound
from exports.models import ExportRequest
from exports.types import OpenedFile

from . import bodies
from .authentication import HasClient, principal_of
from .dialects.base import Dialect
from .english import EnglishView
from .errors import NoSuchAddress
from .idempotency import idempotency
from .parsers import JsonAlways, LengthRequired


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
        self.request_id = uuid.uuid4().hex
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        """Keep answers, which may hold personal data, out of every cache on the way."""
        finished = super().finalize_response(request, response, *args, **kwargs)
        finished["Cache-Control"] = "private, no-store"
        return finished


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
        export = service.submit(replace(spec, idempotency=idempotency(request)))
        if export.is_active and not spec.in_background:
            export = service.wait(export, _patience(export, catalogue.policy(self.dialect.name)))
        if self.dialect.sends_files and export.is_downloadable and not spec.in_background:
            return _sent(service.open_file(export, spec.principal), export)
        status, answer = self.dialect.created(export, self.request_id)
        return Response(answer, status=status)


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
        """Stream a file of an export the caller may see."""
        return _sent(self._open(request, export_id, number))

    def head(self, request: Request, export_id: str, number: int | None = None) -> HttpResponseBase:
        """Say what would be sent; nothing leaves, so this is no download."""
        opened = self._open(request, export_id, number, look_only=True)
        opened.file.close()
        return _described(HttpResponse(content_type=opened.media_type), opened)

    def _open(self, request: Request, export_id: str, number: int | None, *, look_only: bool = False) -> OpenedFile:
        principal = principal_of(request)
        export = service.get_export(public_id(export_id), principal)
        return service.open_file(export, principal, number=number, archive=self.archive, look_only=look_only)


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


def _sent(opened: OpenedFile, export: ExportRequest | None = None) -> HttpResponseBase:
    response = _described(FileResponse(opened.file, content_type=opened.media_type), opened)
    if export is not None:
        response["X-Export-Id"] = str(export.public_id)
    return response


def _described(response: HttpResponseBase, opened: OpenedFile) -> HttpResponseBase:
    response["Content-Length"] = str(opened.size)
    response["Content-Disposition"] = content_disposition(opened.name)
    return response


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
