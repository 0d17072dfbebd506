"""The shapes of dialect ``v1``'s answers: document 003, key for key, and those about uploads."""

from typing import Annotated, Literal, NotRequired, TypedDict

from msgspec import Meta

from exports.models import ExportLog
from exports.types import Format, UploadFormat

from .base import Address, Bytes, Count, Details, ErrorCode, Id, Moment, Number, Percentage, RequestId, Seconds, Sha256

Status = Literal["pending", "processing", "completed", "failed", "cancelled", "expired"]


class Queued(TypedDict):
    """An export that is made in the background."""

    export_id: Id
    status: Literal["pending"]
    message: str
    estimated_wait: str
    status_url: Address
    stream_url: Address
    logs_url: Address


class Estimated(TypedDict):
    """What would come of a request that is valid."""

    dry_run: Literal[True]
    message: str
    total_items: Count
    files: Count
    estimated_size: Bytes
    estimated_seconds: Seconds


class State(TypedDict):
    """What is known of an export; ``download_url`` while there is a file."""

    export_id: Id
    resource_type: str
    format: Format
    status: Status
    total_items: Count
    exported_items: Count
    failed_items: Count
    success_rate: Percentage
    created_at: Moment
    completed_at: Moment | None
    expires_at: Moment | None
    message: str
    download_url: NotRequired[Address]
    file_size: NotRequired[Bytes]
    changed_since: NotRequired[str]
    unchanged_items: NotRequired[Count]
    email_sent_at: NotRequired[Moment | None]


class Failed(State):
    """An export that was given up while the caller waited."""

    error_code: ErrorCode
    request_id: RequestId


_Position = Annotated[int, Meta(description="Of the list, counted from 1.", extra_json_schema={"minimum": 1})]
# ``from`` is a word of Python's own.
Pagination = TypedDict(
    "Pagination",
    {
        "current_page": Number,
        "per_page": Count,
        "total": Count,
        "last_page": Number,
        "from": _Position | None,
        "to": _Position | None,
    },
)


class Exports(TypedDict):
    """A page of exports, newest first."""

    data: list[State]
    pagination: Pagination


class LoggedEvent(TypedDict):
    """Something that happened to an export."""

    event: ExportLog.Event
    message: str
    created_at: Moment
    processed_items: Count
    current_batch: NotRequired[Number]
    total_batches: NotRequired[Count]
    duration_ms: NotRequired[Count]


class Logs(TypedDict):
    """A page of what happened to an export, in order."""

    data: list[LoggedEvent]
    pagination: Pagination


class Error(TypedDict):
    """Why a request was refused; ``errors`` by field where a field is to blame."""

    message: str
    errors: NotRequired[dict[str, list[str]]]
    error_code: ErrorCode
    details: Details
    request_id: RequestId


class Dataset(TypedDict):
    """An upload and how far it is."""

    dataset_id: Id
    catalogue: str
    resource: str
    status: Literal["open", "closed"]
    pieces: Count
    records: Count
    missing_pieces: Annotated[list[int], Meta(description="The first hundred numbers that are missing.")]
    next_piece: Number
    created_at: Moment
    expires_at: Moment | None
    piece_url: str
    close_url: Address
    formats: list[UploadFormat]


class Piece(TypedDict):
    """A piece of an upload."""

    dataset_id: Id
    number: Number
    records: Count
    sha256: Sha256
    unknown_fields: list[str]
