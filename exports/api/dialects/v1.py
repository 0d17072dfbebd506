"""Exports of any resource for one user: contract 003, with templates, sorting and uploads besides."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from exports.api import bodies
from exports.api.listing import Page
from exports.exceptions import BadRequest, ExportError
from exports.models import ExportRequest
from exports.service import Estimate, progress, progress_of
from exports.types import ExportSpec, Principal

from . import v1_answers as answers
from . import v1_shapes as shapes
from .base import Dialect


class Body(msgspec.Struct, kw_only=True):
    """A request for an export; keys that are not listed are ignored."""

    format: bodies.Format | None = None
    columns: bodies.Columns | None = None
    filters: bodies.Object | None = None
    options: bodies.Object | None = None
    template: bodies.Template | None = None
    program_id: int | None = None
    filename: bodies.Filename | None = None
    data: bodies.Records = msgspec.field(default_factory=bodies.no_records)
    dataset_id: bodies.DatasetId | None = None
    email_notification: bool | None = None
    email: bodies.Mailbox | None = None
    """Who is told; without it, the person that the client acts for."""
    dry_run: bool = False
    in_background: bool = msgspec.field(name="async", default=False)


class V1(Dialect):
    """Dialect ``v1``."""

    name = "v1"
    body = Body
    sends_files = True

    def spec(self, body: Body, principal: Principal, received: datetime, **path: str) -> ExportSpec:
        """Return the wish; the resource is in the path."""
        return ExportSpec(
            dialect=self.name,
            resource=path["resource"],
            principal=principal,
            **bodies.origin(body.data, body.dataset_id),
            template=body.template or None,
            columns=None if body.columns is None else tuple(body.columns),
            format=body.format or None,
            filename=body.filename or None,
            filters=bodies.mapping("filters", body.filters),
            options=bodies.mapping("options", body.options),
            program_id=body.program_id,
            in_background=body.in_background,
            notify=body.email_notification,
            notify_email=body.email or "",
            notify_field="email",
            received_at=received,
        )

    def tried(self, body: Body, estimate: Callable[[], Estimate]) -> shapes.Estimated | None:
        """Return what an export would be, where only that is asked for."""
        return answers.estimated(estimate()) if body.dry_run else None

    def created(self, export: ExportRequest, request_id: str) -> tuple[int, shapes.Queued | shapes.Failed]:
        """Say that the export is queued, or why it failed; what is ready is sent itself."""
        if export.is_active:
            return 202, answers.queued(export)
        failed: shapes.Failed = {
            **answers.state(export, progress(export)),
            "error_code": export.error_code,
            "request_id": request_id,
        }
        return 500, failed

    def status(self, export: ExportRequest, request_id: str) -> shapes.State:
        """Return how far an export is (document 003, "Check Progress")."""
        return answers.state(export, progress(export))

    def address(self, export: ExportRequest) -> str:
        """Return the path of its status."""
        return f"/api/v1/exports/{export.public_id}"

    def listed(self, page: Page) -> shapes.Exports:
        """Return a page of exports."""
        now = progress_of(page.rows)
        exports = [answers.state(export, now[export.pk]) for export in page.rows]
        return {"data": exports, "pagination": answers.pagination(page)}

    def logs(self, export: ExportRequest, page: Page) -> shapes.Logs:
        """Return a page of what happened to an export."""
        return {"data": answers.events(export, page.rows), "pagination": answers.pagination(page)}

    def error(self, error: ExportError, status: int, request_id: str) -> shapes.Error:
        """Return the error body: a message, and what is wrong with which field, as Laravel's clients read it."""
        field = error.details.get("field")
        answer: shapes.Error = {
            "message": error.message,
            "error_code": error.code,
            "details": error.details,
            "request_id": request_id,
        }
        if field and isinstance(error, BadRequest):
            answer["errors"] = {field: [error.message]}
        return answer
