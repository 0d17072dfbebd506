"""The shapes of dialect ``ybb``'s answers: document 001, key for key."""

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from msgspec import Meta

from exports.types import Format

from .base import (
    Address,
    Bytes,
    Count,
    Details,
    ErrorCode,
    Id,
    Link,
    Number,
    Percentage,
    RecordRange,
    RequestId,
    Seconds,
    Share,
    Warning,
)

Time = Annotated[str, Meta(description="ISO 8601 in the installation's zone, without an offset.")]
ErrorType = Annotated[str, Meta(description="The word that the PHP of document 000 switches on.")]
Stage = Literal["data_retrieval", "processing", "file_generation", "verification", "compression"]


class Links(TypedDict):
    """Where a file is."""

    download_url: Address
    file_url: Link


class Whole(TypedDict):
    """An export and the file that is all of it."""

    export_id: Id
    file_name: str
    file_size: Bytes
    record_count: Count
    expires_at: Time | None


class File(Whole, Links):
    """A single file."""


class BatchFile(Links):
    """One file of a split export."""

    export_id: Id
    batch_number: Number
    file_name: str
    file_size: Bytes
    record_count: Count
    record_range: RecordRange


class Archive(Links):
    """The ZIP of all files."""

    zip_file_name: str
    zip_file_size: Bytes
    compression_ratio: Share


class Files(Whole):
    """The files of a split export."""

    total_records: Count
    total_files: Count
    individual_files: list[BatchFile]
    archive: NotRequired[Archive]


class Metadata(TypedDict):
    """How an export was made."""

    export_type: str
    template: str
    format: Format
    filters_applied: dict[str, Any]
    generated_at: Time | None
    processing_time: Seconds
    memory_peak: str
    warnings: list[Warning]


class PackedMetadata(Metadata):
    """How a split export was made."""

    compression_used: Literal["zip"]


class OneFile(TypedDict):
    """A finished export of a single file."""

    status: Literal["success"]
    message: str
    data: File
    metadata: Metadata
    request_id: RequestId


class ManyFiles(TypedDict):
    """A finished export of several files; PHP knows it by ``export_strategy``."""

    status: Literal["success"]
    message: str
    export_strategy: Literal["multi_file"]
    data: Files
    metadata: PackedMetadata
    request_id: RequestId


class Waiting(TypedDict):
    """Where an unfinished export stands."""

    export_id: Id
    record_count: Count
    queue_position: Number | None
    estimated_seconds: Seconds | None
    estimated_completion: Time | None
    status_url: Address


class Progress(TypedDict):
    """How far an export is."""

    stage: Stage
    percentage: Percentage
    current_chunk: Count
    total_chunks: Count
    records_processed: Count
    total_records: Count
    current_operation: str


class Processing(TypedDict):
    """An export that is waiting or being made."""

    status: Literal["processing"]
    message: str
    data: Waiting
    progress: Progress
    request_id: RequestId


class Recovery(TypedDict):
    """What may help."""

    retry_with_smaller_chunks: bool
    use_multi_file_strategy: bool
    filter_suggestions: list[str]


class Failed(TypedDict):
    """An export that was given up."""

    status: Literal["error"]
    message: str
    error_code: ErrorCode
    error_type: ErrorType
    details: Details
    recovery_options: NotRequired[Recovery]
    request_id: RequestId


class About(TypedDict):
    """What the status of an export says in every state."""

    export_id: Id
    export_type: str
    template: str
    record_count: Count
    created_at: Time
    expires_at: Time | None


class OneFileStatus(OneFile, About):
    """The status of a finished export of a single file."""


class ManyFilesStatus(ManyFiles, About):
    """The status of a finished export of several files."""


class ProcessingStatus(Processing, About):
    """The status of an export that is waiting or being made."""


class FailedStatus(Failed, About):
    """The status of an export that was given up."""


Created = OneFile | ManyFiles | Processing | Failed
Status = OneFileStatus | ManyFilesStatus | ProcessingStatus | FailedStatus


class Error(TypedDict):
    """Why a request was refused."""

    status: Literal["error"]
    message: str
    error_code: ErrorCode
    error_type: ErrorType
    details: Details
    request_id: RequestId


class Template(TypedDict):
    """A choice of columns under a name."""

    name: str
    description: str
    fields: list[str]
    headers: list[str]
    includes_sensitive_data: bool
    custom: NotRequired[bool]
    template_id: NotRequired[Id]
    version: NotRequired[int]


class Templates(TypedDict):
    """The templates of every resource, by resource and name."""

    status: Literal["success"]
    data: dict[str, dict[str, Template]]


class TemplatesOfOne(TypedDict):
    """The templates of one resource by name."""

    status: Literal["success"]
    export_type: str
    data: dict[str, Template]


class StatusMappings(TypedDict):
    """Labels by mapping and code."""

    status: Literal["success"]
    data: dict[str, dict[str, str]]


class Lane(TypedDict):
    """One lane of workers."""

    alive: bool
    canary_age: Seconds | None
    oldest_waiting: Seconds | None


class Health(TypedDict):
    """Whether the service can do its work."""

    status: Literal["healthy", "degraded"]
    timestamp: Time
    service: str
    version: str
    workers: bool
    lanes: dict[str, Lane]


class Unhealthy(TypedDict):
    """The database is away."""

    status: Literal["unhealthy"]
    timestamp: Time
    service: str
    version: str
