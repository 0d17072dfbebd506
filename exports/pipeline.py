"""The engine room: claim -> read -> shape -> write -> verify -> publish -> finish.

``work_on`` is all a worker calls. Whatever happens to it on the way, the rows stay true: a part is claimed before work
begins, its file is published in one transaction that only the holder of the claim can make, and once every part is
published exactly one worker finishes the export. Execution is at least once, publication exactly once.
"""

import resource
import time
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import IO

from django.db import transaction

from . import reading, writers
from .attempt import Heartbeat, attempt
from .conf import conf
from .delivery import storage
from .engine.table import RowRange, Rows
from .engine.weight import slice_rows
from .exceptions import BuildError, LimitExceeded
from .layouts import layout_of_part, related_slices, slices
from .memory import MemoryWatch
from .models import ExportAnalytics, ExportFile, ExportRequest
from .parts import cut_anew
from .sources import staging
from .types import CheckedFile, Format, Layout, MadeFile, StoredFile
from .writers.archive import ArchivedFile, verify_archive, write_archive
from .writers.verify import verify


class Turn(StrEnum):
    """What became of a worker's turn with an export."""

    IDLE = "idle"
    """There was nothing to do for it."""
    OVER = "over"
    """It worked until its time was up; more is left."""
    DONE = "done"
    """It worked until nothing was left that it could take."""


def work_on(export: ExportRequest) -> Turn:
    """Build parts of an export until none is free or this worker's turn is over, and finish it when all are done."""
    export.begin_turn()
    turn_ends = time.monotonic() + conf.turn_seconds
    turn = Turn.IDLE
    while export.claim_reading():
        turn = Turn.DONE
        attempt(export, export, reading.read)
        if export.is_unread and time.monotonic() > turn_ends:
            return Turn.OVER
    while (part := ExportFile.objects.claim_next(export.pk)) is not None:
        turn = Turn.DONE
        attempt(export, part, _build)
        if time.monotonic() > turn_ends:
            turn = Turn.OVER
            break
    # Whoever made the last part need not be sent a message for the rest.
    if export.claim_assembly():
        turn = Turn.DONE
        attempt(export, export, _finish)
    return turn


def write_file(
    file: IO[bytes],
    format: str,
    layout: Layout,
    rows: Rows,
    *,
    first_row: int = 1,
    slice_size: int | None = None,
    compare_cells: bool = False,
    on_slice: Callable[[int], None] = lambda rows: None,
) -> MadeFile:
    """Write rows into an open, named file, put it on the disk and read it back.

    ``slice_size`` rows are taken at a time; without it, as many as a first start takes. With ``compare_cells`` every
    cell is read back by a second implementation too. ``on_slice`` is told after every slice, and while the file is read
    back, how many rows are written. Raises BuildError where the format cannot hold the rows or the file is not what was
    written, and whatever ``on_slice`` raises.
    """
    size = slice_size or _slice_size(rows)
    started = time.perf_counter()
    writer = writers.writer_class(format)(file, layout, first_row=first_row)
    for piece in slices(rows, layout, size):
        writer.write(piece)
        on_slice(writer.rows)
    for place, pieces in enumerate(related_slices(rows, layout, size)):
        for piece in pieces:
            writer.write_related(place, piece)
            on_slice(writer.rows)
    written = writer.close()
    storage.flush(file)
    finished = time.perf_counter()
    expected = (slices(rows, layout, size), related_slices(rows, layout, size)) if compare_cells else ()
    checked = verify(Path(file.name), format, written, layout, *expected, on_block=lambda: on_slice(written.rows))
    return MadeFile(
        written=written,
        checked=checked,
        write_seconds=finished - started,
        verify_seconds=time.perf_counter() - finished,
    )


def _slice_size(rows: Rows, attempt: int = 1) -> int:
    return slice_rows(rows.row_bytes, attempt=attempt, most=conf.slice_rows, target=conf.slice_bytes)


