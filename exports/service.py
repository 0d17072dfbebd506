"""Everything that may be asked for: the front door of every API, page, schedule and command.

``submit`` validates, plans, stages, commits and enqueues; nothing is kept of a request that is refused. The other
functions look an export up *for somebody*: what the asker may not see does not exist for them.
"""

import hashlib
import time
import uuid
from dataclasses import replace

import msgspec

from . import acceptance, admission, estimates
from .admission import Allowance, allowance
from .delivery import storage
from .downloads import bearer, link, linked_stream, open_file, open_link, stream_link
from .estimates import Estimate, Preview, Statistics
from .exceptions import BadRequest, Conflict, NotAllowed, NotFound
from .models import Dataset, ExportRequest, IdempotencyKey
from .models.request import ExportRequestQuerySet
from .overview import LaneLoad, Totals, queue, totals
from .progress import progress, progress_of
from .sources import pushed
from .streams import open_stream
from .types import ExportSpec, Idempotency, Principal
from .validation import ValidSpec, recipient_of, validate

__all__ = [
    "Allowance",
    "Estimate",
    "LaneLoad",
    "Preview",
    "Statistics",
    "Totals",
    "allowance",
    "bearer",
    "cancel",
    "check",
    "check_body",
    "delete",
    "estimate",
    "expected_size",
    "exports_for",
    "get_export",
    "get_export_by_number",
    "link",
    "linked_stream",
    "open_file",
    "open_link",
    "open_stream",
    "preview",
    "progress",
    "progress_of",
    "queue",
    "reason",
    "resume",
    "retry",
    "statistics",
    "stream_link",
    "submit",
    "totals",
    "wait",
]

WAIT_FIRST, WAIT_LONGEST = 0.01, 0.25
"""Seconds between two looks at an export that is waited for."""
DUPLICATE_SECONDS = 60.0
"""For how long a request by a person is taken for another click on the same button."""


def submit(spec: ExportSpec) -> ExportRequest:
    """Accept an export and see to it that it is made.

    A small one is finished when this returns (or failed: look at its state); a larger one is on its way to the workers.
    The same request again, known by its key, returns the export that was made of the first; a person need not send one.

    Raises:
        BadRequest: something in the request is wrong; nothing was kept.
        NotAllowed: the client may not export this program.
        Busy, StorageFull: try again later; nothing was kept.
        InFlight, KeyReused: the key belongs to a request that is being accepted, or to another one.
        LeaseLost: it is the run of a schedule, and somebody else has asked for it, or nobody wants it any more.
    """
    wish = check(spec)
    spec = replace(spec, notify_email=recipient_of(spec))
    asked = spec.idempotency or (_same_click(spec) if spec.source == ExportRequest.Source.PORTAL else None)
    if asked is None:
        return _accept(spec, wish, None)
    key = IdempotencyKey.objects.reserve(spec.principal.owner, asked)
    if key.export is not None:
        return key.export
    try:
        return _accept(spec, wish, key)
    except BaseException:
        key.free()
        raise


def check(spec: ExportSpec) -> ValidSpec:
    """Return what a wish means, its names resolved; neither the source database nor the queue is asked.

    Raises:
        BadRequest: something in the request is wrong, or mail may not go where it asks for it.
        NotAllowed: the client may not export this program.
    """
    wish = validate(spec)
    recipient_of(spec)
    client = spec.principal.client
    if client is not None and not client.may_export(spec.program_id):
        raise NotAllowed("This client may not export the records of this program.", field="program_id")
    return wish


def estimate(spec: ExportSpec) -> Estimate:
    """Return how large the export would be and how long it would take; nothing is kept. Raises as ``submit``."""
    wish = check(spec)
    return estimates.estimate(wish, spec, _dataset(spec, wish))


def preview(spec: ExportSpec, rows: int = estimates.PREVIEW_ROWS) -> Preview:
    """Return the first records as the file would show them; nothing is kept. Raises as ``submit``."""
    wish = check(spec)
    return estimates.preview(wish, spec, _dataset(spec, wish), rows)


