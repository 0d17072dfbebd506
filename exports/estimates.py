"""What an export would be before it is asked for: how large, how long, how it looks, what is in it. Nothing is kept."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Sum
from django.utils import timezone

from . import reading
from .engine import shape
from .engine.pieces import concat
from .engine.table import Table
from .exceptions import NoData
from .layouts import layout_of_table, slices
from .models import Dataset, ExportAnalytics
from .progress.cost import usual_costs
from .series import since_last_run
from .sources import database, pushed, uploaded
from .types import Column, ExportSpec, Format, Lane, Strategy
from .validation import ValidSpec
from .writers.shown import texts

RECENT = 50
"""Exports of a resource and format, the last ones, whose files tell how large a record is."""
UNMEASURED_BYTES = {Format.EXCEL: 6, Format.PDF: 20, Format.JSON: 24, Format.NDJSON: 24}
"""Bytes a value takes in a file, until this installation has made some; in other formats as in CSV."""
CSV_BYTES = 12
PREVIEW_ROWS = 20


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What an export would be."""

    records: int
    files: int
    strategy: Strategy
    lane: Lane
    size: int
    """Bytes of all files, as those of the same resource and format have taken lately."""
    seconds: float
    """Of one worker, as exports of the format have taken lately; without the wait."""


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The first records as the file would show them."""

    columns: tuple[Column, ...]
    rows: list[tuple[str, ...]]
    """A text a column; those by which records are sorted are sorted among themselves."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """Records of one kind."""

    code: str | None
    label: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """What records there are."""

    records: int
    breakdown: tuple[Share, ...]
    """By the resource's own ``breakdown`` field, the most frequent first; empty where it has none."""


def estimate(wish: ValidSpec, spec: ExportSpec, dataset: Dataset | None) -> Estimate:
    """Return how large an export would be, and how long it would take. Raises as ``reading.expected``."""
    wish = since_last_run(spec, wish)
    count = _count(wish, spec, dataset)
    plan = reading.plan_of(wish, count)
    cost = usual_costs([wish.format], timezone.now())[wish.format]
    read = 0.0 if spec.records is not None else cost.read
    archive = cost.archive if len(plan.parts) > 1 else 0.0
    return Estimate(
        records=count,
        files=len(plan.parts),
        strategy=plan.strategy,
        lane=plan.lane,
        size=size(wish.resource.name, wish.template.name, wish.format, len(wish.columns), count),
        seconds=round(count * (read + cost.write + cost.verify + archive), 2),
    )


def preview(wish: ValidSpec, spec: ExportSpec, dataset: Dataset | None, rows: int = PREVIEW_ROWS) -> Preview:
    """Return the first records through the same source, columns and shapes as the file. Raises as ``read``."""
    wish, rows = since_last_run(spec, wish), min(rows, wish.limit or rows)
    table = shape.order(_first_records(wish, spec, dataset, rows), wish.sorting, wish.fields)
    table = shape.first(table, rows)
    layout = layout_of_table(wish, wish.format, table, timezone.now())
    shown: list[tuple[str, ...]] = []
    for piece in slices(table, layout, max(rows, 1)):
        shown += zip(*texts(layout.columns, piece), strict=True)
    return Preview(columns=layout.columns, rows=shown)


def statistics(wish: ValidSpec, spec: ExportSpec) -> Statistics:
    """Return how many records of the source database meet the filters, and by their status.

    Raises:
        NoData: they are in no database.
        SourceUnavailable, SourceMismatch: it is away, or lacks a column.
    """
    if not wish.in_database:
        raise NoData(field="data")
    wish = since_last_run(spec, wish)
    conditions = [*wish.conditions, *wish.changed]
    with database.snapshot() as source:
        count = source.count(wish.resource, conditions)
        found = source.breakdown(wish.resource, conditions) if wish.resource.breakdown else {}
    return Statistics(records=count, breakdown=_shares(wish, found))


def _shares(wish: ValidSpec, found: Mapping[str | None, int]) -> tuple[Share, ...]:
    labels = (wish.resource.fields[wish.resource.breakdown].labels or {}) if found else {}
    shares = [Share(code=code, label=labels.get(code or "", code or ""), count=count) for code, count in found.items()]
    return tuple(sorted(shares, key=lambda share: (-share.count, share.label)))


def _count(wish: ValidSpec, spec: ExportSpec, dataset: Dataset | None) -> int:
    if spec.records is None:
        return reading.expected(wish, dataset)
    return min(reading.Chosen(wish).of(_sent(wish, spec)).count, wish.limit or sys.maxsize)


def _sent(wish: ValidSpec, spec: ExportSpec) -> Table:
    return pushed.read(spec.records or b"", wish.fields, limit=wish.policy.max_records)


def _first_records(wish: ValidSpec, spec: ExportSpec, dataset: Dataset | None, rows: int) -> Table:
    chosen = reading.Chosen(wish)
    if spec.records is not None:
        return chosen.of(_sent(wish, spec))
    if dataset is not None:
        pieces = dataset.pieces.values_list("staged", flat=True)
        return _enough(map(chosen.of, uploaded.tables(dataset.public_id, pieces, wish.fields)), rows)
    with database.snapshot() as source:
        return chosen.of(next(source.tables(wish.resource, wish.fields, [*wish.conditions, *wish.changed], rows)))


def _enough(tables: Iterable[Table], rows: int) -> Table:
    found: list[Table] = []
    for table in tables:
        found.append(table)
        if sum(each.count for each in found) >= rows:
            break
    return concat(found)


def size(resource: str, template: str, format: str, columns: int, records: int) -> int:
    """Return the bytes that so many records take in files: as was measured lately, else by the number of columns."""
    made = ExportAnalytics.objects.filter(export_type=resource, format=format, template=template, state="completed")
    latest = made.filter(record_count__gt=0).order_by("-pk").values("pk")[:RECENT]
    sums = ExportAnalytics.objects.filter(pk__in=latest).aggregate(size=Sum("file_size"), records=Sum("record_count"))
    if sums["records"]:
        return int(records * sums["size"] / sums["records"])
    return records * columns * UNMEASURED_BYTES.get(Format(format), CSV_BYTES)
