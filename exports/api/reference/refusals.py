"""Errors as the reference shows them: worded by the dialect itself, each with an example."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from rest_framework import exceptions as drf

from exports.api.errors import PROBLEM, Problem, Unexpected, problem, understood
from exports.api.parsers import BodyTooLarge, LengthRequired
from exports.api.views import DialectView
from exports.exceptions import (
    BadRequest,
    Busy,
    Conflict,
    ExportError,
    InvalidBody,
    InvalidFile,
    InvalidFilename,
    InvalidRecord,
    InvalidSheetName,
    NotAllowed,
    SourceMismatch,
    TooFast,
    TooManyBytes,
    TooManyRecords,
    TooManyValues,
    UnknownName,
)

from . import headers
from .operation import Operation, Schema
from .schemas import components

REQUEST_ID = "0192f4e2a1b34c5d8e6f7a8b9c0d1e2f"
EXAMPLES: dict[type[Exception], Exception] = {
    type(example): example
    for example in (
        BadRequest("Field 'program_id' must be a whole number.", field="program_id"),
        InvalidBody("Field 'template' must be text, not a number.", field="template"),
        InvalidRecord("Record 2, field 'notes': NaN is no JSON number.", field="notes", row=2),
        InvalidFile("The file is damaged or cut.", field="body"),
        InvalidFilename(
            "Field 'filename' must not contain the character /. Avoid paths and the characters < > : \" / \\ | ? *",
            field="filename",
        ),
        InvalidSheetName("Field 'sheet_name' must not be longer than 31 characters.", field="sheet_name"),
        UnknownName("Format 'docx' is not available. Available formats: excel, csv.", field="format"),
        TooManyRecords("Data exceeds maximum limit of 50000 records", field="data", record_count=50_001),
        TooManyValues("The records hold more than 8,000,000 values; send fewer.", field="data"),
        TooManyBytes("The piece must not be larger than 104,857,600 bytes. Send NDJSON, or more pieces."),
        NotAllowed("This client may not export the records of this program.", field="program_id"),
        Conflict("The export cannot be resumed: it is completed.", state="completed"),
        SourceMismatch("The source database has no column 'payment_status' in 'payments'."),
        TooFast(limit=5, retry_after=42),
        Busy(incident="5f0c1a2b3c4d"),
        Unexpected("Export failed: an unexpected error happened (incident 5f0c1a2b3c4d)."),
        drf.AuthenticationFailed("The API key is not valid."),
        BodyTooLarge("The request body must not be larger than 104,857,600 bytes; this one has 104,857,601."),
        drf.UnsupportedMediaType("text/plain"),
    )
}
"""Where the error's own sentence would say too little; the others are made without words."""
WITH_KEY: tuple[type[Exception], ...] = (drf.NotAuthenticated, drf.AuthenticationFailed)
WITH_BODY: tuple[type[Exception], ...] = (InvalidBody, InvalidFile, LengthRequired, BodyTooLarge, TooManyBytes)


class Refusals:
    """The answers of one operation to what is refused, by HTTP status, and the examples they point to, by name."""

    def __init__(self, operation: Operation, view: DialectView, method: str) -> None:
        self._prefix, self._view = operation.component, view
        self.examples: dict[str, Schema] = {}
        by_status: dict[int, list[tuple[ExportError, dict[str, str]]]] = defaultdict(list)
        for kind in dict.fromkeys([*operation.refusals, *_common(operation, view)]):
            error, status, sent = understood(_example(kind), _Refusing(view), method)
            by_status[status].append((error, sent))
        self.answers = {status: self._answer(status, errors) for status, errors in sorted(by_status.items())}

    def _answer(self, status: int, errors: list[tuple[ExportError, dict[str, str]]]) -> Schema:
        said, problems = {}, {}
        for error, _ in errors:
            said[error.code] = self._example(
                f"{self._prefix}_{status}_{error.code}", self._view.dialect.error(error, status, REQUEST_ID)
            )
            problems[error.code] = self._example(f"Problem_{status}_{error.code}", problem(error, status, REQUEST_ID))
        shape = {"$ref": f"#/components/schemas/{self._prefix}{_shape(self._view).__name__}"}
        return {
            "description": ", ".join(f"`{error.code}`" for error, _ in errors),
            "headers": {name: headers.RESPONSE[name] for name in sorted({name for _, sent in errors for name in sent})},
            "content": {
                "application/json": {"schema": shape, "examples": said},
                PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": problems},
            },
        }

    def _example(self, name: str, value: object) -> Schema:
        self.examples[name] = {"value": value}
        return {"$ref": f"#/components/examples/{name}"}


def error_schemas(prefix: str, view: DialectView) -> dict[str, Schema]:
    """Return the components that the refusals of a dialect need."""
    return components(prefix, [_shape(view)]) | components("", [Problem])


class _Refusing:
    """A view in whose authentication a request has failed."""

    def __init__(self, view: DialectView) -> None:
        self.dialect, self.allowed_methods = view.dialect, view.allowed_methods


def _shape(view: DialectView) -> Any:
    return view.dialect.error.__annotations__["return"]


def _example(kind: type[Exception]) -> Exception:
    example = EXAMPLES.get(kind) or kind()
    if kind in WITH_KEY:
        # As REST framework says it before its handler is asked.
        example.auth_header = 'Bearer realm="exports"'  # type: ignore[attr-defined]
    return example


def _common(operation: Operation, view: DialectView) -> Iterable[type[Exception]]:
    yield Unexpected
    yield Busy
    if view.permission_classes:
        yield from WITH_KEY
    if operation.body or operation.uploads:
        yield from WITH_BODY
    if operation.body:
        yield drf.UnsupportedMediaType
