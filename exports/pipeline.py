"""The engine room: claim -> read -> shape -> write -> verify -> publish -> finish.

``work_on`` is all a worker calls. Whatever happens to it on the way, the rows stay true: a part is claimed before work
begins, its file is published in one transaction that only the holder of the claim can make, and once every part is
published exactly one worker finishes the export. Execution is at least once, publication exactly once.
"""

import errno
import logging
import resource
import time
import traceback
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import IO, TypeVar

from django.db import transaction

from . import catalogue, writers
from .conf import conf
from .delivery import storage
from .engine import shape
from .engine.table import RowRange, Rows
from .exceptions import BuildError, ExportError, LeaseLost, LimitExceeded, StorageFull, VerificationFailed
from .layouts import layout_of_part
from .models import ExportAnalytics, ExportFile, ExportRequest
from .models.lease import LeasedModel
from .parts import cut_anew
from .sources import pushed
from .types import CheckedFile, Format, Lane, Layout, MadeFile, StoredFile
from .writers.archive import ArchivedFile, verify_archive, write_archive
from .writers.verify import verify

logger = logging.getLogger(__name__)


def work_on(export_id: int) -> Lane | None:
    """Build parts of an export until none is free or this worker's turn is over, and finish it when all are done.

    Returns the lane that should carry on when the turn ended before the work did, else None.
    """
    export = ExportRequest.objects.filter(pk=export_id).first()
    if export is None or not export.is_active:
        return None
    export.mark_processing()
    turn_ends = time.monotonic() + conf.turn_seconds
    while (part := ExportFile.objects.claim_next(export.pk)) is not None:
        _attempt(export, part, _build)
        if time.monotonic() > turn_ends:
            return Lane(export.lane)
    if export.claim_assembly():
        _attempt(export, export, _finish)
    return None


Claimed = TypeVar("Claimed", bound=LeasedModel)


def _attempt(export: ExportRequest, claimed: Claimed, work: Callable[[ExportRequest, Claimed], None]) -> None:
    """Do one claimed piece of work. What another start cannot help ends the export; the rest is given back."""
    try:
        work(export, claimed)
    except LeaseLost:
        logger.info("Export %s: another worker has it, or it was stopped", export.public_id)
    except VerificationFailed as error:
        _give_back(export, claimed, error)
    except ExportError as error:
        export.mark_failed(error)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            _give_back(export, claimed, error)
        else:
            export.mark_failed(StorageFull())
    except Exception as error:
        _give_back(export, claimed, error)
    except BaseException:
        # The queue stops a worker with SystemExit: the next start need not wait for the lease to lapse.
        claimed.release()
        raise


def _give_back(export: ExportRequest, claimed: LeasedModel, error: Exception) -> None:
    """Free a piece of work for another start; after the last one the export has failed."""
    incident = uuid.uuid4().hex[:12]
    # The error's own text may quote a value of the data; where it happened is enough to find the cause.
    where = "".join(traceback.format_tb(error.__traceback__, limit=-8))
    logger.error(
        "Export %s, start %d: %s (incident %s)\n%s",
        *(export.public_id, claimed.attempts, type(error).__name__, incident, where),
    )
    claimed.release()
    if claimed.attempts >= conf.max_attempts:
        export.mark_failed(BuildError(f"Export failed: a file could not be made (incident {incident})."))


def write_file(
    file: IO[bytes],
    format: str,
    layout: Layout,
    rows: Rows,
    *,
    first_row: int = 1,
    compare_cells: bool = False,
    on_slice: Callable[[int], None] = lambda rows: None,
) -> MadeFile:
    """Write rows into an open, named file, put it on the disk and read it back.

    With ``compare_cells`` every cell is read back by a second implementation too. ``on_slice`` is told after every
    slice how many rows are written. Raises BuildError where the format cannot hold the rows or the file is not what was
    written, and whatever ``on_slice`` raises.
    """
    fields = [column.field for column in layout.columns]
    started = time.perf_counter()
    writer = writers.writer_class(format)(file, layout, first_row=first_row)
    for piece in shape.slices(rows, fields, conf.slice_rows, layout.empty):
        writer.write(piece)
        on_slice(writer.rows)
    written = writer.close()
    storage.flush(file)
    finished = time.perf_counter()
    expected = shape.slices(rows, fields, conf.slice_rows, layout.empty) if compare_cells else None
    checked = verify(Path(file.name), format, written, layout, expected)
    return MadeFile(
        written=written,
        checked=checked,
        write_seconds=finished - started,
        verify_seconds=time.perf_counter() - finished,
    )


