"""Errors to HTTP: one table for the status, one method of the dialect for the body."""

import logging
import traceback
import uuid
from http import HTTPStatus
from typing import Annotated, Any, Literal, TypedDict

from django.db import InterfaceError, OperationalError
from django.http import Http404, UnreadablePostError
from msgspec import Meta
from rest_framework import exceptions as drf
from rest_framework.response import Response

from exports.exceptions import (
    BadRequest,
    Busy,
    Conflict,
    ExportError,
    KeyReused,
    NotAllowed,
    NotFound,
    StorageFull,
    TooFast,
    TooManyAtOnce,
    TooManyBytes,
    TooManyValues,
)
from exports.service import Allowance

from .dialects.base import Details, ErrorCode

logger = logging.getLogger(__name__)


class NoSuchAddress(ExportError):
    """There is nothing at this address."""

    code = "NO_SUCH_ADDRESS"


class Unexpected(ExportError):
    """An error nobody foresaw; the log has where it happened, under the incident's number."""

    code = "INTERNAL_ERROR"


class Refused(ExportError):
    """What REST framework refused before a view ran."""

    code = "REFUSED"


STATUS: tuple[tuple[type[ExportError], int], ...] = (
    (TooManyValues, 413),
    (TooManyBytes, 413),
    (BadRequest, 400),
    (NotFound, 404),
    (NoSuchAddress, 404),
    (NotAllowed, 403),
    (KeyReused, 422),
    (Conflict, 409),
    (TooManyAtOnce, 429),
    (TooFast, 429),
    (Busy, 503),
    (StorageFull, 507),
    (ExportError, 500),
)
"""HTTP status by error class; the first that fits."""


class Problem(TypedDict):
    """An error as RFC 9457 has it, the same in every dialect."""

    type: Literal["about:blank"]
    title: Annotated[str, Meta(description="The phrase of the HTTP status.")]
    status: int
    detail: str
    instance: Annotated[str, Meta(description="The number of the request.")]
    code: ErrorCode
    details: Details


PROBLEM = "application/problem+json"
RETRY_AFTER = {503: 5, 507: 60}
"""Seconds a caller is asked to wait, by status, where the error does not know better."""


def exception_handler(error: Exception, context: dict[str, Any]) -> Response:
    """Answer an error in the words of the dialect that was spoken, or as problem details where these are accepted."""
    view, request = context["view"], context["request"]
    known, status, headers = understood(error, view, str(request.method))
    if PROBLEM in request.headers.get("Accept", ""):
        body = problem(known, status, view.request_id)
        return Response(body, status=status, headers=headers, content_type=PROBLEM)
    return Response(view.dialect.error(known, status, view.request_id), status=status, headers=headers)


def problem(error: ExportError, status: int, request_id: str) -> Problem:
    """Return an error as RFC 9457 has it."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": error.message,
        "instance": f"urn:request:{request_id}",
        "code": error.code,
        "details": error.details,
    }


def understood(error: Exception, view: Any, method: str) -> tuple[ExportError, int, dict[str, str]]:
    """Return what callers of a view are told of an error: it or one they understand, HTTP status and headers."""
    if isinstance(error, ExportError):
        table = (*view.dialect.statuses.items(), *STATUS)
        status = next(status for kind, status in table if isinstance(error, kind))
        wait = error.details.get("retry_after", RETRY_AFTER.get(status))
        headers = {} if wait is None else {"Retry-After": str(wait)}
        if isinstance(error, TooFast):
            headers |= rate_headers(
                Allowance(limit=error.details["limit"], remaining=0, reset=error.details["retry_after"])
            )
        return error, status, headers
    if isinstance(error, drf.APIException):
        return _refused(error, _sentence(error, view, method))
    if isinstance(error, Http404):
        return NotFound(), 404, {}
    if isinstance(error, UnreadablePostError):
        return Refused("The connection ended before the whole request body had arrived."), 400, {}
    _log(error, incident := uuid.uuid4().hex[:12])
    if isinstance(error, (OperationalError, InterfaceError)):
        return Busy(incident=incident), 503, {"Retry-After": str(RETRY_AFTER[503])}
    return Unexpected(f"Export failed: an unexpected error happened (incident {incident})."), 500, {}


def rate_headers(left: Allowance | None) -> dict[str, str]:
    """Return what says how much is left of a caller's minute (draft-ietf-httpapi-ratelimit-headers)."""
    if left is None:
        return {}
    return {
        "RateLimit-Policy": f'"exports";q={left.limit};w=60',
        "RateLimit": f'"exports";r={left.remaining};t={left.reset}',
    }


def _sentence(error: drf.APIException, view: Any, method: str) -> str:
    """Return what a caller reads; REST framework's own sentences change with the language of the browser."""
    if isinstance(error, drf.NotAuthenticated):
        return "No API key was sent. Send it as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'."
    if isinstance(error, drf.MethodNotAllowed):
        allowed = " or ".join(view.allowed_methods)
        return f"Method {method} is not allowed at this address. Use {allowed}."
    if isinstance(error, drf.UnsupportedMediaType) and "Content-Encoding" not in str(error.detail):
        return "The request body must be JSON, sent with 'Content-Type: application/json'."
    return str(error.detail)


def _refused(error: drf.APIException, sentence: str) -> tuple[ExportError, int, dict[str, str]]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    refused = Refused(sentence)
    refused.code = str(error.default_code).upper()  # type: ignore[misc]
    return refused, error.status_code, headers


def _log(error: Exception, incident: str) -> None:
    # The error's own text may quote a value of the data; where it happened is enough to find the cause.
    where = "".join(traceback.format_tb(error.__traceback__, limit=-8))
    logger.error("%s (incident %s)\n%s", type(error).__name__, incident, where)
