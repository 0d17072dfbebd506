"""The answers of dialect ``platform``: the shapes of document 002, key for key."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, cast, overload

from exports import service
from exports.models import ExportFile, ExportRequest
from exports.spans import duration
from exports.types import Format, Progress, Strategy

from . import platform_shapes as shapes

STRATEGIES: dict[Strategy, shapes.Single] = {
    Strategy.SINGLE_FILE: "single_file",
    Strategy.COMPRESSED: "compressed_single",
    Strategy.STREAMING: "streaming",
}
STAGES = {"verification": "file_generation"}
"""Stages that document 002 has no word for."""
NOTHING_KNOWN: dict[str, Any] = {
    "field": None,
    "record_count": None,
    "memory_exceeded": False,
    "suggested_chunk_size": None,
}
"""Details that PHP looks at in every error (document 002, "Error Handling for Large Exports")."""
_MEGABYTE = 1024 * 1024


def one_file(export: ExportRequest, request_id: str) -> shapes.OneFile:
    """Return the answer for an export whose file is ready."""
    return {
        "status": "success",
        "message": "Export completed successfully",
        "export_strategy": STRATEGIES[Strategy(export.strategy)],
        "data": _single(export),
        "metadata": _metadata(export),
        "request_id": request_id,
    }


def many_files(export: ExportRequest, request_id: str) -> shapes.ManyFiles:
    """Return the answer for an export whose files are ready, where it was split."""
    return {
        "status": "success",
        "message": "Large export completed successfully",
        "export_strategy": "multi_file",
        "data": _files(export),
        "metadata": {
            **_metadata(export),
            "chunk_size": max((part.record_count for part in _parts(export)), default=0),
            "compression_used": "zip" if export.has_archive else "none",
        },
        "request_id": request_id,
    }


def processing(export: ExportRequest, request_id: str) -> shapes.Processing:
    """Return the answer for an export that is waiting or being made."""
    now = service.progress(export)
    answer: shapes.Processing = {
        "status": "processing",
        "message": "Large export is being processed",
        "export_id": str(export.public_id),
        "data": {
            "export_id": str(export.public_id),
            "estimated_completion": time(now.estimated_completion),
            "estimated_size": megabytes(service.expected_size(export)),
            "queue_position": now.queue_position,
            "status_url": f"/api/export/{export.public_id}/status",
            "email_notification": bool(export.notify_email),
        },
        "progress": {
            "stage": cast(shapes.Stage, STAGES.get(now.stage, now.stage)),
            "percentage": now.percentage,
            "current_chunk": now.part,
            "total_chunks": now.parts_total,
            "records_processed": now.records_done,
            "total_records": now.records_total,
            "estimated_completion": time(now.estimated_completion),
            "current_operation": now.sentence,
        },
        "performance": _performance(export, now),
        "request_id": request_id,
    }
    if export.strategy == Strategy.STREAMING:
        answer["export_strategy"] = "streaming"
        # Document 002 prints it beside the status.
        for told in (answer, answer["data"]):
            _add_stream(export, told)
    return answer


def failed(export: ExportRequest, request_id: str) -> shapes.Failed:
    """Return the answer for an export that has no files: given up, cancelled or expired."""
    return {
        "status": "error",
        "message": export.error_message or f"Export {export.state}",
        "error_code": export.error_code or export.state.upper(),
        "export_id": str(export.public_id),
        "details": {
            "export_id": str(export.public_id),
            **NOTHING_KNOWN,
            "record_count": export.record_count,
            **export.error_details,
        },
        "recovery_options": {**recovery(export.error_details, export), "resume": export.is_resumable},
        "request_id": request_id,
    }


def recovery(details: Mapping[str, Any], export: ExportRequest | None = None) -> shapes.Recovery:
    """Return what may help: only what really would (document 002, "Error Response")."""
    is_heavy = bool(details.get("memory_exceeded"))
    fits = details.get("suggested_chunk_size")
    return {
        "retry_with_smaller_chunks": is_heavy,
        "use_multi_file_strategy": is_heavy and (export is None or export.strategy != Strategy.MULTI_FILE),
        "filter_suggestions": [f"limit: {fits}"] if is_heavy and fits else [],
    }


def chunks(export: ExportRequest) -> shapes.Chunks:
    """Return every file of an export and where it stands."""
    return {
        "status": "success",
        "export_id": str(export.public_id),
        "total_chunks": export.parts_total,
        "completed_chunks": export.parts_done,
        "chunks": [_chunk(export, part) for part in _parts(export)],
    }


@overload
def time(moment: datetime) -> str: ...
@overload
def time(moment: datetime | None) -> str | None: ...
def time(moment: datetime | None) -> str | None:
    """Write a time as document 002 does: whole seconds of UTC."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def megabytes(size: int) -> str:
    """Write a size as document 002 does: ``45MB``, with a decimal where it is small."""
    return f"{size / _MEGABYTE:.0f}MB" if size >= 10 * _MEGABYTE else f"{size / _MEGABYTE:.1f}MB"


