"""Schedules in the words of dialect ``jobs``: document 004 names what recurs and how often, and prints no answers."""

from datetime import UTC, datetime
from typing import Annotated, Any, cast, overload

import msgspec
from msgspec import UNSET, UnsetType

from exports import schedules
from exports.api import bodies
from exports.exceptions import BadRequest
from exports.models import ExportSchedule

from . import jobs_schedule_shapes as shapes

Name = Annotated[str, msgspec.Meta(max_length=100)]
"""A word that an answer may repeat."""
Long = Annotated[str, msgspec.Meta(max_length=254)]


class When(msgspec.Struct, kw_only=True):
    """A recurrence somebody thinks of."""

    frequency: Name
    cron: Name | None = None
    time_zone: Name | None = None


class Changes(msgspec.Struct, kw_only=True):
    """What is said of a schedule; what is left out stays, and what is null is the usual."""

    name: Name | UnsetType | None = UNSET
    export_type: Name | UnsetType = UNSET
    export_format: Name | UnsetType | None = UNSET
    template: Name | UnsetType | None = UNSET
    columns: list[Name] | UnsetType | None = UNSET
    filters: dict[str, Any] | list[Any] | UnsetType | None = UNSET
    options: dict[str, Any] | list[Any] | UnsetType | None = UNSET
    limit: int | UnsetType | None = UNSET
    program_id: int | str | UnsetType | None = UNSET
    filename: Long | UnsetType | None = UNSET
    notify_email: Long | UnsetType | None = UNSET
    frequency: Name | UnsetType = UNSET
    cron: Name | UnsetType | None = UNSET
    time_zone: Name | UnsetType | None = UNSET
    data: msgspec.Raw | UnsetType = UNSET
    dataset_id: msgspec.Raw | UnsetType = UNSET


class NewSchedule(Changes, kw_only=True):
    """A request for a schedule."""

    export_type: Name
    frequency: Name


COLUMNS = {
    "name": "name",
    "export_type": "resource",
    "export_format": "format",
    "template": "template",
    "columns": "columns",
    "filename": "file_name",
    "notify_email": "notify_email",
    "frequency": "frequency",
    "cron": "cron",
    "time_zone": "time_zone",
}
"""What is stored under another name than it is said, or as it is said."""
USUAL: dict[str, Any] = {"columns": None, "time_zone": "UTC"}
"""What null stands for, where that is not the empty text."""


def created_of(body: NewSchedule) -> dict[str, Any]:
    """Return the columns of a new schedule. Raises BadRequest."""
    said = changes_of(body, {})
    # Whoever has one schedule of a kind need not think of names.
    kind = (body.export_type, said.get("format", ""), body.frequency)
    return {**said, "name": said.get("name") or " ".join(filter(None, kind))}


def changes_of(body: Changes, filters: dict[str, Any]) -> dict[str, Any]:
    """Return the columns that a body says something of; ``filters`` are those that there are. Raises BadRequest."""
    for name in ("data", "dataset_id"):
        if getattr(body, name) is not UNSET:
            raise BadRequest(f"A schedule reads its records from the source database; leave out '{name}'.", field=name)
    said: dict[str, Any] = {}
    for name, column in COLUMNS.items():
        value = getattr(body, name)
        if value is not UNSET:
            said[column] = USUAL.get(name, "") if value is None else value
    if body.filters is not UNSET:
        said["filters"] = bodies.mapping("filters", body.filters)
    if body.limit is not UNSET:
        others = {name: value for name, value in said.get("filters", filters).items() if name != "limit"}
        said["filters"] = others if body.limit is None else {**others, "limit": body.limit}
    if body.options is not UNSET:
        said["options"] = bodies.mapping("options", body.options)
    if body.program_id is not UNSET:
        said["program_id"] = bodies.whole_number("program_id", body.program_id)
    return said


def told(schedule: ExportSchedule) -> shapes.Schedule:
    """Return a schedule."""
    return {
        "id": schedule.pk,
        "public_id": str(schedule.public_id),
        "name": schedule.name,
        "status": cast(shapes.Status, schedule.state),
        "paused_because": schedule.paused_because or None,
        "export_type": schedule.resource,
        "export_format": schedule.format,
        "template": schedule.template,
        "columns": schedule.columns,
        "filters": schedule.filters,
        "options": schedule.options,
        "program_id": schedule.program_id,
        "filename": schedule.file_name or None,
        "notify_email": schedule.notify_email or None,
        "frequency": cast(shapes.Frequency, schedule.frequency),
        "cron": schedule.cron or None,
        "time_zone": schedule.time_zone,
        "next_run_at": _time(schedule.next_run_at),
        "waiting_because": schedule.waiting_because or None,
        "last_run_at": _time(schedule.last_run_at),
        "last_job_id": schedule.last_export_id,
        "last_job_status": schedule.last_export.state if schedule.last_export else None,
        "consecutive_failures": schedule.failures,
        "warning": schedule.is_failing,
        "error_message": schedule.last_error or None,
        "skipped_runs": schedule.skipped,
        "created_at": _time(schedule.created_at),
    }


def told_in_full(schedule: ExportSchedule, now: datetime) -> shapes.Schedule:
    """Return a schedule with what its recurrence means; nothing of that where it means nothing."""
    try:
        recurrence = schedules.recurrence_of(schedule)
    except BadRequest:
        return {**told(schedule), "meaning": None, "next_runs": []}
    known = foretold(recurrence, now)
    is_active = schedule.next_run_at is not None
    return {**told(schedule), "meaning": known["meaning"], "next_runs": known["next_runs"] if is_active else []}


def foretold(recurrence: schedules.Recurrence, now: datetime) -> shapes.Foretold:
    """Return what a recurrence means, and its next runs in its own zone."""
    return {
        "meaning": recurrence.meaning,
        "next_runs": [run.isoformat(timespec="seconds") for run in recurrence.upcoming(now)],
    }


@overload
def _time(moment: datetime) -> str: ...
@overload
def _time(moment: datetime | None) -> str | None: ...
def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")
