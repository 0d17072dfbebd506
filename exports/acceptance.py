"""From a valid wish to an export that is never lost: admitted, staged, committed with its files and messages.

Everything an accepted export needs is durable in one transaction: its row, its planned files, the key it was asked for
with, and (where the queue lives in the same database) the messages to the workers. What fails before leaves nothing.
"""

import time
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from . import admission, dispatch, parts, reading
from .delivery import names, storage
from .engine import shape
from .exceptions import Conflict, FileNotFound
from .models import Dataset, ExportFile, ExportLog, ExportRequest, ExportSchedule, IdempotencyKey
from .models.request import asked_by
from .models.warnings import entries
from .series import series, since_last_run
from .sources import pushed, staging
from .types import ExportSpec, Lane, Part, Plan, Principal, ScheduledRun, Strategy
from .validation import ValidSpec


def accept(
    spec: ExportSpec, wish: ValidSpec, key: IdempotencyKey | None, dataset: Dataset | None = None
) -> ExportRequest:
    """Keep the records, or where they are, and let the workers know; a small export is built before this returns.

    Raises:
        BadRequest: a record is not valid.
        SourceMismatch: the source database lacks a column.
        Busy, StorageFull: no room any more, or the source database is away.
        InFlight: the same request was accepted meanwhile.
        LeaseLost: somebody else has asked for the same run of a schedule, or it is not wanted any more.
    """
    followed = series(spec, wish) if wish.covers_everything else ""
    wish = since_last_run(spec, wish)
    if spec.records is not None:
        export, plan = _with_records(spec.records, spec, wish)
    else:
        export, plan = _without_records(spec, wish, dataset)
    export.series = followed
    if spec.in_background:
        plan = replace(plan, inline=False)
    _commit(export, plan, spec.principal, key, spec.run)
    if plan.inline:
        dispatch.run_here(dispatch.RUN_EXPORT, export.pk)
        export.refresh_from_db()
    return export


def _with_records(records: bytes, spec: ExportSpec, wish: ValidSpec) -> tuple[ExportRequest, Plan]:
    started = time.perf_counter()
    chosen = reading.Chosen(wish)
    table = chosen.of(pushed.read(records, wish.fields, limit=wish.policy.max_records))
    table = shape.first(shape.order(table, wish.sorting, wish.fields), wish.limit)
    read = time.perf_counter()
    plan = reading.plan_of(wish, table.count)
    export = _new_export(spec, wish, plan, table.count)
    with storage.folder_removed_on_error(export.public_id):
        staged = staging.stage([table], export.public_id)
    export.staged, export.staged_bytes = staged.name, staged.size
    export.warnings = entries([*wish.warnings_of(table.count), *table.warnings])
    export.reserved_bytes = admission.reserve(len(records))
    export.newest_change, export.unchanged_count = chosen.newest, chosen.unchanged if wish.since else None
    export.timings = {"read": round(read - started, 4), "stage": round(time.perf_counter() - read, 4)}
    return export, plan


def _without_records(spec: ExportSpec, wish: ValidSpec, dataset: Dataset | None) -> tuple[ExportRequest, Plan]:
    """Accept an export whose records a worker reads; of how many there are, the lane and the wait follow."""
    count = reading.expected(wish, dataset)
    plan = reading.plan_of(wish, count)
    export = _new_export(spec, wish, plan, count)
    export.origin = export.Origin.DATASET if dataset else export.Origin.DATABASE
    export.dataset = dataset
    # Whether it is packed follows from the records that are really there.
    export.format = wish.format
    export.warnings = entries(wish.warnings_of(count))
    export.reserved_bytes = admission.reserve(count * len(wish.fields) * admission.VALUE_BYTES)
    return export, plan