def _single(export: ExportRequest) -> shapes.File:
    (part,) = _parts(export)
    answer: shapes.File = {
        "file_url": service.link(export, part),
        "download_url": f"/api/export/{export.public_id}/download",
        "file_name": export.file_name,
        "file_size": part.size,
        "record_count": export.record_count,
        "export_id": str(export.public_id),
        "expires_at": time(export.expires_at),
        "sha256": part.sha256,
    }
    if export.strategy == Strategy.COMPRESSED:
        answer["compression"] = "gzip"
        answer["uncompressed_size"] = megabytes(part.content_size)
        answer["compressed_size"] = megabytes(part.size)
        answer["compression_ratio"] = _ratio(part)
    if export.strategy == Strategy.STREAMING:
        answer["stream_url"] = service.stream_link(export)
    return answer


def _add_stream(export: ExportRequest, told: shapes.Processing | shapes.Waiting) -> None:
    told["stream_url"] = service.stream_link(export)
    told["content_type"] = Format(export.format).media_type
    told["estimated_size"] = megabytes(service.expected_size(export))
    told["estimated_records"] = export.record_count


def _files(export: ExportRequest) -> shapes.Files:
    archive = next((file for file in export.files.all() if file.kind == ExportFile.Kind.ARCHIVE), None)
    answer: shapes.Files = {
        "export_id": str(export.public_id),
        "total_records": export.record_count,
        "record_count": export.record_count,
        "total_files": export.parts_total,
        "individual_files": [_part(export, part) for part in _parts(export)],
        "expires_at": time(export.expires_at),
    }
    if archive is not None:
        link = service.link(export, archive)
        answer["file_url"], answer["file_name"], answer["file_size"] = link, archive.name, archive.size
        answer["archive"] = {
            "zip_file_name": archive.name,
            "zip_file_url": link,
            "zip_file_size": archive.size,
            "compression_ratio": _ratio(archive),
        }
    return answer


def _part(export: ExportRequest, part: ExportFile) -> shapes.BatchFile:
    return {
        "batch_number": part.number,
        "file_name": part.name,
        "file_url": service.link(export, part),
        "download_url": f"/api/export/{export.public_id}/download/batch/{part.number}",
        "file_size": part.size,
        "record_count": part.record_count,
        "record_range": part.record_range,
        "sha256": part.sha256,
    }


def _chunk(export: ExportRequest, part: ExportFile) -> shapes.Chunk:
    is_ready = part.state == ExportFile.State.READY and export.is_downloadable
    return {
        "chunk_number": part.number,
        "status": "ready" if is_ready else "processing" if part.lease_token else _unready(part),
        "record_range": part.record_range,
        "record_count": part.record_count,
        "records_processed": part.rows_done,
        "file_name": part.name,
        "file_size": part.size or None,
        "file_url": service.link(export, part) if is_ready else None,
    }


def _unready(part: ExportFile) -> Literal["pending", "deleted"]:
    return "pending" if part.state == ExportFile.State.PENDING else "deleted"


def _parts(export: ExportRequest) -> list[ExportFile]:
    parts = [file for file in export.files.all() if file.kind == ExportFile.Kind.PART]
    return sorted(parts, key=lambda part: part.number)


def _metadata(export: ExportRequest) -> shapes.Metadata:
    answer: shapes.Metadata = {
        "export_type": export.resource,
        "template": export.template,
        "format": Format(export.format),
        "filters_applied": export.filters,
        "generated_at": time(export.completed_at),
        "processing_time": round(export.seconds, 3),
        "memory_peak": f"{export.memory_peak / 1024:.0f}MB",
        "warnings": export.warnings,
    }
    if export.template_version is not None:
        answer["template_version"] = export.template_version.number
    if export.unchanged_count is not None:
        answer["unchanged_records"] = export.unchanged_count
    return answer


def _performance(export: ExportRequest, now: Progress) -> shapes.Performance:
    speed = None if now.records_per_second is None else f"{now.records_per_second * 60:.0f} records/minute"
    return {
        "processing_speed": speed,
        "elapsed_time": duration(export.seconds),
        "estimated_remaining": None if now.seconds_left is None else duration(now.seconds_left),
    }


def _ratio(file: ExportFile) -> str:
    return f"{100 * (1 - file.size / max(file.content_size, 1)):.0f}%"
