"""What the entries of several dialects have in common."""

from exports.api.listing import MOST_PER_PAGE, PER_PAGE
from exports.exceptions import (
    BadRequest,
    Conflict,
    ExportError,
    FileNotFound,
    InFlight,
    InvalidFilename,
    InvalidRecord,
    KeyReused,
    NoData,
    NotAllowed,
    NotFound,
    QueueFull,
    SourceMismatch,
    SourceUnavailable,
    StorageFull,
    TooManyAtOnce,
    TooManyRecords,
    TooManyValues,
    UnknownName,
)
from exports.types import MEDIA_TYPES

from . import headers
from .operation import Answer, Operation, Parameter, Schema

FILES = tuple(media_type.partition(";")[0] for media_type in MEDIA_TYPES.values())
"""Media types of what can be downloaded."""
WISH: tuple[type[ExportError], ...] = (
    *(NoData, InvalidRecord, BadRequest, UnknownName, TooManyRecords, TooManyValues, InvalidFilename),
    *(NotAllowed, NotFound, Conflict, SourceUnavailable, SourceMismatch),
)
"""What may be wrong with a request for an export."""
CREATE = (*WISH, InFlight, KeyReused, TooManyAtOnce, QueueFull, StorageFull)
AGAIN = (NotFound, Conflict, TooManyAtOnce, QueueFull, StorageFull)
LIST = (BadRequest,)
MISSING = (NotFound,)
CREATE_HEADERS = (headers.IDEMPOTENCY_KEY, headers.PREFER)


def page(**lookups: str) -> tuple[Parameter, ...]:
    """Return the parameters of a list: what it can be filtered by, and which part of it is wanted."""
    return (
        *(Parameter(name=name, description=description) for name, description in lookups.items()),
        Parameter(name="date_from", description="The first day, such as 2026-05-15.", schema=_DATE),
        Parameter(name="date_to", description="The last day.", schema=_DATE),
        *PAGES,
    )


_DATE = {"anyOf": [{"type": "string", "format": "date"}, {"const": ""}]}


def _whole_number(most: int, default: int) -> Schema:
    return {"anyOf": [{"type": "integer", "minimum": 1, "maximum": most}, {"const": ""}], "default": default}


PAGES = (
    Parameter(name="page", description="Which part, counted from 1.", schema=_whole_number(1_000_000, 1)),
    Parameter(name="per_page", description="How many.", schema=_whole_number(MOST_PER_PAGE, PER_PAGE)),
)


def download(id: str, what: str) -> Operation:
    """Return the entry of a route that sends a file."""
    return Operation(
        id=id,
        summary=f"Download {what}",
        description="`HEAD` says what a download would be, without downloading it.",
        parameters=(headers.RANGE, headers.IF_RANGE, headers.IF_NONE_MATCH),
        answers=FILE_ANSWERS,
        refusals=(NotFound, FileNotFound),
    )


def stream(id: str, later: type) -> Operation:
    """Return the entry of a route that sends a file while it is made; ``later`` is told while nothing is there."""
    return Operation(
        id=id,
        summary="The file while it is made",
        description="The last of it leaves once the whole was verified; a stream that breaks off ends without its end. "
        "A file that is ready is sent as a download is.",
        parameters=(headers.RANGE, headers.IF_RANGE, headers.IF_NONE_MATCH),
        answers={
            **FILE_ANSWERS,
            200: Answer(description="The file.", media_types=FILES, headers=headers.STREAM),
            202: Answer(description="Nothing of it is there yet.", shapes=(later,), headers=headers.LATER),
        },
        refusals=(NotFound, FileNotFound),
    )


FILE_ANSWERS = {
    200: Answer(description="The file.", media_types=FILES, headers=headers.FILE),
    206: Answer(description="The part asked for.", media_types=FILES, headers=(*headers.FILE, "Content-Range")),
    304: Answer(description="You have it.", headers=headers.KNOWN),
    416: Answer(description="The file ends before.", headers=("Content-Range",)),
}


def downloads(prefix: str, id: str) -> dict[str, Operation]:
    """Return the entries of the three routes below which an export's files are."""
    return {
        f"GET {prefix}/download": download(f"{id}_download", "the file, or the ZIP of a split export"),
        f"GET {prefix}/download/zip": download(f"{id}_download_zip", "the ZIP of a split export"),
        f"GET {prefix}/download/batch/{{number}}": download(f"{id}_download_batch", "one file of a split export"),
    }
