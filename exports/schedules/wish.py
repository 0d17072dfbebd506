"""What a schedule asks for, and when: its columns as the values that the service and the recurrence know."""

from exports.models import ExportRequest, ExportSchedule
from exports.types import ExportSpec, Principal, ScheduledRun

from .recurrence import Recurrence, recurrence


def spec_of(schedule: ExportSchedule, principal: Principal, run: ScheduledRun | None = None) -> ExportSpec:
    """Return its wish; nobody waits for it."""
    return ExportSpec(
        dialect=schedule.dialect,
        resource=schedule.resource,
        principal=principal,
        template=schedule.template or None,
        columns=None if schedule.columns is None else tuple(schedule.columns),
        format=schedule.format or None,
        in_background=True,
        filename=schedule.file_name or None,
        source=ExportRequest.Source.SCHEDULE,
        filters=schedule.filters,
        options=schedule.options,
        program_id=schedule.program_id,
        notify_email=schedule.notify_email,
        run=run,
    )


def recurrence_of(schedule: ExportSchedule) -> Recurrence:
    """Return when it comes. Raises BadRequest where its columns say nothing."""
    return recurrence(schedule.frequency, schedule.cron, schedule.time_zone)