def _build(export: ExportRequest, part: ExportFile) -> None:
    """Make one part and publish it."""
    staged = pushed.staged(export.public_id)
    rows = RowRange(staged, part.first_row - 1, part.record_count)
    layout = layout_of_part(export, part, staged)
    with storage.temporary(export.public_id) as file:
        try:
            made = write_file(
                file, export.format, layout, rows, first_row=part.first_row, on_slice=_Heartbeat(part.beat)
            )
        except LimitExceeded as error:
            fits = error.details.get("rows", 0)
            if not 0 < fits < part.record_count:
                raise
            cut_anew(export, part, fits)
            return
        name = f"part-{part.number:04}{Format(export.format).extension}"
        stored = _store(file, export, name, part.lease_token, made.checked)
    with storage.removed_on_error(stored.key), transaction.atomic():
        part.publish(stored, made)
        export.count_part(part)


def compares_cells(records: int, part: int, part_records: int, columns: int) -> bool:
    """Tell whether a file is compared cell by cell after it was written.

    Reading cells back by another implementation takes longer than writing them, so from a large export one file is
    enough to catch a writer that does not write what it was given; what disks and memory do to the others, their check
    sums show.
    """
    if records * columns <= conf.verify_cells or conf.deep_verify == "always":
        return True
    return conf.deep_verify == "sample" and part == 1 and part_records * columns <= conf.verify_cells


class _Heartbeat:
    """Saves progress and extends the lease, at most so often."""

    def __init__(self, beat: Callable[[int], None]) -> None:
        self._beat = beat
        self._last = time.monotonic()

    def __call__(self, rows: int) -> None:
        if time.monotonic() - self._last >= conf.beat_seconds:
            self._beat(rows)
            self._last = time.monotonic()


def _store(
    file: IO[bytes], export: ExportRequest, name: str, token: uuid.UUID | None, checked: CheckedFile
) -> StoredFile:
    key = storage.new_key(export.public_id, name, token)
    storage.publish(Path(file.name), key)
    return StoredFile(key=key, size=checked.size, sha256=checked.sha256)


def _finish(export: ExportRequest, _: ExportRequest) -> None:
    """Put the parts together and complete the export."""
    # Another worker may have cut it anew.
    export.refresh_from_db(fields=["parts_total", "file_name"])
    archive = _build_archive(export) if export.parts_total > 1 else None
    with storage.removed_on_error(archive.key if archive else None), transaction.atomic():
        export.complete(_retention(export), archive, timings=_timings(export), memory_peak=_memory_peak())
        ExportAnalytics.measure(export)
    storage.remove_staged(export.public_id)


def _build_archive(export: ExportRequest) -> StoredFile:
    members = [_member(part) for part in export.files.parts().ready()]
    with storage.temporary(export.public_id) as file:
        write_archive(file, members, title=export.file_name)
        storage.flush(file)
        checked = verify_archive(Path(file.name), members)
        return _store(file, export, "archive.zip", export.lease_token, checked)


def _member(part: ExportFile) -> ArchivedFile:
    return ArchivedFile(
        path=storage.path(part.key),
        name=part.name,
        rows=part.record_count,
        first_row=part.first_row,
        sha256=part.sha256,
        size=part.size,
    )


def _retention(export: ExportRequest) -> timedelta:
    return timedelta(hours=catalogue.policy(export.dialect).retention_hours)


def _timings(export: ExportRequest) -> dict[str, float]:
    parts = export.files.parts()
    return {
        **export.timings,
        "write": round(sum(part.write_seconds for part in parts), 4),
        "verify": round(sum(part.verify_seconds for part in parts), 4),
    }


def _memory_peak() -> int:
    """Return the most memory this process ever held, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
