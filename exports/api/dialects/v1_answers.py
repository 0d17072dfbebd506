"""The answers of dialect ``v1``: the shapes of document 003, key for key."""

from collections.abc import Sequence
from datetime import UTC, datetime

from exports.api.listing import Page
from exports.models import ExportLog, ExportRequest
from exports.service import Estimate, progress
from exports.spans import roughly
from exports.types import Progress

from .base import Json

STATUS = {"queued": "pending"}
"""States that document 003 has another word for."""


def queued(export: ExportRequest) -> Json:
    """Return the answer for an export that is made in the background."""
    now = progress(export)
    wait = "a moment" if now.seconds_left is None else f"about {roughly(now.seconds_left)}"
    return {
        "export_id": str(export.public_id),
        "status": "pending",
        "message": "Export queued for processing.",
        "estimated_wait": f"{wait} for {export.record_count:,} items",
        "status_url": f"/api/v1/exports/{export.public_id}",
        "logs_url": f"/api/v1/exports/{export.public_id}/logs",
    }


def estimated(estimate: Estimate) -> Json:
    """Return the answer to a dry run: the request is valid, and this is what would come of it."""
    return {
        "dry_run": True,
        "message": "The request is valid. Nothing was exported.",
        "total_items": estimate.records,
        "files": estimate.files,
        "estimated_size": estimate.size,
        "estimated_seconds": estimate.seconds,
    }


def state(export: ExportRequest, now: Progress) -> Json:
    """Return what is known of an export."""
    answer: Json = {
        "export_id": str(export.public_id),
        "resource_type": export.resource,
        "format": export.format,
        "status": STATUS.get(export.state, export.state),
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
        answer |= {"download_url": f"/api/v1/exports/{export.public_id}/download", "file_size": export.total_size}
    if export.unchanged_count is not None:
        answer |= {"changed_since": export.changed_since, "unchanged_items": export.unchanged_count}
    return answer


def events(export: ExportRequest, rows: Sequence[ExportLog]) -> list[Json]:
    """Return what happened to an export, in order, with what was done of it by then."""
    return [_event(export, event) for event in rows]


def pagination(page: Page) -> Json:
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


def time(moment: datetime | None) -> str | None:
    """Write a time as document 003 does: whole seconds of UTC."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _message(export: ExportRequest, percentage: float) -> str:
    if export.is_active:
        return f"Processing... ({percentage:.0f}% complete)"
    if export.state == export.State.FAILED:
        return export.error_message
    return {"completed": "Export completed successfully"}.get(export.state, f"Export {export.state}")


def _event(export: ExportRequest, event: ExportLog) -> Json:
    told: Json = {"event": event.event, "message": event.message, "created_at": time(event.created_at)}
    batch = event.data.get("part")
    if batch:
        told |= {"current_batch": batch, "total_batches": export.parts_total}
    told["processed_items"] = export.record_count if event.event == "completed" else event.data.get("done", 0)
    if event.event == "completed":
        told["duration_ms"] = round(export.seconds * 1000)
    return told
