"""Exports of any resource for one user: contract 003, with templates, sorting and uploads besides."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from exports.api import bodies
from exports.exceptions import BadRequest, ExportError
from exports.models import ExportRequest
from exports.types import ExportSpec, Principal

from . import v1_answers as answers
from .base import Dialect, Json

Name = Annotated[str, msgspec.Meta(max_length=100)]
"""A word that an answer may repeat."""


class Body(msgspec.Struct, kw_only=True):
    """A request for an export; keys that are not listed are ignored."""

    format: Name | None = None
    columns: list[Name] | None = None
    # PHP encodes an empty array as [], whether it stands for a list or for an object.
    filters: dict[str, Any] | list[Any] | None = None
    options: dict[str, Any] | list[Any] | None = None
    template: Name | None = None
    program_id: int | None = None
    filename: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"null")
    dataset_id: Name | None = None
    in_background: bool = msgspec.field(name="async", default=False)


class V1(Dialect):
    """Dialect ``v1``."""

    name = "v1"
    body = Body
    sends_files = True

    def spec(self, body: Body, principal: Principal, received: datetime, **path: str) -> ExportSpec:
        """Return the wish; the resource is in the path."""
        raw = bytes(body.data)
        return ExportSpec(
            dialect=self.name,
            resource=path["resource"],
            principal=principal,
            records=None if raw == b"null" else bodies.record_list(raw),
            dataset=bodies.identifier("dataset_id", body.dataset_id) if body.dataset_id else None,
            template=body.template or None,
            columns=None if body.columns is None else tuple(body.columns),
            format=body.format or None,
            filename=body.filename or None,
            filters=bodies.mapping("filters", body.filters),
            options=bodies.mapping("options", body.options),
            program_id=body.program_id,
            in_background=body.in_background,
            received_at=received,
        )

    def created(self, export: ExportRequest, request_id: str) -> tuple[int, Json]:
        """Say that the export is queued, or why it failed; what is ready is sent itself."""
        if export.is_active:
            return 202, answers.queued(export)
        return 500, {**answers.state(export), "error_code": export.error_code, "request_id": request_id}

    def status(self, export: ExportRequest, request_id: str) -> Json:
        """Return how far an export is (document 003, "Check Progress")."""
        return answers.state(export)

    def error(self, error: ExportError, status: int, request_id: str) -> Json:
        """Return the error body: a message, and what is wrong with which field, as Laravel's clients read it."""
        field = error.details.get("field")
        errors = {"errors": {field: [error.message]}} if field and isinstance(error, BadRequest) else {}
        return {
            "message": error.message,
            **errors,
            "error_code": error.code,
            "details": error.details,
            "request_id": request_id,
        }
