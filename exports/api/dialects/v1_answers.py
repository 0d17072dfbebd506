"""The answers of dialect ``v1``: the shapes of document 003, key for key."""

from datetime import UTC, datetime

from exports.models import ExportRequest
from exports.service import progress
from exports.spans import roughly

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
    }


def state(export: ExportRequest) -> Json:
    """Return what is known of an export."""
    now = progress(export)
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


def time(moment: datetime | None) -> str | None:
    """Write a time as document 003 does: whole seconds of UTC."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _message(export: ExportRequest, percentage: float) -> str:
    if export.is_active:
        return f"Processing... ({percentage:.0f}% complete)"
    if export.state == export.State.FAILED:
        return export.error_message
    return {"completed": "Export completed successfully"}.get(export.state, f"Export {export.state}")
