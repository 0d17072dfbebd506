"""The answers of dialect ``ybb``: the shapes of document 001, "File Processing & Downloads", key for key.

The controller of document 000 reads ``file_name``, ``file_size`` and ``record_count`` of every successful answer before
it looks at the strategy, so the answer for many files has them too: those of the archive.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import cast, overload
from zoneinfo import ZoneInfo

from exports import custom_templates
from exports.catalogue import Resource
from exports.conf import conf
from exports.models import ExportFile, ExportRequest, ExportTemplateVersion
from exports.service import progress
from exports.types import Format, Strategy

from . import ybb_shapes as shapes


def one_file(export: ExportRequest, request_id: str) -> shapes.OneFile:
    """Return the answer for an export whose file is ready."""
    return {
        "status": "success",
        "message": "Export completed successfully",
        "data": {**_whole(export), **_links(export, "download")},
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
        "metadata": {**_metadata(export), "compression_used": "zip"},
        "request_id": request_id,
    }


def processing(export: ExportRequest, request_id: str) -> shapes.Processing:
    """Return the answer for an export that is waiting or being made."""
    now = progress(export)
    return {
        "status": "processing",
        "message": "Large export is being processed",
        "data": {
            "export_id": str(export.public_id),
            "record_count": export.record_count,
            "queue_position": now.queue_position,
            "estimated_seconds": now.seconds_left,
            "estimated_completion": time(now.estimated_completion),
            "status_url": f"/api/ybb/export/{export.public_id}/status",
        },
        "progress": {
            "stage": cast(shapes.Stage, now.stage),
            "percentage": now.percentage,
            "current_chunk": min(now.parts_done + 1, now.parts_total),
            "total_chunks": now.parts_total,
            "records_processed": now.records_done,
            "total_records": now.records_total,
            "current_operation": now.sentence,
        },
        "request_id": request_id,
    }


def failed(export: ExportRequest, request_id: str) -> shapes.Failed:
    """Return the answer for an export that was given up."""
    message = export.error_message or f"Export {export.state}"
    answer: shapes.Failed = {
        "status": "error",
        "message": message if message.startswith("Export ") else f"Export failed: {message}",
        "error_code": export.error_code or export.state.upper(),
        "error_type": "server",
        "details": {"export_id": str(export.public_id), **export.error_details},
        "request_id": request_id,
    }
    # What may help, where something may (document 002, "Error Response").
    if export.error_details.get("memory_exceeded"):
        answer["recovery_options"] = {
            "retry_with_smaller_chunks": True,
            "use_multi_file_strategy": export.strategy != Strategy.MULTI_FILE,
            "filter_suggestions": [],
        }
    return answer


def about(export: ExportRequest) -> shapes.About:
    """Return what the status says in every state."""
    return {
        "export_id": str(export.public_id),
        "export_type": export.resource,
        "template": export.template,
        "record_count": export.record_count,
        "created_at": time(export.created_at),
        "expires_at": time(export.expires_at),
    }


def templates(resource: Resource, own: Sequence[ExportTemplateVersion]) -> dict[str, shapes.Template]:
    """Return the templates of a resource, and those that the caller made for it."""
    made = [version for version in own if version.template.resource == resource.name]
    return {version.template.name: _custom(version) for version in made} | {
        template.name: {
            "name": template.name,
            "description": template.description,
            "fields": [column.name for column in template.columns],
            "headers": [column.header for column in template.columns],
            "includes_sensitive_data": template.sensitive,
        }
        for template in resource.templates.values()
    }


def _custom(version: ExportTemplateVersion) -> shapes.Template:
    return {
        "name": version.template.name,
        "description": version.definition["description"],
        "fields": version.definition["fields"],
        "headers": version.definition["headers"],
        "includes_sensitive_data": custom_templates.is_sensitive(version),
        "custom": True,
        "template_id": str(version.template.public_id),
        "version": version.number,
    }


@overload
def time(moment: datetime) -> str: ...
@overload
def time(moment: datetime | None) -> str | None: ...
def time(moment: datetime | None) -> str | None:
    """Return a time as document 001 prints it: ISO 8601 in the installation's zone, without an offset.

    Document 000 writes ``expires_at`` into a TIMESTAMP column; MariaDB refuses one that carries an offset.
    """
    return moment.astimezone(ZoneInfo(conf.time_zone)).replace(tzinfo=None).isoformat() if moment else None


def _whole(export: ExportRequest) -> shapes.Whole:
    return {
        "export_id": str(export.public_id),
        "file_name": export.file_name,
        "file_size": export.total_size,
        "record_count": export.record_count,
        "expires_at": time(export.expires_at),
    }


def _files(export: ExportRequest) -> shapes.Files:
    files = list(export.files.all())
    parts = sorted((file for file in files if file.kind == ExportFile.Kind.PART), key=lambda file: file.number)
    archive = next((file for file in files if file.kind == ExportFile.Kind.ARCHIVE), None)
    # Spelled out: mypy cannot know that what is spread has no archive.
    answer: shapes.Files = {
        "export_id": str(export.public_id),
        "file_name": export.file_name,
        "file_size": export.total_size,
        "record_count": export.record_count,
        "expires_at": time(export.expires_at),
        "total_records": export.record_count,
        "total_files": export.parts_total,
        "individual_files": [_part(export, part) for part in parts],
    }
    if archive is not None:
        answer["archive"] = _archive(export, archive)
    return answer


def _archive(export: ExportRequest, archive: ExportFile) -> shapes.Archive:
    return {
        "zip_file_name": archive.name,
        "zip_file_size": archive.size,
        **_links(export, "download/zip"),
        "compression_ratio": f"{100 * (1 - archive.size / max(archive.content_size, 1)):.1f}%",
    }


def _part(export: ExportRequest, part: ExportFile) -> shapes.BatchFile:
    return {
        "export_id": str(export.public_id),
        "batch_number": part.number,
        "file_name": part.name,
        "file_size": part.size,
        "record_count": part.record_count,
        "record_range": part.record_range,
        **_links(export, f"download/batch/{part.number}"),
    }


def _links(export: ExportRequest, what: str) -> shapes.Links:
    path = f"/api/export/{export.public_id}/{what}"
    return {"download_url": path, "file_url": f"{conf.public_url}{path}"}


def _metadata(export: ExportRequest) -> shapes.Metadata:
    return {
        "export_type": export.resource,
        "template": export.template,
        "format": Format(export.format),
        "filters_applied": export.filters,
        "generated_at": time(export.completed_at),
        "processing_time": round(export.seconds, 3),
        "memory_peak": f"{export.memory_peak / 1024:.0f} MB",
        "warnings": export.warnings,
    }
