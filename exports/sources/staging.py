"""The durable form of an export's records: numbered pieces in a folder of their own, wherever the records came from."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

from exports.delivery import storage
from exports.engine.pieces import StagedPieces, concat
from exports.engine.runs import RUN_BYTES, Runs
from exports.engine.shape import first, order
from exports.engine.table import Table
from exports.types import DataWarning, Field, Sorting


@dataclass(frozen=True, kw_only=True)
class Staged:
    """Columns that are on the disk; they count once an export's row names them."""

    name: str
    """Of their folder, within the export's."""
    count: int
    """Records."""
    size: int
    """Bytes."""
    warnings: tuple[DataWarning, ...]


def stage(
    tables: Iterable[Table],
    public_id: uuid.UUID,
    fields: Sequence[Field] = (),
    *,
    sorting: Sequence[Sorting] = (),
    limit: int | None = None,
    on_table: Callable[[Table], None] = lambda table: None,
) -> Staged:
    """Keep tables, at least one, durably as the records of an export, sorted if that is asked for.

    ``limit`` is how many of the sorted rows are kept. ``on_table`` is told of each table that came. Memory holds one
    table, or what is sorted at a time. Raises StorageFull, and whatever ``tables`` and ``on_table`` raise.
    """
    with storage.staging(public_id) as folder:
        told = _told(tables, on_table)
        _save(_sorted(told, folder, sorting, fields, limit) if sorting else _limited(told, limit), folder)
        kept = open_staged(public_id, folder.name)
        size = sum(file.stat().st_size for file in folder.iterdir())
        return Staged(name=folder.name, count=kept.count, size=size, warnings=kept.warnings)


def open_staged(public_id: uuid.UUID, name: str) -> StagedPieces:
    """Return the records of an export; rows are read as they are asked for."""
    return StagedPieces(storage.staged_files(public_id, name))


@lru_cache(maxsize=2)
def staged(public_id: uuid.UUID, name: str) -> StagedPieces:
    """Return the records of an export, which never change; what was read ahead is there for the next who asks."""
    return open_staged(public_id, name)


def _told(tables: Iterable[Table], on_table: Callable[[Table], None]) -> Iterator[Table]:
    for table in tables:
        yield table
        on_table(table)


def _save(tables: Iterable[Table], folder: Path) -> None:
    for number, table in enumerate(tables, start=1):
        table.save(folder / f"{number:05}.parquet")


def _sorted(
    tables: Iterable[Table], folder: Path, sorting: Sequence[Sorting], fields: Sequence[Field], limit: int | None
) -> Iterator[Table]:
    heaps = _heaps(tables)
    heap, another = next(heaps), next(heaps, None)
    if another is None:
        yield first(order(heap, sorting, fields), limit)
        return
    runs = Runs(folder, sorting, fields)
    for each in chain([heap, another], heaps):
        runs.add(each)
    yield from runs.merged(limit)
    runs.remove()


def _limited(tables: Iterable[Table], limit: int | None) -> Iterator[Table]:
    for table in tables:
        yield first(table, limit)
        limit = None if limit is None else limit - table.count
        if limit is not None and limit <= 0:
            return


def _heaps(tables: Iterable[Table]) -> Iterator[Table]:
    """Yield as much at a time as is sorted in memory."""
    heap: list[Table] = []
    weight = 0
    for table in tables:
        heap.append(table)
        weight += table.count * table.row_bytes
        if weight >= RUN_BYTES:
            yield concat(heap)
            heap, weight = [], 0
    if heap:
        yield concat(heap)
