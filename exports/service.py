"""Everything that may be asked for: the front door of every API, page, schedule and command.

``submit`` validates, plans, stages, commits and enqueues; nothing is kept of a request that is refused. The other
functions look an export up *for somebody*: what the asker may not see does not exist for them.
"""

import time
import uuid

from django.db import transaction
from django.utils import timezone

from . import catalogue, dispatch, parts, planning
from .catalogue import Policy
from .conf import conf
from .delivery import names, storage
from .exceptions import BadRequest, Busy, FileNotFound, NotAllowed, NotFound
from .models import ExportFile, ExportLog, ExportRequest
from .models.log import actor_name
from .models.request import ExportRequestQuerySet
from .models.warnings import entries
from .progress import progress
from .sources import pushed
from .types import ExportSpec, OpenedFile, Plan, Principal
from .validation import ValidSpec, validate

__all__ = ["cancel", "exports_for", "get_export", "open_file", "progress", "reason", "submit", "wait"]

WAIT_FIRST, WAIT_LONGEST = 0.01, 0.25
"""Seconds between two looks at an export that is waited for."""


def submit(spec: ExportSpec) -> ExportRequest:
    """Accept an export and see to it that it is made.

    A small one is finished when this returns (or failed: look at its state); a larger one is on its way to the workers.

    Raises:
        BadRequest: something in the request is wrong; nothing was kept.
        NotAllowed: the client may not export this program.
        Busy, StorageFull: try again later; nothing was kept.
    """
    started = time.perf_counter()
    wish = validate(spec)
    _admit(spec, wish.policy)
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
    try:
        export.staged_bytes = pushed.stage(table, export.public_id)
        export.timings = {"read": round(read - started, 4), "stage": round(time.perf_counter() - read, 4)}
        _commit(export, plan, wish.policy, spec.principal)
    except BaseException:
        storage.remove_folder(export.public_id)
        raise
    if plan.inline:
        dispatch.run_here(dispatch.RUN_EXPORT, export.pk)
        export.refresh_from_db()
    return export


def reason(body: bytes, error: Exception) -> BadRequest:
    """Return what is wrong with a JSON body that its decoder refused with ``error``; row and field are named."""
    return pushed.reason(body, error)


def wait(export: ExportRequest, seconds: float) -> ExportRequest:
    """Return the export as soon as it has ended, or as it stands after so many seconds."""
    started = time.monotonic()
    deadline, pause = started + seconds, WAIT_FIRST
    while export.is_active and time.monotonic() < deadline:
        time.sleep(min(pause, max(deadline - time.monotonic(), 0)))
        # A caller waits a twentieth longer than it must, and the database is asked four times a second at most.
        pause = min(max((time.monotonic() - started) / 20, WAIT_FIRST), WAIT_LONGEST)
        export.refresh_from_db(fields=["state"])
    export.refresh_from_db()
    return export


def exports_for(principal: Principal) -> ExportRequestQuerySet:
    """Return the exports somebody may see, newest first."""
    return ExportRequest.objects.visible_to(principal).select_related("user", "client").prefetch_related("files")


def get_export(public_id: uuid.UUID, principal: Principal) -> ExportRequest:
    """Return one export.

    Raises:
        NotFound: there is none, or it is somebody else's; the answer is the same.
    """
    try:
        return exports_for(principal).get(public_id=public_id)
    except ExportRequest.DoesNotExist as error:
        raise NotFound from error


def open_file(
    export: ExportRequest,
    principal: Principal,
    *,
    number: int | None = None,
    archive: bool = False,
    look_only: bool = False,
) -> OpenedFile:
    """Open a file of an export: part ``number``, the archive, or (with neither) the archive where there is one.

    The download is logged and counted before the first byte leaves, a refused one too; a look at what would be sent
    (``look_only``) is not.

    Raises:
        NotFound: the export has expired or is not finished.
        FileNotFound: it has no such file.
    """
    if not export.is_downloadable:
        export.record(ExportLog.Event.DENIED, f"The export is {export.state}", principal)
        raise NotFound
    file = _pick(export, number, archive)
    opened = storage.open_file(file.key)
    if not look_only:
        export.record(ExportLog.Event.DOWNLOADED, file.name, principal, file=file.pk, size=file.size)
        file.count_download()
    name = export.file_name if file.of == 1 and file.kind == ExportFile.Kind.PART else file.name
    return OpenedFile(file=opened, name=name, size=file.size, media_type=names.media_type(name))


def cancel(export: ExportRequest, principal: Principal) -> bool:
    """Stop an export that is waiting or being made; False when it had ended already."""
    if not export.mark_cancelled(principal):
        return False
    storage.remove_folder(export.public_id)
    return True


def _admit(spec: ExportSpec, policy: Policy) -> None:
    client = spec.principal.client
    if client is not None and not client.may_export(spec.program_id):
        raise NotAllowed("This client may not export the records of this program.", field="program_id")
    # Asked again where it counts, when the export is saved; a full house should not read the records first.
    _check_room(spec.dialect, policy)


def _check_room(dialect: str, policy: Policy) -> None:
    if policy.max_concurrent is not None and not ExportRequest.objects.has_room(dialect, policy.max_concurrent):
        raise Busy(limit=policy.max_concurrent)


def _new_export(spec: ExportSpec, wish: ValidSpec, plan: Plan, count: int) -> ExportRequest:
    now = spec.received_at or timezone.now()
    user = spec.principal.user or (spec.principal.client.user if spec.principal.client else None)
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
        user=user,
        client=spec.principal.client,
        requester=actor_name(spec.principal),
        caller_user_id=spec.caller_user_id,
        strategy=plan.strategy,
        lane=plan.lane,
        record_count=count,
        parts_total=len(plan.parts),
        created_at=now,
        expires_at=None,
    )


def _commit(export: ExportRequest, plan: Plan, policy: Policy, principal: Principal) -> None:
    with transaction.atomic():
        ExportRequest.objects.admit_one_at_a_time(export.dialect)
        _check_room(export.dialect, policy)
        export.save()
        ExportFile.objects.bulk_create(parts.new_files(export, plan.parts))
        export.record(ExportLog.Event.INITIATED, f"{export.record_count:,} records as {export.format}", principal)
        if not plan.inline:
            export.mark_queued()
            for _ in range(min(len(plan.parts), conf.parallel_parts)):
                dispatch.enqueue(dispatch.RUN_EXPORT, export.pk, lane=plan.lane)


def _pick(export: ExportRequest, number: int | None, archive: bool) -> ExportFile:
    files = export.files.ready()
    if number is not None:
        found = files.parts().filter(number=number).first()
    elif archive or len(export.files.all()) > 1:
        found = files.filter(kind=ExportFile.Kind.ARCHIVE).first()
    else:
        found = files.first()
    if found is None:
        raise FileNotFound(**({} if number is None else {"number": number}))
    return found
