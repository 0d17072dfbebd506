"""Sorting what memory cannot hold: sorted runs on disk, merged block by block.

Only the columns that are sorted by are in memory for all rows at once, and of the rest one block. The order is that of
``shape.order``: stable, absent values last.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from exports.types import Field, Sorting

from .pieces import common_traits, widest
from .shape import order, sorted_rows
from .table import Noticed, StagedTable, Table, misfit_name
from .weight import slice_rows

RUN_BYTES = 32 * 1024 * 1024
"""Weight of the rows that are sorted in memory to become one run."""
_BLOCK_BYTES = 16 * 1024 * 1024
_GROUP_BYTES = 512 * 1024
"""Weight of the rows of a run that are read at a time: each block takes a little of every run."""
_RUN, _ROW = "#run", "#row"


class Runs:
    """Takes tables in any order and gives their rows back sorted; ``folder`` holds the runs and is the caller's."""

    def __init__(self, folder: Path, sorting: Sequence[Sorting], fields: Sequence[Field]) -> None:
        self._folder, self._sorting, self._fields = folder, sorting, fields
        self._paths: list[Path] = []
        self._noticed: list[tuple[int, Noticed]] = []

    def add(self, table: Table) -> None:
        """Sort a table and keep it as a run. Raises OSError where there is no room."""
        path = self._folder / f"run-{len(self._paths) + 1:05}"
        table = order(table, self._sorting, self._fields)
        table.save(path, group_rows=slice_rows(table.row_bytes, target=_GROUP_BYTES))
        self._noticed += [(len(self._paths), each) for each in table.noticed]
        self._paths.append(path)

    def merged(self, limit: int | None = None) -> Iterator[Table]:
        """Yield all rows in order, at most ``limit``, table by table.

        Widths and traits are those of all rows; what building the columns noticed is told of the rows' new places.
        """
        runs = [StagedTable(path, read_ahead=False) for path in self._paths]
        places = self._places(runs)[:limit]
        size = max(_BLOCK_BYTES // max(*(run.row_bytes for run in runs), 1), 1)
        for first in range(0, places.height, size):
            yield self._block(runs, places[first : first + size])

    def remove(self) -> None:
        """Delete the runs."""
        for path in self._paths:
            path.unlink(missing_ok=True)

    def _places(self, runs: Sequence[StagedTable]) -> pl.DataFrame:
        """Return run and row of every row, in order."""
        names = [name for way in self._sorting for name in (way.field, misfit_name(way.field))]
        keys = [run.columns(names).with_row_index(_ROW).with_columns(_number(at)) for at, run in enumerate(runs)]
        return sorted_rows(pl.concat(keys, how="diagonal"), self._sorting, self._fields).select(_RUN, _ROW)

    def _block(self, runs: Sequence[StagedTable], places: pl.DataFrame) -> Table:
        numbers, rows = places[_RUN].to_numpy(), places[_ROW].to_numpy().astype(np.int64)
        frames, found, read = [], np.empty(len(rows), np.int64), 0
        for number, run in enumerate(runs):
            own = numbers == number
            if not own.any():
                run.let_go()
                continue
            # Of a run that is sorted itself, a block takes rows that stand together.
            first, last = rows[own].min(), rows[own].max()
            frames.append(run.read(int(first), int(last - first) + 1))
            found[own] = read + rows[own] - first
            read += frames[-1].height
        frame = pl.concat(frames, how="diagonal")[found]
        return Table(frame=frame, widths=widest(runs), traits=common_traits(runs), noticed=self._noticed_in(places))

    def _noticed_in(self, places: pl.DataFrame) -> tuple[Noticed, ...]:
        """Return what was noticed of the rows at these places, all runs together."""
        found: dict[tuple[str, str], list[pl.Series]] = {}
        for number, noticed in self._noticed:
            own = places.select((pl.col(_RUN) == number) & pl.col(_ROW).is_in(noticed.rows.implode())).to_series()
            found.setdefault((noticed.code, noticed.column), []).append(own.arg_true())
        return tuple(Noticed(code, column, pl.concat(rows).sort()) for (code, column), rows in found.items())


def _number(run: int) -> pl.Expr:
    return pl.lit(run, pl.UInt32).alias(_RUN)