def statistics(spec: ExportSpec) -> Statistics:
    """Return what records the source database has, filtered as the export would be. Raises as ``submit``."""
    return estimates.statistics(check(spec), spec)


def expected_size(export: ExportRequest) -> int:
    """Return the bytes that the files of an export will take, as far as can be told."""
    return estimates.size(export.resource, export.template, export.format, len(export.columns), export.record_count)


def check_body(body: bytes) -> None:
    """Refuse a JSON body that is nested too deeply, or holds far too much, before it is decoded. Raises BadRequest."""
    pushed.check(body)


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
    return (
        ExportRequest.objects.visible_to(principal)
        .select_related("user", "client", "template_version")
        .prefetch_related("files", "notices")
    )


def get_export(public_id: uuid.UUID, principal: Principal) -> ExportRequest:
    """Return one export.

    Raises:
        NotFound: there is none, or it is somebody else's; the answer is the same.
    """
    try:
        return exports_for(principal).get(public_id=public_id)
    except ExportRequest.DoesNotExist as error:
        raise NotFound from error


def get_export_by_number(number: int, principal: Principal) -> ExportRequest:
    """Return one export by the number that dialect ``jobs`` knows it by. Raises NotFound, as ``get_export``."""
    found = exports_for(principal).filter(pk=number).first() if number < 1 << 63 else None
    if found is None:
        raise NotFound
    return found


def cancel(export: ExportRequest, principal: Principal) -> bool:
    """Stop an export that is waiting or being made; False when it had ended already."""
    if not export.mark_cancelled(principal):
        return False
    storage.remove_folder(export.public_id)
    return True


def resume(export: ExportRequest, principal: Principal) -> None:
    """Have a failed export finished: files that are ready are kept, what is missing gets all its starts again.

    Raises:
        Conflict: it did not fail, or its records are not kept any more.
        Busy, StorageFull: try again later.
    """
    if not acceptance.resume(export, principal):
        export.refresh_from_db(fields=["state"])
        failed = export.state == export.State.FAILED
        why = "its records are not kept any more" if failed else f"it is {export.state}"
        raise Conflict(f"The export cannot be resumed: {why}.", state=export.state)


def retry(export: ExportRequest, principal: Principal) -> ExportRequest:
    """Ask for a failed export again; the new one points to it and has an id, files and a history of its own.

    Raises:
        Conflict: it did not fail, or its records are not kept any more.
        Busy, StorageFull: try again later.
    """
    return acceptance.accept_again(export, principal)


def delete(export: ExportRequest, principal: Principal) -> bool:
    """Delete what an export has stored, now; its history stays, and one under way is cancelled.

    False when nothing was left. What a worker is just writing goes when it notices.
    """
    _ = export.mark_cancelled(principal) or export.mark_expired(principal)
    # A failed one that is being resumed at this moment has won.
    if not export.mark_unstaged():
        return False
    storage.remove_folder(export.public_id)
    return export.mark_files_deleted(principal)


def _dataset(spec: ExportSpec, wish: ValidSpec) -> Dataset | None:
    """Return the upload that has the records. Raises NotFound, BadRequest, Conflict, as ``to_export``."""
    if spec.dataset is None:
        return None
    return Dataset.objects.to_export(spec.dataset, spec.principal, wish.resource.catalogue, wish.resource.name)


def _accept(spec: ExportSpec, wish: ValidSpec, key: IdempotencyKey | None) -> ExportRequest:
    # Asked again where it counts, when the export is saved; a full house should not read the records first.
    admission.check(spec.principal.owner, spec.dialect, admission.reserve(len(spec.records or b"")), waits=False)
    return acceptance.accept(spec, wish, key, _dataset(spec, wish))


def _same_click(spec: ExportSpec) -> Idempotency:
    """Return what makes a person's request the same as one a moment ago: everything it says."""
    said = replace(spec, principal=Principal(), records=b"", received_at=None)
    fingerprint = hashlib.sha256(msgspec.json.encode(said) + (spec.records or b"")).hexdigest()
    return Idempotency(key=f"click {fingerprint}", fingerprint=fingerprint, seconds=DUPLICATE_SECONDS)
