"""The shapes of dialect ``platform``'s answers about exports: document 002, key for key."""

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from msgspec import Meta

from exports.models import ExportRequest
from exports.types import Format

from .base import (
    Address,
    Bytes,
    Count,
    ErrorCode,
    Id,
    Link,
    Moment,
    Number,
    Percentage,
    RecordRange,
    RequestId,
    Seconds,
    Sha256,
    Share,
    Warning,
)

Size = Annotated[str, Meta(description="Such as 45MB.")]
Duration = Annotated[str, Meta(description="In words.")]
Single = Literal["single_file", "compressed_single", "streaming"]
Stage = Literal["data_retrieval", "processing", "file_generation", "compression"]


StreamLink = Annotated[Link, Meta(description="Signed, for the file while it is made and as long as it is kept.")]


class File(TypedDict):
    """A single file; those that are packed say how much smaller that made them."""

    file_url: Annotated[Link, Meta(description="Signed: a browser follows it without a key while the file is kept.")]
    download_url: Address
    file_name: str
    file_size: Bytes
    record_count: Count
    export_id: Id
    expires_at: Moment | None
    sha256: Sha256
    compression: NotRequired[Literal["gzip"]]
    uncompressed_size: NotRequired[Size]
    compressed_size: NotRequired[Size]
    compression_ratio: NotRequired[Share]
    stream_url: NotRequired[StreamLink]


class BatchFile(TypedDict):
    """One file of a split export."""

    batch_number: Number
    file_name: str
    file_url: Link
    download_url: Address
    file_size: Bytes
    record_count: Count
    record_range: RecordRange
    sha256: Sha256


class Archive(TypedDict):
    """The ZIP of all files."""

    zip_file_name: str
    zip_file_url: Link
    zip_file_size: Bytes
    compression_ratio: Share


class Files(TypedDict):
    """The files of a split export; ``file_url`` and ``archive`` where there is a ZIP."""

    export_id: Id
    total_records: Count
    record_count: Count
    total_files: Count
    individual_files: list[BatchFile]
    expires_at: Moment | None
    file_url: NotRequired[Link]
    file_name: NotRequired[str]
    file_size: NotRequired[Bytes]
    archive: NotRequired[Archive]


class Metadata(TypedDict):
    """How an export was made."""

    export_type: str
    template: str
    template_version: NotRequired[int]
    format: Format
    filters_applied: dict[str, Any]
    generated_at: Moment | None
    processing_time: Seconds
    memory_peak: Size
    warnings: list[Warning]
    unchanged_records: NotRequired[Count]


class SplitMetadata(Metadata):
    """How a split export was made."""

    chunk_size: Count
    compression_used: Literal["zip", "none"]


class OneFile(TypedDict):
    """A finished export of a single file."""

    status: Literal["success"]
    message: str
    export_strategy: Single
    data: File
    metadata: Metadata
    request_id: RequestId


class ManyFiles(TypedDict):
    """A finished export of several files."""

    status: Literal["success"]
    message: str
    export_strategy: Literal["multi_file"]
    data: Files
    metadata: SplitMetadata
    request_id: RequestId


class Waiting(TypedDict):
    """Where an unfinished export stands."""

    export_id: Id
    estimated_completion: Moment | None
    estimated_size: Size
    queue_position: Number | None
    status_url: Address
    email_notification: bool
    stream_url: NotRequired[StreamLink]
    content_type: NotRequired[str]
    estimated_records: NotRequired[Count]


class Progress(TypedDict):
    """How far an export is."""

    stage: Stage
    percentage: Percentage
    current_chunk: Count
    total_chunks: Count
    records_processed: Count
    total_records: Count
    estimated_completion: Moment | None
    current_operation: str


class Performance(TypedDict):
    """How fast it goes."""

    processing_speed: str | None
    elapsed_time: Duration
    estimated_remaining: Duration | None


class Processing(TypedDict):
    """An export that is waiting or being made; one that can be streamed says so beside the status, and in ``data``."""

    status: Literal["processing"]
    message: str
    export_id: Id
    export_strategy: NotRequired[Literal["streaming"]]
    stream_url: NotRequired[StreamLink]
    content_type: NotRequired[str]
    estimated_size: NotRequired[Size]
    estimated_records: NotRequired[Count]
    data: Waiting
    progress: Progress
    performance: Performance
    request_id: RequestId


ErrorDetails = Annotated[
    dict[str, Any],
    Meta(
        description="What the error is about; more members where there is more to say.",
        extra_json_schema={
            "properties": {
                "field": {"type": ["string", "null"]},
                "record_count": {"type": ["integer", "null"]},
                "memory_exceeded": {"type": "boolean"},
                "suggested_chunk_size": {"type": ["integer", "null"]},
            },
            "required": ["field", "record_count", "memory_exceeded", "suggested_chunk_size"],
        },
    ),
]


class Recovery(TypedDict):
    """What may help."""

    retry_with_smaller_chunks: bool
    use_multi_file_strategy: bool
    filter_suggestions: list[str]
    resume: NotRequired[Annotated[bool, Meta(description="Whether `POST /api/export/{id}/resume` may be tried.")]]


class Failed(TypedDict):
    """An export that has no files: given up, cancelled or expired."""

    status: Literal["error"]
    message: str
    error_code: ErrorCode
    export_id: Id
    details: ErrorDetails
    recovery_options: Recovery
    request_id: RequestId


Status = OneFile | ManyFiles | Processing | Failed


class Error(TypedDict):
    """Why a request was refused."""

    status: Literal["error"]
    message: str
    error_code: ErrorCode
    details: ErrorDetails
    recovery_options: Recovery
    request_id: RequestId


class Chunk(TypedDict):
    """One file of an export and where it stands."""

    chunk_number: Number
    status: Literal["pending", "processing", "ready", "deleted"]
    record_range: RecordRange
    record_count: Count
    records_processed: Count
    file_name: str
    file_size: Bytes | None
    file_url: Link | None


class Chunks(TypedDict):
    """Every file of an export, those to come too."""

    status: Literal["success"]
    export_id: Id
    total_chunks: Count
    completed_chunks: Count
    chunks: list[Chunk]


class Left(TypedDict):
    """An export whose files are gone."""

    export_id: Id
    state: ExportRequest.State


class Deleted(TypedDict):
    """Nothing of the export is stored any more."""

    status: Literal["success"]
    message: str
    data: Left