def _build(export: ExportRequest, part: ExportFile) -> None:
    """Make one part and publish it."""
    key = storage.part_key(export.public_id, part.number, Format(export.format).extension, part.lease_token)
    with storage.temporary(export.public_id, key) as file:
        try:
            made = _write_part(file, export, part)
        except LimitExceeded as error:
            fits = error.details.get("rows", 0)
            if not 0 < fits < part.record_count:
                raise
            cut_anew(export, part, fits)
            return
        stored = _store(file, key, made.checked)
    with transaction.atomic(), storage.removed_on_error(stored.key):
        part.publish(stored, made)
        export.count_part(part)


def _write_part(file: IO[bytes], export: ExportRequest, part: ExportFile) -> MadeFile:
    """Write the records of a part; each later start takes fewer of them at a time."""
    staged = staging.staged(export.public_id, export.staged)
    if staged.count != export.record_count:
        raise BuildError(f"Of {export.record_count:,} records, {staged.count:,} are in the storage.")
    rows = RowRange(staged, part.first_row - 1, part.record_count)
    size = _slice_size(rows, part.attempts)
    heartbeat = Heartbeat(part.beat, part.record_count)
    watch = MemoryWatch(conf.memory_limit_bytes, export.record_count, size)

    def on_slice(done: int) -> None:
        heartbeat(done)
        watch(done)

    with watch:
        layout = layout_of_part(export, part, staged)
        return write_file(
            file,
            export.format,
            layout,
            rows,
            first_row=part.first_row,
            slice_size=size,
            compare_cells=compares_cells(export.record_count, part.number, part.record_count, len(layout.columns)),
            on_slice=on_slice,
        )


def compares_cells(records: int, part: int, part_records: int, columns: int) -> bool:
    """Tell whether a file is compared cell by cell after it was written.

    Reading cells back by another implementation takes longer than writing them, so from a large export one file is
    enough to catch a writer that does not write what it was given; what disks and memory do to the others, their check
    sums show.
    """
    if records * columns <= conf.verify_cells or conf.deep_verify == "always":
        return True
    return conf.deep_verify == "sample" and part == 1 and part_records * columns <= conf.verify_cells


def _store(file: IO[bytes], key: str, checked: CheckedFile) -> StoredFile:
    storage.publish(Path(file.name), key)
    return StoredFile(key=key, size=checked.size, sha256=checked.sha256)


def _finish(export: ExportRequest, _: ExportRequest) -> None:
    """Put the parts together and complete the export."""
    # Another worker may have cut it anew.
    export.refresh_from_db(fields=["parts_total", "file_name"])
    started = time.perf_counter()
    archive = _build_archive(export) if export.has_archive else None
    timings = _timings(export)
    if archive:
        timings["archive"] = round(time.perf_counter() - started, 4)
    with transaction.atomic(), storage.removed_on_error(archive.key if archive else None):
        export.complete(archive, timings=timings, memory_peak=_memory_peak())
        ExportAnalytics.measure(export)
    storage.remove_staged(export.public_id)


def _build_archive(export: ExportRequest) -> StoredFile:
    members = [_member(part) for part in export.files.parts().ready()]
    heartbeat = partial(Heartbeat(lambda _: export.beat(), export.record_count), 0)
    key = storage.archive_key(export.public_id, export.lease_token)
    with storage.temporary(export.public_id, key) as file:
        write_archive(file, members, title=export.file_name, on_block=heartbeat)
        storage.flush(file)
        checked = verify_archive(Path(file.name), members, on_block=heartbeat)
        return _store(file, key, checked)


def _member(part: ExportFile) -> ArchivedFile:
    return ArchivedFile(
        path=storage.path(part.key),
        name=part.name,
        rows=part.record_count,
        first_row=part.first_row,
        sha256=part.sha256,
        size=part.size,
    )


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
