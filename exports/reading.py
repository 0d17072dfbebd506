"""Records of an export: how many there will be, and reading them once, at one moment, for all its files and starts."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import cast

from django.db import transaction

from . import catalogue, dispatch, parts, planning, validation
from .attempt import Heartbeat
from .conf import conf
from .delivery import names, storage
from .engine import shape
from .engine.masking import masked
from .engine.table import Table, misfit_name
from .exceptions import FileNotFound, SourceUnavailable, TooManyRecords
from .memory import MemoryWatch
from .models import Dataset, ExportRequest
from .models.warnings import entries
from .sources import database, staging, uploaded
from .sources.staging import Staged
from .types import ExportSpec, Format, Plan, Principal, Strategy
from .validation import ValidSpec

_FINER = r"^(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\.\d{3})\d+$"
"""A moment with more than milliseconds, up to those."""


class Chosen:
    """What is wanted of records that come table by table, and what is known of the changes in them."""

    def __init__(self, wish: ValidSpec) -> None:
        self._wish, self._fields = wish, wish.fields
        self.newest = wish.since
        """When the record changed last was changed."""
        self.unchanged = 0
        """Records left out because they did not change."""

    def of(self, table: Table) -> Table:
        """Return the rows that are wanted, and of their values those that may be."""
        if not self._wish.in_database:
            kept = shape.select(table, self._wish.conditions, self._fields)
            table = shape.select(kept, self._wish.changed, self._fields)
            self.unchanged += kept.count - table.count
        if self._wish.resource.watermark in table.frame.columns:
            self.newest = max(self.newest, _newest(table, self._wish.resource.watermark))
        return masked(table, self._wish.masked)


def expected(wish: ValidSpec, dataset: Dataset | None) -> int:
    """Return how many records an export will have, as far as that can be told before they are read.

    Raises:
        SourceUnavailable, SourceMismatch: the source database is away, or lacks a column.
        TooManyRecords: the dialect allows fewer.
    """
    if dataset is not None:
        count = dataset.totals()["records"]
    else:
        with database.snapshot() as source:
            source.check_columns(wish.resource, wish.fields)
            count = source.count(wish.resource, [*wish.conditions, *wish.changed])
    count = count if wish.limit is None else min(count, wish.limit)
    limit = wish.policy.max_records
    if limit is not None and count > limit:
        raise TooManyRecords(f"Data exceeds maximum limit of {limit} records", record_count=count)
    return count


def read(export: ExportRequest, _: ExportRequest) -> None:
    """Read the records of an export, whose first step this worker holds, and plan its files.

    Raises:
        LeaseLost: somebody else reads them now, or the export was stopped.
        SourceUnavailable: the source database was away for longer than a worker waits.
        SourceMismatch, FileNotFound, BadRequest: another start cannot help.
    """
    started = time.perf_counter()
    # Whoever was paused for longer than its lease must not delete what another has read meanwhile.
    export.beat_reading(0)
    # What a worker left that was killed at it would take its room until the end.
    storage.remove_staged(export.public_id)
    wish = _wish(export)
    chosen, staged = _staged(export, wish)
    plan = plan_of(wish, staged.count)
    with transaction.atomic(), storage.staged_removed_on_error(export.public_id, staged.name):
        _keep(export, wish, plan, staged, chosen, time.perf_counter() - started)
        if export.enqueued_at:
            # This worker goes on with the first part.
            dispatch.send_turns(export.pk, export.lane, parts=len(plan.parts) - 1)


def _keep(export: ExportRequest, wish: ValidSpec, plan: Plan, staged: Staged, chosen: Chosen, seconds: float) -> None:
    # The names of the files follow.
    export.format, export.file_name = format_of(wish, plan), file_name(export, wish, plan)
    export.keep_records(
        parts.new_files(export, plan.parts),
        format=export.format,
        file_name=export.file_name,
        staged=staged.name,
        staged_bytes=staged.size,
        record_count=staged.count,
        strategy=plan.strategy,
        warnings=entries([*wish.warnings_of(staged.count), *staged.warnings]),
        newest_change=chosen.newest,
        unchanged_count=chosen.unchanged if wish.since else None,
        timings={"read": round(seconds, 4)},
    )


def plan_of(wish: ValidSpec, count: int) -> Plan:
    """Return how so many records of a wish become files."""
    lanes = catalogue.definitions().lanes
    return planning.plan(count, wish.cut, wish.policy, lanes, planning.capacity(wish.format, wish.policy))


def format_of(wish: ValidSpec, plan: Plan) -> Format:
    """Return the format of the files of a plan."""
    return wish.format.gzipped if plan.strategy is Strategy.COMPRESSED else wish.format


def file_name(export: ExportRequest, wish: ValidSpec, plan: Plan) -> str:
    """Return the name of what is downloaded, now that it is known how many files there are."""
    format = format_of(wish, plan)
    if len(plan.parts) > 1:
        return names.archive_filename(export.resource)
    if export.custom_file_name and not export.file_name.endswith(".zip"):
        return names.packed_filename(export.file_name.removesuffix(".gz"), format)
    day = export.created_at.date()
    return names.default_filename(wish.policy.file_name, export.resource, export.template, day, format)


def _wish(export: ExportRequest) -> ValidSpec:
    spec = ExportSpec(
        dialect=export.dialect,
        resource=export.resource,
        principal=Principal(),
        dataset=_dataset(export).public_id if export.origin == export.Origin.DATASET else None,
        template=export.template,
        template_version=export.template_version_id,
        hides_sensitive=export.hides_sensitive,
        columns=tuple(export.columns),
        format=export.format,
        filters=export.filters,
        options=export.options,
        program_id=export.program_id,
    )
    return validation.validate(spec).masking(export.masked).changed_since(export.changed_since)


def _dataset(export: ExportRequest) -> Dataset:
    if export.dataset is None:
        raise FileNotFound("The uploaded records are kept no more. Upload them again.")
    return export.dataset


def _staged(export: ExportRequest, wish: ValidSpec) -> tuple[Chosen, Staged]:
    """Read and keep the records, all anew whenever the source database went away meanwhile."""
    deadline = time.monotonic() + conf.source_wait_seconds
    while True:
        try:
            return _read_once(export, wish)
        except SourceUnavailable:
            export.beat_reading(0)
            if time.monotonic() > deadline:
                raise
            time.sleep(conf.beat_seconds)


def _read_once(export: ExportRequest, wish: ValidSpec) -> tuple[Chosen, Staged]:
    chosen, rows = Chosen(wish), 0
    heartbeat = Heartbeat(export.beat_reading, export.record_count)
    watch = MemoryWatch(conf.memory_limit_bytes, export.record_count, database.LARGEST_PAGE)

    def on_table(table: Table) -> None:
        nonlocal rows
        rows += table.count
        heartbeat(rows)
        watch(rows)

    with watch, _records(export, wish, chosen) as tables:
        wanted = map(chosen.of, tables)
        staged = staging.stage(
            wanted, export.public_id, wish.fields, sorting=wish.sorting, limit=wish.limit, on_table=on_table
        )
    return chosen, staged


@contextmanager
def _records(export: ExportRequest, wish: ValidSpec, chosen: Chosen) -> Iterator[Iterable[Table]]:
    if not wish.in_database:
        dataset = _dataset(export)
        pieces = dataset.pieces.values_list("staged", flat=True)
        yield uploaded.tables(dataset.public_id, pieces, wish.fields)
        return
    with database.snapshot() as source:
        wanted = [*wish.conditions, *wish.changed]
        yield source.tables(wish.resource, wish.fields, wanted, None if wish.sorting else wish.limit)
        if wish.since:
            every, changed = source.count(wish.resource, wish.conditions), source.count(wish.resource, wanted)
            chosen.unchanged = every - changed


def _newest(table: Table, field: str) -> str:
    """Return the newest moment of a field as conditions compare it; nothing, which is before all, where none is known.

    One that is finer than columns hold counts as the millisecond it is in, so that what is newer comes again at worst.
    """
    frame, misfits = table.frame, misfit_name(field)
    moment = cast("datetime | None", frame[field].max())
    newest = "" if moment is None else moment.isoformat(sep=" ", timespec="milliseconds").removesuffix(".000")
    if misfits not in frame.columns:
        return newest
    finer = cast("str | None", frame[misfits].str.extract(_FINER).str.replace("T", " ", literal=True).max())
    return max(newest, finer or "")