def accept_again(export: ExportRequest, principal: Principal) -> ExportRequest:
    """Accept a failed export once more, as an export of its own that points to it and has the same records.

    Raises:
        Conflict: it did not fail, or its records are not kept any more.
        Busy, StorageFull: no room.
    """
    if export.state != export.State.FAILED:
        raise Conflict(f"The export is {export.state}; only a failed one can be asked for again.", state=export.state)
    again = export.asked_again(principal, now=timezone.now())
    cut = tuple(
        Part(number=part.number, first_row=part.first_row, last_row=part.last_row) for part in export.files.parts()
    )
    plan = Plan(strategy=Strategy(again.strategy), lane=Lane(again.lane), inline=False, parts=cut)
    try:
        if not export.is_unread:
            storage.share_staged(export.public_id, again.public_id, export.staged)
    except FileNotFound as error:
        raise Conflict("The records of this export are not kept any more.", state=export.state) from error
    _commit(again, plan, principal, None)
    export.record(ExportLog.Event.RETRIED, f"Asked for again as {again.public_id}", principal)
    return again


def resume(export: ExportRequest, principal: Principal) -> bool:
    """Send a failed export to the workers again, for what is missing; False where it cannot be resumed.

    Raises:
        Busy, StorageFull: no room; it stays failed.
    """
    with transaction.atomic():
        _admit(export, inline=False)
        if not export.mark_resumed(principal):
            return False
        _send(export)
    return True


def _commit(
    export: ExportRequest, plan: Plan, principal: Principal, key: IdempotencyKey | None, run: ScheduledRun | None = None
) -> None:
    with transaction.atomic(), storage.folder_removed_on_error(export.public_id):
        _admit(export, inline=plan.inline)
        export.save()
        if not export.is_unread:
            ExportFile.objects.bulk_create(parts.new_files(export, plan.parts))
        if key is not None:
            key.bind(export)
        if run is not None:
            ExportSchedule.objects.begin_run(run, export, principal)
        export.record(ExportLog.Event.INITIATED, f"{export.record_count:,} records as {export.format}", principal)
        if not plan.inline:
            export.mark_queued()
            _send(export)


def _admit(export: ExportRequest, *, inline: bool) -> None:
    ExportRequest.objects.admit_one_at_a_time()
    admission.check(export.owner, export.dialect, export.reserved_bytes, waits=not inline)


def _send(export: ExportRequest) -> None:
    """Send it to the workers: to one while its records are to be read or only the last step is left."""
    parts = 1 if export.is_unread else export.parts_total - export.parts_done
    dispatch.send_turns(export.pk, export.lane, parts=max(parts, 1))


def _new_export(spec: ExportSpec, wish: ValidSpec, plan: Plan, count: int) -> ExportRequest:
    now = spec.received_at or timezone.now()
    format = reading.format_of(wish, plan)
    default = names.default_filename(wish.policy.file_name, wish.resource.name, wish.template.name, now.date(), format)
    single = names.packed_filename(wish.file_name, format) if wish.file_name else default
    return ExportRequest(
        dialect=spec.dialect,
        catalogue=wish.resource.catalogue,
        resource=wish.resource.name,
        template=wish.template.name,
        template_version_id=wish.template.custom,
        format=format,
        columns=[column.name for column in wish.columns],
        hides_sensitive=not spec.shows_sensitive,
        masked=list(wish.masked),
        changed_since=wish.since,
        filters=dict(spec.filters),
        options=dict(spec.options),
        program_id=spec.program_id,
        file_name=single if len(plan.parts) == 1 else names.archive_filename(wish.resource.name),
        custom_file_name=wish.file_name is not None,
        sheet_name=wish.sheet_name,
        source=spec.source,
        schedule_id=spec.run.schedule if spec.run else None,
        **asked_by(spec.principal),
        caller_user_id=spec.caller_user_id,
        notify_email=spec.notify_email,
        archive=wish.archive,
        retention_hours=wish.retention_hours,
        strategy=plan.strategy,
        lane=plan.lane,
        record_count=count,
        parts_total=len(plan.parts),
        created_at=now,
    )
