"""What somebody asks for, how it will be made, and how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from .files import Part


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Who asks: a signed-in person, an API client, or both where a client acts for a person."""

    user: Any = None
    client: Any = None
    address: str | None = None
    """Network address, for the log."""


@dataclass(frozen=True, kw_only=True)
class ExportSpec:
    """One wish for an export, whatever dialect it was spoken in."""

    dialect: str
    resource: str
    principal: Principal
    records: bytes
    """The JSON array of records as it was sent."""
    template: str | None = None
    format: str | None = None
    filename: str | None = None
    sheet_name: str | None = None
    source: str = "api"
    """Who asked: one of ``ExportRequest.Source``."""
    filters: Mapping[str, Any] = field(default_factory=dict)
    """What the caller says was filtered; shown and recorded, applied only with the option ``apply_filters``."""
    options: Mapping[str, Any] = field(default_factory=dict)
    program_id: int | None = None
    caller_user_id: str = ""
    """The asking person's id in the calling application."""
    received_at: datetime | None = None


class Strategy(StrEnum):
    """How an export becomes files."""

    SINGLE_FILE = "single_file"
    MULTI_FILE = "multi_file"


class Lane(StrEnum):
    """Which queue serves an export, so that a small one never waits behind a big one."""

    IMMEDIATE = "immediate"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How one export is going to be made."""

    strategy: Strategy
    lane: Lane
    inline: bool
    """Whether the asking process builds the file itself, before it answers."""
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far an export is, in numbers and in words."""

    state: str
    stage: str
    percentage: float
    """0 to 100."""
    records_done: int
    records_total: int
    parts_done: int
    parts_total: int
    seconds_left: float | None
    """None while nothing can be said."""
    queue_position: int | None
    """Exports of the same lane that come first, plus one; None when it does not wait."""
    sentence: str
