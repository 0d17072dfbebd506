"""What a dialect has to say for the shared views to speak it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

import msgspec

from exports.exceptions import ExportError
from exports.models import ExportRequest
from exports.service import Estimate
from exports.types import ExportSpec, Principal

Json = dict[str, Any]


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
