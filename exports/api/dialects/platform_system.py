"""What dialect ``platform`` tells besides exports: estimates, queue and totals (document 002)."""

from collections.abc import Sequence

from exports.catalogue import LaneRule, Policy
from exports.conf import conf
from exports.models import ExportRequest
from exports.service import Estimate, LaneLoad, Totals
from exports.spans import duration
from exports.types import SHEET_RECORDS, SHEETS, Lane, Progress

from . import platform_system_shapes as shapes
from .platform_answers import STRATEGIES, megabytes, time

PDF_ROWS, PDF_PAGES = 5_000, 1_000
"""Records that people read in a document, and pages it has at most; beyond, there are several."""


def estimated(estimate: Estimate) -> shapes.Estimated:
    """Return what an export would be."""
    return {
        "status": "success",
        "estimated_records": estimate.records,
        "estimated_files": estimate.files,
        "estimated_size": megabytes(estimate.size),
        "estimated_size_bytes": estimate.size,
        "estimated_processing_time": duration(estimate.seconds),
        "estimated_seconds": estimate.seconds,
        "recommended_strategy": STRATEGIES.get(estimate.strategy, "multi_file"),
        "priority": estimate.lane,
    }


def queue(lanes: Sequence[LaneLoad], own: Sequence[tuple[ExportRequest, Progress]]) -> shapes.Queue:
    """Return what each lane has before it, and the place of some exports."""
    return {
        "status": "success",
        "data": {
            "queue_length": sum(lane.waiting for lane in lanes),
            "processing": sum(lane.processing for lane in lanes),
            "max_queue_size": conf.max_queue,
            "priority_levels": {
                lane.lane: {
                    "waiting": lane.waiting,
                    "processing": lane.processing,
                    "concurrent_processing": lane.workers,
                    "timeout_minutes": lane.timeout / 60,
                }
                for lane in lanes
            },
            "exports": [
                {
                    "export_id": str(export.public_id),
                    "status": export.State(export.state),
                    "priority": Lane(export.lane),
                    "queue_position": now.queue_position,
                    "percentage": now.percentage,
                    "estimated_completion": time(now.estimated_completion),
                }
                for export, now in own
            ],
        },
    }


def stats(totals: Totals, policy: Policy, lanes: Sequence[LaneRule]) -> shapes.Stats:
    """Return what exports have come to, and what holds for new ones."""
    return {
        "status": "success",
        "data": {
            "exports": {
                "total": totals.exports,
                "completed": totals.completed,
                "failed": totals.failed,
                "under_way": totals.under_way,
                "records": totals.records,
                "bytes": totals.size,
            },
            "system_limits": {
                "max_records_single_file": policy.single_file_records,
                "max_records_immediate_processing": policy.inline_records,
                "max_memory_usage_gb": round((conf.memory_limit_bytes or 0) / 1024**3, 2) or None,
                "file_retention_days": policy.retention_hours / 24,
            },
            "format_limits": {
                "excel": {
                    "max_rows_per_sheet": SHEET_RECORDS + 1,
                    "max_sheets_per_file": SHEETS,
                    "recommended_rows_per_sheet": policy.rows_per_sheet,
                },
                "csv": {"no_row_limit": True},
                "pdf": {"max_rows_recommended": PDF_ROWS, "max_pages": PDF_PAGES},
            },
            "queue_config": {
                "max_queue_size": conf.max_queue,
                "priority_levels": {rule.name: rule.below for rule in lanes},
            },
        },
    }
