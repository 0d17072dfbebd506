"""The answers of dialect ``v1``: the shapes of document 003, key for key."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import overload

from exports.api.listing import Page
from exports.models import ExportLog, ExportRequest
from exports.service import Estimate, progress
from exports.spans import roughly
from exports.types import Format, Progress

from . import v1_shapes as shapes

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
"""The words that document 003 has for states."""

TO_BE_MAILED = " Email will be sent when complete."


def queued(export: ExportRequest) -> shapes.Queued:
    """Return the answer for an export that is made in the background."""
    now = progress(export)
    wait = "a moment" if now.seconds_left is None else f"about {roughly(now.seconds_left)}"
    return {
        "export_id": str(export.public_id),
        "status": "pending",
        "message": f"Export queued for processing.{TO_BE_MAILED if export.notify_email else ''}",
        "estimated_wait": f"{wait} for {export.record_count:,} items",
        "status_url": f"/api/v1/exports/{export.public_id}",
        "stream_url": f"/api/v1/exports/{export.public_id}/stream",
        "logs_url": f"/api/v1/exports/{export.public_id}/logs",
    }


def estimated(estimate: Estimate) -> shapes.Estimated:
    """Return the answer to a dry run: the request is valid, and this is what would come of it."""
    return {
        "dry_run": True,
        "message": "The request is valid. Nothing was exported.",
        "total_items": estimate.records,
        "files": estimate.files,
        "estimated_size": estimate.size,
        "estimated_seconds": estimate.seconds,
    }


def state(export: ExportRequest, now: Progress) -> shapes.State:
    """Return what is known of an export."""
    answer: shapes.State = {
        "export_id": str(export.public_id),
        "resource_type": export.resource,
        "format": Format(export.format),
        "status": STATUS[_State(export.state)],
        "total_items": export.record_count,
        "exported_items": now.records_done,
        "failed_items": 0,
        "success_rate": 100.0,
        "created_at": time(export.created_at),
        "completed_at": time(export.completed_at),
        "expires_at": time(export.expires_at),
        "message": _message(export, now.percentage),
    }
    if export.is_downloadable:
        answer["download_url"] = f"/api/v1/exports/{export.public_id}/download"
        answer["file_size"] = export.total_size
    if export.notify_email:
        answer["email_sent_at"] = time(export.email_sent_at)
    if export.unchanged_count is not None:
        answer["changed_since"], answer["unchanged_items"] = export.changed_since, export.unchanged_count
    return answer


def events(export: ExportRequest, rows: Sequence[ExportLog]) -> list[shapes.LoggedEvent]:
    """Return what happened to an export, in order, with what was done of it by then."""
    return [_event(export, event) for event in rows]


def pagination(page: Page) -> shapes.Pagination:
    """Return what Laravel says of a page."""
    first = (page.number - 1) * page.per_page + 1
    return {
        "current_page": page.number,
        "per_page": page.per_page,
        "total": page.total,
        "last_page": page.last,
        "from": first if page.rows else None,
        "to": first + len(page.rows) - 1 if page.rows else None,
    }


@overload
def time(moment: datetime) -> str: ...
@overload
def time(moment: datetime | None) -> str | None: ...
def time(moment: datetime | None) -> str | None:
    """Write a time as document 003 does: whole seconds of UTC."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _message(export: ExportRequest, percentage: float) -> str:
    if export.is_active:
        return f"Processing... ({percentage:.0f}% complete)"
    if export.state == export.State.FAILED:
        return export.error_message
    return {"completed": "Export completed successfully"}.get(export.state, f"Export {export.state}")


def _event(export: ExportRequest, event: ExportLog) -> shapes.LoggedEvent:
    told: shapes.LoggedEvent = {
        "event": event.Event(event.event),
        "message": event.message,
        "created_at": time(event.created_at),
        "processed_items": export.record_count if event.event == "completed" else event.data.get("done", 0),
    }
    if batch := event.data.get("part"):
        told["current_batch"], told["total_batches"] = batch, export.parts_total
    if event.event == "completed":
        told["duration_ms"] = round(export.seconds * 1000)
    return told
