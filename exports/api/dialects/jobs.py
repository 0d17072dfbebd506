"""Export jobs of a school: contract 004."""

from datetime import UTC, datetime
from typing import overload

import msgspec

from exports.api import bodies
from exports.api.listing import Page
from exports.exceptions import ExportError
from exports.models import ExportRequest
from exports.service import progress, progress_of
from exports.types import ExportSpec, Format, Principal, Progress

from . import jobs_shapes as shapes
from .base import Dialect

_State = ExportRequest.State
STATUS: dict[ExportRequest.State, shapes.Status] = {
    _State.PENDING: "pending",
    _State.QUEUED: "pending",
    _State.PROCESSING: "processing",
    _State.COMPLETED: "completed",
    _State.FAILED: "failed",
    _State.CANCELLED: "cancelled",
    _State.EXPIRED: "expired",
}
"""The words that document 004 has for states."""
_MEGABYTE = 1024 * 1024


class Body(msgspec.Struct, kw_only=True):
    """A request for an export; keys that are not listed are ignored."""

    export_type: bodies.Resource
    export_format: bodies.Format | None = None
    filters: bodies.Object | None = None
    options: bodies.Object | None = None
    template: bodies.Name | None = None
    columns: bodies.Columns | None = None
    limit: int | None = None
    notify_email: bodies.Mailbox | None = None
    data: bodies.Records = msgspec.field(default_factory=bodies.no_records)
    dataset_id: bodies.DatasetId | None = None


class Jobs(Dialect):
    """Dialect ``jobs``."""

    name = "jobs"
    body = Body

    def spec(self, body: Body, principal: Principal, received: datetime, **path: str) -> ExportSpec:
        """Return the wish; nobody waits for it."""
        filters = bodies.mapping("filters", body.filters)
        if body.limit is not None:
            filters["limit"] = body.limit
        return ExportSpec(
            dialect=self.name,
            resource=body.export_type,
            principal=principal,
            **bodies.origin(body.data, body.dataset_id),
            template=body.template or None,
            columns=None if body.columns is None else tuple(body.columns),
            format=body.export_format or None,
            filters=filters,
            options=bodies.mapping("options", body.options),
            in_background=True,
            notify_email=body.notify_email or "",
            received_at=received,
        )

    def created(self, export: ExportRequest, request_id: str) -> tuple[int, shapes.OneJob]:
        """Return the job (document 004, "Create Export with Format")."""
        return 202, {"success": True, "data": _job(export, progress(export))}

    def status(self, export: ExportRequest, request_id: str) -> shapes.OneJob:
        """Return the job (document 004, "Get Export Status")."""
        return {"success": True, "data": _job(export, progress(export))}

    def address(self, export: ExportRequest) -> str:
        """Return the path of its status."""
        return f"/api/v1/import-export/exports/{export.pk}"

    def listed(self, page: Page) -> shapes.Jobs:
        """Return a page of jobs."""
        now = progress_of(page.rows)
        jobs = [_job(export, now[export.pk]) for export in page.rows]
        return {"success": True, "data": jobs, "pagination": pages(page)}

    def error(self, error: ExportError, status: int, request_id: str) -> shapes.Error:
        """Return the error in the envelope of every answer."""
        known: shapes.Known = {"code": error.code, "message": error.message, "details": error.details}
        return {"success": False, "message": error.message, "error": known, "request_id": request_id}


def pages(page: Page) -> shapes.Pages:
    """Return where a page stands in its list."""
    return {"page": page.number, "per_page": page.per_page, "total": page.total, "pages": page.last}


def _job(export: ExportRequest, now: Progress) -> shapes.Job:
    job: shapes.Job = {
        "id": export.pk,
        "export_id": str(export.public_id),
        "schedule_id": export.schedule_id,
        "status": STATUS[_State(export.state)],
        "export_type": export.resource,
        "export_format": Format(export.format),
        "progress_percent": int(now.percentage),
        "total_records": export.record_count,
        "created_at": _time(export.created_at),
        "completed_at": _time(export.completed_at),
        "expires_at": _time(export.expires_at),
        "error_message": export.error_message or None,
        "notification_sent": export.email_sent_at is not None,
        "notification_email": export.notify_email or None,
    }
    if export.is_downloadable:
        job["file_size_bytes"] = export.total_size
        job["file_size_mb"] = round(export.total_size / _MEGABYTE, 2)
        job["duration_seconds"] = round(export.seconds, 2)
        job["download_url"] = f"/api/v1/export-jobs/{export.pk}/download"
    return job


@overload
def _time(moment: datetime) -> str: ...
@overload
def _time(moment: datetime | None) -> str | None: ...
def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")
