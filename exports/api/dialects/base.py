"""What a dialect has to say for the shared views to speak it, and what is in the answers of more than one.

Answers are typed (``*_shapes.py``): the same types keep the code to its word (mypy) and become the schemas of the API's
reference.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, NotRequired, TypedDict

import msgspec
from msgspec import Meta

from exports.exceptions import ExportError
from exports.models import ExportRequest
from exports.service import Estimate
from exports.types import ExportSpec, Principal

Json = Mapping[str, object]

Id = Annotated[str, Meta(extra_json_schema={"format": "uuid"})]
RequestId = Annotated[str, Meta(description="The number of the request, as in `X-Request-Id` and the log.")]
Moment = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Address = Annotated[str, Meta(description="A path of this server.")]
Link = Annotated[str, Meta(extra_json_schema={"format": "uri"})]
Bytes = Annotated[int, Meta(description="Bytes.", extra_json_schema={"minimum": 0})]
Count = Annotated[int, Meta(extra_json_schema={"minimum": 0})]
Number = Annotated[int, Meta(description="Counted from 1.", extra_json_schema={"minimum": 1})]
Seconds = Annotated[float, Meta(description="Seconds.", extra_json_schema={"minimum": 0})]
Percentage = Annotated[float, Meta(extra_json_schema={"minimum": 0, "maximum": 100})]
Share = Annotated[str, Meta(description="What packing saves of the content.", extra_json_schema={"pattern": "%$"})]
Sha256 = Annotated[str, Meta(extra_json_schema={"pattern": "^[0-9a-f]{64}$"})]
RecordRange = Annotated[str, Meta(description="First and last record, such as 1-2000.")]
ErrorCode = Annotated[str, Meta(description="A stable word for programs.")]
Details = Annotated[dict[str, Any], Meta(description="What the error is about: `field`, `row`, `allowed` and others.")]


class Warning(TypedDict):
    """What could not be written as it came."""

    code: str
    column: str
    count: Count
    rows: Annotated[list[int], Meta(description="The first ten records, counted from 1.")]
    detail: NotRequired[str]


class Dialect(ABC):
    """One published contract."""

    name: ClassVar[str]
    """Its table in ``policies.toml``."""
    body: ClassVar[type[msgspec.Struct]]
    """The fields of a request for an export."""
    sends_files: ClassVar[bool] = False
    """Whether the answer to a request is the file itself, where that is ready in time."""
    statuses: ClassVar[Mapping[type[ExportError], int]] = {}
    """HTTP statuses of errors where its clients know another than the usual one."""

    @abstractmethod
    def spec(self, body: Any, principal: Principal, received: datetime, **path: str) -> ExportSpec:
        """Return the wish that a request body and its path express."""

    def tried(self, body: Any, estimate: Callable[[], Estimate]) -> Json | None:
        """Return the answer to a request that only wants to know what would come of it; None for any other."""
        return None

    @abstractmethod
    def created(self, export: ExportRequest, request_id: str) -> tuple[int, Json]:
        """Return HTTP status and body for an export that was just asked for."""

    @abstractmethod
    def status(self, export: ExportRequest, request_id: str) -> Json:
        """Return the body that says how far an export is."""

    @abstractmethod
    def address(self, export: ExportRequest) -> str:
        """Return the path where the status of an export is told."""

    @abstractmethod
    def error(self, error: ExportError, status: int, request_id: str) -> Json:
        """Return the body for an error."""
