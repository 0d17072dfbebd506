"""Records that came piece by piece, as one: tables behind one another, in memory and on disk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import accumulate
from pathlib import Path

import polars as pl

from exports.types import DataWarning

from .table import Measured, Noticed, StagedTable, Table
from .traits import Traits


class StagedPieces:
    """Durable forms on disk, one behind the other; read as they are asked for, so that memory stays flat."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._pieces = [StagedTable(path) for path in paths]

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(piece.count for piece in self._pieces))

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._ends[-1] if self._ends else 0

    @cached_property
    def row_bytes(self) -> int:
        """What a row weighs in memory, where rows are heaviest."""
        return max((piece.row_bytes for piece in self._pieces), default=0)

    @cached_property
    def widths(self) -> Mapping[str, int]:
        """Widest text by field, in characters, over all rows."""
        return widest(self._pieces)

    @cached_property
    def traits(self) -> Mapping[str, Traits]:
        """What is true of every text by field."""
        return common_traits(self._pieces)

    @cached_property
    def warnings(self) -> tuple[DataWarning, ...]:
        """What building the columns found; rows count from 1 over all pieces, and a cause may come once a piece."""
        return tuple(
            replace(warning, rows=tuple(end - piece.count + row for row in warning.rows))
            for piece, end in zip(self._pieces, self._ends, strict=True)
            for warning in piece.warnings
        )

    def read(self, first: int, count: int) -> pl.DataFrame:
        """Return ``count`` rows from ``first`` on, counted from 0, fewer at the end."""
        last, frames = min(first + count, self.count), []
        for piece, end in zip(self._pieces, self._ends, strict=True):
            start = end - piece.count
            if start < last and end > first:
                frames.append(piece.read(max(first - start, 0), min(last, end) - max(first, start)))
            else:
                piece.let_go()
        if not frames:
            return self._pieces[0].read(0, 0) if self._pieces else pl.DataFrame()
        return frames[0] if len(frames) == 1 else pl.concat(frames, how="diagonal")


def concat(tables: Sequence[Table]) -> Table:
    """Return the rows of several tables of the same fields as one."""
    if len(tables) == 1:
        return tables[0]
    starts = accumulate((table.count for table in tables), initial=0)
    return Table(
        frame=pl.concat([table.frame for table in tables], how="diagonal"),
        widths=widest(tables),
        traits=common_traits(tables),
        noticed=_noticed(zip(tables, starts, strict=False)),
    )


def widest(tables: Sequence[Measured]) -> dict[str, int]:
    """Return the widest text by field over all tables."""
    names = dict.fromkeys(name for table in tables for name in table.widths)
    return {name: max(table.widths.get(name, 0) for table in tables) for name in names}


def common_traits(tables: Sequence[Measured]) -> dict[str, Traits]:
    """Return what is true by field of the texts of all tables."""
    names = dict.fromkeys(name for table in tables for name in table.traits)
    return {name: frozenset.intersection(*(table.traits.get(name, frozenset()) for table in tables)) for name in names}


def _noticed(placed: Iterable[tuple[Table, int]]) -> tuple[Noticed, ...]:
    found: dict[tuple[str, str], list[pl.Series]] = {}
    for table, start in placed:
        for each in table.noticed:
            found.setdefault((each.code, each.column), []).append(each.rows.cast(pl.UInt32) + start)
    return tuple(Noticed(code, column, pl.concat(rows)) for (code, column), rows in found.items())
