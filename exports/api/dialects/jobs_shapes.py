"""The shapes of dialect ``jobs``'s answers: document 004, key for key."""

from typing import Annotated, Literal, NotRequired, TypedDict

from msgspec import Meta

from exports.types import Format

from .base import Address, Bytes, Count, Details, ErrorCode, Id, Moment, Number, RequestId, Seconds

Status = Literal["pending", "processing", "completed", "failed", "cancelled", "expired"]


class Job(TypedDict):
    """An export job; ``download_url`` while there is a file."""

    id: Number
    export_id: Id
    schedule_id: Number | None
    status: Status
    export_type: str
    export_format: Format
    progress_percent: Annotated[int, Meta(extra_json_schema={"minimum": 0, "maximum": 100})]
    total_records: Count
    created_at: Moment
    completed_at: Moment | None
    expires_at: Moment | None
    error_message: str | None
    notification_sent: bool
    notification_email: str | None
    file_size_bytes: NotRequired[Bytes]
    file_size_mb: NotRequired[float]
    duration_seconds: NotRequired[Seconds]
    download_url: NotRequired[Address]


class OneJob(TypedDict):
    """The envelope of one job."""

    success: Literal[True]
    data: Job


class Pages(TypedDict):
    """Where a page stands in its list."""

    page: Number
    per_page: Count
    total: Count
    pages: Number


class Jobs(TypedDict):
    """A page of jobs, newest first."""

    success: Literal[True]
    data: list[Job]
    pagination: Pages


class Known(TypedDict):
    """What is known of an error."""

    code: ErrorCode
    message: str
    details: Details


class Error(TypedDict):
    """Why a request was refused."""

    success: Literal[False]
    message: str
    error: Known
    request_id: RequestId
