"""What somebody asks for, how it will be made, and how far it is."""

import uuid
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
    name: str = ""
    """What the log calls somebody who is neither a person nor a client."""

    @property
    def email(self) -> str:
        """Address of the person who asks, or is acted for; empty where none is known."""
        person = self.user or getattr(self.client, "user", None)
        return str(getattr(person, "email", "") or "")

    @property
    def owner(self) -> str:
        """Whose exports these are where limits and shares are counted: the client's, else the person's."""
        if self.client is not None:
            # Its key would be the whole hash.
            return f"client {self.client.prefix}"
        return f"user {self.user.pk}" if self.user is not None else ""

    @property
    def may_export_sensitive(self) -> bool:
        """Whether it gets sensitive values: a client by its own right, for whomever it acts, else the person.

        Who is neither sits at the machine, where the values are.
        """
        if self.client is not None:
            return bool(self.client.export_sensitive)
        return self.user is None or bool(self.user.is_active and self.user.has_perm("exports.export_sensitive"))


@dataclass(frozen=True, kw_only=True)
class Idempotency:
    """How a request that is sent twice is known to be the same."""

    key: str
    """Chosen by the caller; each caller's are its own."""
    fingerprint: str
    """SHA-256 of the request: a key stands for one only."""
    seconds: float | None = None
    """How long it is remembered; None for as long as the export is kept."""


@dataclass(frozen=True, kw_only=True)
class ScheduledRun:
    """The schedule that an export is a run of."""

    schedule: int
    """Its key."""
    claim: uuid.UUID | None = None
    """What whoever asks for a due run must hold, so that one export is made of it; None for a run out of turn."""


@dataclass(frozen=True, kw_only=True)
class ExportSpec:
    """One wish for an export, whatever dialect it was spoken in."""

    dialect: str
    resource: str
    principal: Principal
    records: bytes | None = None
    """The JSON array of records as it was sent; without it, they are read from an upload or the source database."""
    dataset: uuid.UUID | None = None
    """The upload that has the records."""
    template: str | None = None
    template_version: int | None = None
    """Row of the version of a custom template that was chosen before; without it, the newest of that name."""
    hides_sensitive: bool | None = None
    """What was decided before about sensitive values; without it, the right of whoever asks counts."""
    columns: tuple[str, ...] | None = None
    """Names of the fields to export, in order; without them, those of the template."""
    format: str | None = None
    in_background: bool = False
    """Whether the caller will not wait, however quick it would be."""
    filename: str | None = None
    sheet_name: str | None = None
    source: str = "api"
    """Who asked: one of ``ExportRequest.Source``."""
    filters: Mapping[str, Any] = field(default_factory=dict)
    """What is wanted of the source database. Of records that were sent or uploaded, what was filtered already: shown
    and recorded, applied only with the option ``apply_filters``."""
    options: Mapping[str, Any] = field(default_factory=dict)
    program_id: int | None = None
    caller_user_id: str = ""
    """The asking person's id in the calling application."""
    notify: bool | None = None
    """Whether somebody is told by e-mail when it has ended; None: where ``notify_email`` says who."""
    notify_email: str = ""
    """Who that is; empty for the person who asks or is acted for."""
    notify_field: str = "notify_email"
    """What the caller calls ``notify_email``."""
    received_at: datetime | None = None
    idempotency: Idempotency | None = None
    run: ScheduledRun | None = None

    @property
    def shows_sensitive(self) -> bool:
        """Whether sensitive values are written, sorted and filtered by."""
        return self.principal.may_export_sensitive if self.hides_sensitive is None else not self.hides_sensitive


class Strategy(StrEnum):
    """How an export becomes files."""

    SINGLE_FILE = "single_file"
    COMPRESSED = "compressed"
    """A single file inside gzip."""
    MULTI_FILE = "multi_file"
    STREAMING = "streaming"
    """A single file of whatever size, never inside gzip, that leaves while it is made."""


class Lane(StrEnum):
    """Which queue serves an export, so that a small one never waits behind a big one."""

    IMMEDIATE = "immediate"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


@dataclass(frozen=True, kw_only=True)
class Cut:
    """How a template and whoever asks want an export to become files; None where the policy decides."""

    records_per_file: int
    """The template's own number, which the policy adapts to the count."""
    most_in_single: int | None = None
    """Records that the template wants in a single file at most."""
    strategy: Strategy | None = None
    chunk_size: int | None = None
    """Records a file holds where there are several."""
    packed: bool | None = None
    """Whether a single file is put inside gzip."""


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
    """``data_retrieval``, ``processing``, ``file_generation``, ``verification`` or ``compression``."""
    percentage: float
    """0 to 100; 100 when it is completed, not before."""
    records_done: int
    records_total: int
    parts_done: int
    parts_total: int
    part: int
    """Number of the file that is being made."""
    records_per_second: float | None = None
    """As they are being written; None while nobody writes, or nothing was measured."""
    seconds_left: float | None = None
    """Until it is completed, with the wait; more than 0; None when it has ended, or nothing can be said."""
    estimated_completion: datetime | None = None
    queue_position: int | None = None
    """Exports of the same lane that begin before it, plus one; None when it does not wait."""
    starts_in: float | None = None
    """Seconds until a worker takes it up, for the first time or again; 0 while one is at work; None at the end."""
    heartbeat_age: float | None = None
    """Seconds since a worker was last heard of; None while none has taken it up."""
    is_stale: bool = False
    """Whether its worker has been silent for longer than its lease: another will take over."""
    sentence: str = ""
    note: str = ""
    """What somebody who waits wants to know, in few words; empty when there is nothing to say."""
