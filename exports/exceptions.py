"""Every error the portal raises on purpose.

::

    ExportError
     ├── BadRequest                 the caller can mend it (400)
     │    ├── NoData
     │    ├── InvalidBody
     │    ├── InvalidRecord         names row and field
     │    ├── InvalidFile           damaged, or not of the format it is said to have
     │    ├── TooManyRecords
     │    ├── TooManyValues         more than a web process should hold (413)
     │    ├── TooManyBytes          more than is taken, once unpacked (413)
     │    ├── UnknownName           resource, template, format, field, filter, sort column …
     │    ├── InvalidFilename
     │    └── InvalidSheetName
     ├── NotFound                   missing, expired or someone else's: the same answer (404)
     │    ├── FileNotFound
     │    └── ScheduleNotFound
     ├── NotAllowed                 known caller, forbidden wish (403)
     ├── Conflict                   not as things stand (409)
     │    ├── InFlight              the same request is being accepted at this moment
     │    ├── KeyReused             an Idempotency-Key came with another request (422)
     │    └── TooManySchedules
     ├── Busy                       try again later (503)
     │    ├── QueueFull
     │    ├── SourceUnavailable     the source database cannot be reached
     │    ├── TooFast               this caller has asked for enough in the last minute (429)
     │    └── TooManyAtOnce         this caller has enough under way (429)
     ├── StorageFull                no room for the file (507)
     ├── SourceMismatch             the source database is not as a definition says (500)
     └── BuildError                 the file could not be made
          ├── LimitExceeded         the format cannot hold this
          ├── MemoryExceeded        a worker may not hold this much at a time
          ├── VerificationFailed    what was read back is not what was written
          ├── StreamBroken          the file that somebody follows will never be finished
          └── LeaseLost             another worker owns the part now; nothing may be published

The one-line docstring of a class is its message unless the place that raises gives a better one. ``code`` is stable and
goes to clients; ``exports.api.errors`` turns the tree into HTTP answers.

Outside the tree, because no ``except Exception`` may catch it::

    SystemExit
     └── Stopped                    the worker was asked to end; its work is handed back

And because it concerns no export and no client::

    Exception
     └── NotDelivered               nobody took a notice
"""

from typing import Any, ClassVar


class ExportError(Exception):
    """The export could not be completed."""

    code: ClassVar[str] = "EXPORT_FAILED"
    details: dict[str, Any]

    def __init__(self, message: str = "", /, **details: Any) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())
        self.details = details

    @property
    def message(self) -> str:
        """The sentence a person reads."""
        return str(self.args[0])


class BadRequest(ExportError):
    """The request is not valid."""

    code = "INVALID_REQUEST"


class NoData(BadRequest):
    """No data provided for export"""

    code = "NO_DATA"


class InvalidBody(BadRequest):
    """The request body is not valid JSON."""

    code = "INVALID_BODY"


class InvalidRecord(BadRequest):
    """A record is not valid."""

    code = "INVALID_RECORD"


class InvalidFile(BadRequest):
    """The file cannot be read."""

    code = "INVALID_FILE"


class TooManyRecords(BadRequest):
    """The request holds more records than are allowed."""

    code = "TOO_MANY_RECORDS"


class TooManyValues(BadRequest):
    """The request holds more values than can be read at once."""

    code = "TOO_MANY_VALUES"


class TooManyBytes(BadRequest):
    """The file is larger than is taken."""

    code = "TOO_MANY_BYTES"


class UnknownName(BadRequest):
    """The request names something that does not exist."""

    code = "UNKNOWN_NAME"


class InvalidFilename(BadRequest):
    """The filename is not valid."""

    code = "INVALID_FILENAME"


class InvalidSheetName(BadRequest):
    """The sheet name is not valid."""

    code = "INVALID_SHEET_NAME"


class NotFound(ExportError):
    """Export not found or expired"""

    code = "EXPORT_NOT_FOUND"


class FileNotFound(NotFound):
    """The file was not found or has expired."""

    code = "FILE_NOT_FOUND"


class ScheduleNotFound(NotFound):
    """Schedule not found"""

    code = "SCHEDULE_NOT_FOUND"


class NotAllowed(ExportError):
    """You are not allowed to do this."""

    code = "NOT_ALLOWED"


class Conflict(ExportError):
    """The export's state does not allow this."""

    code = "CONFLICT"


class InFlight(Conflict):
    """The same request is being accepted at this moment. Send it again in a second."""

    code = "REQUEST_IN_FLIGHT"


class KeyReused(Conflict):
    """This Idempotency-Key was sent with another request before. Use a new key for a new request."""

    code = "IDEMPOTENCY_KEY_REUSED"


class TooManySchedules(Conflict):
    """You have as many schedules as are allowed. Delete one first."""

    code = "TOO_MANY_SCHEDULES"


class Busy(ExportError):
    """Service temporarily unavailable"""

    code = "SERVICE_UNAVAILABLE"


class QueueFull(Busy):
    """The queue is full. Try again later."""

    code = "QUEUE_FULL"


class TooManyAtOnce(Busy):
    """You have as many exports under way as are allowed at once. Try again when one of them has ended."""

    code = "TOO_MANY_EXPORTS"


class TooFast(Busy):
    """You have asked for as many exports as are allowed in a minute. Try again later."""

    code = "RATE_LIMITED"


class SourceUnavailable(Busy):
    """The source database cannot be reached. Try again later."""

    code = "SOURCE_UNAVAILABLE"


class SourceMismatch(ExportError):
    """The source database is not as the definition says."""

    code = "SOURCE_MISMATCH"


class StorageFull(ExportError):
    """There is no room left to store the export."""

    code = "STORAGE_FULL"


class BuildError(ExportError):
    """The file could not be made."""

    code = "BUILD_FAILED"


class LimitExceeded(BuildError):
    """The format cannot hold this much."""

    code = "LIMIT_EXCEEDED"


class MemoryExceeded(BuildError):
    """The export needs more memory than it may use."""

    code = "MEMORY_EXCEEDED"


class VerificationFailed(BuildError):
    """What was read back from the file is not what was written."""

    code = "VERIFICATION_FAILED"


class StreamBroken(BuildError):
    """The file that was being sent will not be finished. Ask for it again."""

    code = "STREAM_BROKEN"


class LeaseLost(BuildError):
    """Another worker owns this part now."""

    code = "LEASE_LOST"


class Stopped(SystemExit):
    """This worker has to end now. What it holds is handed back, and the start does not count."""


class NotDelivered(Exception):
    """Nobody took the notice; ``status`` is what the other server answered."""

    def __init__(
        self, message: str, *, status: int | None = None, for_good: bool = False, retry_after: float = 0
    ) -> None:
        super().__init__(message)
        self.status = status
        self.for_good = for_good
        """Whether another attempt would end the same way."""
        self.retry_after = retry_after
        """Seconds after which the other server wants the next attempt, where it says so."""
