"""What people do to schedules. What the asker may not see does not exist for them; only owners change anything."""

import copy
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from exports import service
from exports.conf import conf
from exports.exceptions import BadRequest, Conflict, LeaseLost, ScheduleNotFound, TooManySchedules
from exports.models import ExportRequest, ExportSchedule, ScheduleLog
from exports.models.request import ExportRequestQuerySet, asked_by
from exports.models.schedule import ExportScheduleQuerySet
from exports.types import Idempotency, Principal, ScheduledRun

from .cron import check_pace
from .owner import principal_of
from .recurrence import Recurrence
from .wish import recurrence_of, spec_of

RECURRENCE = ("frequency", "cron", "time_zone")
EDITABLE = (
    *("name", "notify_email", "dialect", "resource", "template", "format", "columns", "filters", "options"),
    *("program_id", "file_name", *RECURRENCE),
)
"""Columns that are the owner's to say."""


def kept_for(principal: Principal) -> ExportScheduleQuerySet:
    """Return the schedules somebody may see, newest first."""
    return ExportSchedule.objects.visible_to(principal).select_related("user", "client", "last_export")


def get(number: int, principal: Principal) -> ExportSchedule:
    """Return one schedule, to be looked at. Raises ScheduleNotFound."""
    return _found(kept_for(principal), number)


def owned(number: int, principal: Principal) -> ExportSchedule:
    """Return one of somebody's own schedules, to be changed. Raises ScheduleNotFound."""
    return _found(ExportSchedule.objects.owned_by(principal).select_related("user", "client", "last_export"), number)


def runs(schedule: ExportSchedule, principal: Principal) -> ExportRequestQuerySet:
    """Return the exports it made, as far as somebody may see them, newest first."""
    return service.exports_for(principal).filter(schedule=schedule)


def create(principal: Principal, **said: Any) -> ExportSchedule:
    """Make a schedule of what somebody said, column by column.

    Raises:
        BadRequest: something in it is wrong, exactly as of an export; the field is named.
        NotAllowed: the caller may not export this.
        TooManySchedules, Conflict: the caller has too many, or one of this name.
    """
    schedule = ExportSchedule(**asked_by(principal), **said)
    recurrence = _checked(schedule, principal)
    schedule.next_run_at = recurrence.next_after(timezone.now())
    with transaction.atomic():
        ExportRequest.objects.admit_one_at_a_time()
        if ExportSchedule.objects.kept().filter(owner=principal.owner).count() >= conf.max_schedules:
            raise TooManySchedules(limit=conf.max_schedules)
        _save(schedule)
        schedule.record(ScheduleLog.Event.CREATED, recurrence.meaning, principal)
    return schedule


def change(schedule: ExportSchedule, principal: Principal, **said: Any) -> ExportSchedule:
    """Change what was said, column by column; a due run that waits is made as the schedule is then.

    Raises:
        BadRequest, NotAllowed, Conflict: as by ``create``; nothing was changed.
    """
    if "resource" in said:
        # Those of another resource; what is not said now is the usual.
        said = {"template": "", "columns": None, **said}
    with transaction.atomic():
        locked = ExportSchedule.objects.kept().select_for_update().filter(pk=schedule.pk).first()
        if locked is None:
            raise ScheduleNotFound
        before = copy.copy(locked)
        for name, value in said.items():
            setattr(locked, name, value)
        if "frequency" in said and "cron" not in said and said["frequency"] != "cron":
            locked.cron = ""
        recurrence = _checked(locked, principal_of(locked))
        changed = [name for name in EDITABLE if getattr(before, name) != getattr(locked, name)]
        if locked.next_run_at is not None and {*changed} & {*RECURRENCE}:
            locked.next_run_at = recurrence.next_after(timezone.now())
        if changed:
            _save(locked, update_fields=[*changed, "next_run_at"])
            locked.record(ScheduleLog.Event.CHANGED, ", ".join(changed), principal)
    return locked


def pause(schedule: ExportSchedule, principal: Principal) -> bool:
    """Have no run follow until it is resumed; False where it is paused already."""
    return schedule.mark_paused("Paused by hand", principal)


def resume(schedule: ExportSchedule, principal: Principal) -> bool:
    """Have its runs follow again; False where they do. Raises BadRequest where nobody can say when."""
    return schedule.mark_resumed(recurrence_of(schedule).next_after(timezone.now()), principal)


def delete(schedule: ExportSchedule, principal: Principal) -> bool:
    """End it for good; its exports stay. False where somebody else did."""
    return schedule.mark_deleted(principal)


def run_now(schedule: ExportSchedule, principal: Principal, idempotency: Idempotency | None = None) -> ExportRequest:
    """Make its export out of turn, paused or not; its next run stays where it is. Raises as ``service.submit``."""
    owner = principal_of(schedule, principal.address)
    spec = spec_of(schedule, owner, ScheduledRun(schedule=schedule.pk))
    try:
        return service.submit(replace(spec, idempotency=idempotency, received_at=timezone.now()))
    except LeaseLost as error:
        # It was deleted at this moment.
        raise ScheduleNotFound from error


def _found(rows: ExportScheduleQuerySet, number: int) -> ExportSchedule:
    found = rows.filter(pk=number).first() if number < 1 << 63 else None
    if found is None:
        raise ScheduleNotFound
    return found


def _checked(schedule: ExportSchedule, principal: Principal) -> Recurrence:
    """Refuse what no run could be made of; name what was left to the template's choice. Raises BadRequest."""
    _check_text(schedule)
    recurrence = recurrence_of(schedule)
    schedule.cron = recurrence.expression if schedule.cron else ""
    check_pace(recurrence.expression, conf.schedule_minutes)
    wish = service.check(spec_of(schedule, principal))
    schedule.template, schedule.format = wish.template.name, wish.format
    return recurrence


def _check_text(schedule: ExportSchedule) -> None:
    schedule.name = schedule.name.strip()
    if not schedule.name or len(schedule.name) > 100 or not schedule.name.isprintable():
        raise BadRequest("Field 'name' must be 1 to 100 characters, none of them a control character.", field="name")
    try:
        if schedule.notify_email:
            validate_email(schedule.notify_email)
    except ValidationError as error:
        raise BadRequest("Field 'notify_email' must be an e-mail address.", field="notify_email") from error


def _save(schedule: ExportSchedule, **how: Any) -> None:
    try:
        with transaction.atomic():
            schedule.save(**how)
    except IntegrityError as error:
        raise Conflict(f"You have a schedule called '{schedule.name}' already.", field="name") from error
