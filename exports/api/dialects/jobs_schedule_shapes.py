"""The shapes of schedules in dialect ``jobs``; document 004 prints none."""

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from msgspec import Meta

from .base import Count, Id, Moment, Number
from .jobs_shapes import Pages

Status = Literal["active", "paused", "deleted"]
Frequency = Literal["hourly", "daily", "weekly", "monthly", "cron"]
NextRuns = Annotated[list[str], Meta(description="The next five, with the offset of their own zone.")]


class Schedule(TypedDict):
    """An export that is made again and again."""

    id: Number
    public_id: Id
    name: str
    status: Status
    paused_because: str | None
    export_type: str
    export_format: str
    template: str
    columns: list[str] | None
    filters: dict[str, Any]
    options: dict[str, Any]
    program_id: int | None
    filename: str | None
    notify_email: str | None
    frequency: Frequency
    cron: str | None
    time_zone: str
    next_run_at: Moment | None
    waiting_because: str | None
    last_run_at: Moment | None
    last_job_id: Number | None
    last_job_status: str | None
    consecutive_failures: Count
    warning: bool
    error_message: str | None
    skipped_runs: Count
    created_at: Moment
    meaning: NotRequired[str | None]
    next_runs: NotRequired[NextRuns]


class ScheduleList(TypedDict):
    """A page of schedules, newest first."""

    success: Literal[True]
    data: list[Schedule]
    pagination: Pages


class OneSchedule(TypedDict):
    """A schedule with what its recurrence means."""

    success: Literal[True]
    data: Schedule


class Foretold(TypedDict):
    """What a recurrence means."""

    meaning: str
    next_runs: NextRuns


class SchedulePreview(TypedDict):
    """What a recurrence would mean."""

    success: Literal[True]
    data: Foretold


class EndedData(TypedDict):
    """What was ended."""

    id: Number
    status: Literal["deleted"]


class ScheduleEnded(TypedDict):
    """No run follows; the exports it made stay."""

    success: Literal[True]
    data: EndedData
