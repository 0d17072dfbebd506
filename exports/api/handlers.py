"""Answers to what fails before a view is found, such as a wrong host: machines get JSON, people a page."""

import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from exports.exceptions import ExportError

from .dialects.ybb import Ybb
from .errors import Refused, Unexpected


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that is malformed or names a host that is not in ALLOWED_HOSTS."""
    if not _is_for_machines(request):
        return defaults.bad_request(request, exception)
    host = str(request.META.get("HTTP_HOST", ""))[:100]
    sentence = f"The request is malformed, or the server is not called '{host}' (ALLOWED_HOSTS)."
    return _answer(Refused(sentence), 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when nothing else could."""
    if not _is_for_machines(request):
        return defaults.server_error(request)
    return _answer(Unexpected("Export failed: an unexpected error happened."), 500)


def _is_for_machines(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/", "/health"))


def _answer(error: ExportError, status: int) -> JsonResponse:
    return JsonResponse(Ybb().error(error, status, uuid.uuid4().hex), status=status)
