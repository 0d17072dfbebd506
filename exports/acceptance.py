"""From a valid wish to an export that is never lost: admitted, staged, committed with its files and messages.

Everything an accepted export needs is durable in one transaction: its row, its planned files, the key it was asked for
with, and (where the queue lives in the same database) the messages to the workers. What fails before leaves nothing.
"""

import time

from django.db import transaction
from django.utils import timezone

from . import admission, catalogue, dispatch, parts, planning
from .catalogue import Policy
from .conf import conf
from .delivery import names, storage
from .exceptions import Conflict, FileNotFound
from .models import ExportFile, ExportLog, ExportRequest, IdempotencyKey
from .models.request import asked_by
from .models.warnings import entries
from .sources import pushed
from .types import ExportSpec, Lane, Part, Plan, Principal, Strategy
from .validation import ValidSpec


def accept(spec: ExportSpec, wish: ValidSpec, key: IdempotencyKey | None) -> ExportRequest:
    """Read the records, keep them and let the workers know; a small export is built before this returns.

    Raises:
        BadRequest: a record is not valid.
        Busy, StorageFull: no room any more.
        InFlight: the same request was accepted meanwhile.
    """
    started = time.perf_counter()
    table = pushed.read(
        spec.records, wish.fields, limit=wish.policy.max_records, conditions=wish.conditions, sorting=wish.sorting
    )
    read = time.perf_counter()
    plan = planning.plan(
        table.count,
        wish.template.records_per_file,
        wish.policy,
        catalogue.definitions().lanes,
        planning.capacity(wish.format, wish.policy),
    )
    export = _new_export(spec, wish, plan, table.count)
    export.warnings = entries([*wish.warnings, *table.warnings])
    with storage.folder_removed_on_error(export.public_id):
        export.staged_bytes = pushed.stage(table, export.public_id)
    export.timings = {"read": round(read - started, 4), "stage": round(time.perf_counter() - read, 4)}
    _commit(export, plan, wish.policy, spec.principal, key)
    if plan.inline:
        dispatch.run_here(dispatch.RUN_EXPORT, export.pk)
        export.refresh_from_db()
    return export


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
        storage.share_staged(export.public_id, again.public_id)
    except FileNotFound as error:
        raise Conflict("The records of this export are not kept any more.", state=export.state) from error
    _commit(again, plan, catalogue.policy(again.dialect), principal, None)
    export.record(ExportLog.Event.RETRIED, f"Asked for again as {again.public_id}", principal)
    return again


def resume(export: ExportRequest, principal: Principal) -> bool:
    """Send a failed export to the workers again, for what is missing; False where it cannot be resumed.

    Raises:
        Busy, StorageFull: no room; it stays failed.
    """
    with transaction.atomic():
        _admit(export, catalogue.policy(export.dialect), inline=False)
        if not export.mark_resumed(principal):
            return False
        _send(export, export.parts_total - export.parts_done)
    return True


def _commit(
    export: ExportRequest, plan: Plan, policy: Policy, principal: Principal, key: IdempotencyKey | None
) -> None:
    with transaction.atomic(), storage.folder_removed_on_error(export.public_id):
        _admit(export, policy, inline=plan.inline)
        export.save()
        ExportFile.objects.bulk_create(parts.new_files(export, plan.parts))
        if key is not None:
            key.bind(export)
        export.record(ExportLog.Event.INITIATED, f"{export.record_count:,} records as {export.format}", principal)
        if not plan.inline:
            export.mark_queued()
            _send(export, len(plan.parts))


def _admit(export: ExportRequest, policy: Policy, *, inline: bool) -> None:
    ExportRequest.objects.admit_one_at_a_time()
    admission.check(export.owner, policy, export.reserved_bytes, waits=not inline)


def _send(export: ExportRequest, parts: int) -> None:
    for _ in range(max(min(parts, conf.parallel_parts), 1)):
        dispatch.enqueue(dispatch.TAKE_TURN, export.pk, lane=export.lane)


def _new_export(spec: ExportSpec, wish: ValidSpec, plan: Plan, count: int) -> ExportRequest:
    now = spec.received_at or timezone.now()
    single = wish.file_name or names.default_filename(wish.resource.name, wish.template.name, now.date(), wish.format)
    return ExportRequest(
        dialect=spec.dialect,
        catalogue=wish.resource.catalogue,
        resource=wish.resource.name,
        template=wish.template.name,
        format=wish.format,
        columns=[column.name for column in wish.template.columns],
        filters=dict(spec.filters),
        options=dict(spec.options),
        program_id=spec.program_id,
        file_name=single if len(plan.parts) == 1 else names.archive_filename(wish.resource.name),
        custom_file_name=wish.file_name is not None,
        sheet_name=wish.sheet_name,
        source=spec.source,
        **asked_by(spec.principal),
        caller_user_id=spec.caller_user_id,
        strategy=plan.strategy,
        lane=plan.lane,
        record_count=count,
        parts_total=len(plan.parts),
        reserved_bytes=admission.reserve(len(spec.records)),
        created_at=now,
    )
