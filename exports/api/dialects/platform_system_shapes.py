"""The shapes of dialect ``platform``'s answers about the house: estimates, queue, totals (document 002)."""

from typing import Literal, TypedDict

from exports.models import ExportRequest
from exports.types import Lane

from .base import Bytes, Count, Id, Moment, Number, Percentage, Seconds
from .platform_shapes import Duration, Size


class Estimated(TypedDict):
    """What an export would be."""

    status: Literal["success"]
    estimated_records: Count
    estimated_files: Count
    estimated_size: Size
    estimated_size_bytes: Bytes
    estimated_processing_time: Duration
    estimated_seconds: Seconds
    recommended_strategy: Literal["single_file", "compressed_single", "streaming", "multi_file"]
    priority: Lane


class LaneLoad(TypedDict):
    """What a lane has before it."""

    waiting: Count
    processing: Count
    concurrent_processing: Count
    timeout_minutes: float


class Queued(TypedDict):
    """Where one export stands."""

    export_id: Id
    status: ExportRequest.State
    priority: Lane
    queue_position: Number | None
    percentage: Percentage
    estimated_completion: Moment | None


class QueueData(TypedDict):
    """Lanes by name, and the caller's own exports."""

    queue_length: Count
    processing: Count
    max_queue_size: Count
    priority_levels: dict[str, LaneLoad]
    exports: list[Queued]


class Queue(TypedDict):
    """What the workers have before them."""

    status: Literal["success"]
    data: QueueData


class ExportTotals(TypedDict):
    """What exports have come to."""

    total: Count
    completed: Count
    failed: Count
    under_way: Count
    records: Count
    bytes: Bytes


class SystemLimits(TypedDict):
    """What holds for new exports."""

    max_records_single_file: Count
    max_records_immediate_processing: Count
    max_memory_usage_gb: float | None
    file_retention_days: float


class ExcelLimits(TypedDict):
    """What a workbook holds."""

    max_rows_per_sheet: Count
    max_sheets_per_file: Count
    recommended_rows_per_sheet: Count


class CsvLimits(TypedDict):
    """What a CSV file holds."""

    no_row_limit: Literal[True]


class PdfLimits(TypedDict):
    """What people read in a document."""

    max_rows_recommended: Count
    max_pages: Count


class FormatLimits(TypedDict):
    """Limits by format."""

    excel: ExcelLimits
    csv: CsvLimits
    pdf: PdfLimits


class QueueConfig(TypedDict):
    """How many exports wait at most, and by how many records lanes are told apart."""

    max_queue_size: Count
    priority_levels: dict[str, int | None]


class StatsData(TypedDict):
    """Totals and limits."""

    exports: ExportTotals
    system_limits: SystemLimits
    format_limits: FormatLimits
    queue_config: QueueConfig


class Stats(TypedDict):
    """What the caller's exports have come to, and what is allowed."""

    status: Literal["success"]
    data: StatsData
