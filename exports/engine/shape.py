"""Filter, sort and relabel columns; hand them out in slices that keep memory flat."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import polars as pl

from exports.types import RECORD, Condition, Field, Kind, Sorting

from .conditions import condition_met, kind_of, truth
from .labels import relabel
from .related import as_text, exploded
from .table import Rows, Table, misfit_name
from .weight import row_bytes, slice_rows

_CAME_FROM = "#"
"""Column of row numbers; no field is called that."""


def select(table: Table, conditions: Sequence[Condition], fields: Sequence[Field]) -> Table:
    """Return the rows that meet every condition, in their order. Raises UnknownName for a field the table lacks."""
    if not conditions:
        return table
    kept = [condition_met(condition, fields, table.frame.columns) for condition in conditions]
    return _changed(table, lambda frame: frame.filter(*kept))


def order(table: Table, sorting: Sequence[Sorting], fields: Sequence[Field]) -> Table:
    """Return the rows sorted, equal ones in their old order, absent values last whichever the direction.

    Numbers and numeric codes sort by size, times by time, everything else by text; misfits follow what fits. Raises
    UnknownName for a field the table lacks.
    """
    if not sorting:
        return table
    return _changed(table, lambda frame: sorted_rows(frame, sorting, fields))


def sorted_rows(frame: pl.DataFrame, sorting: Sequence[Sorting], fields: Sequence[Field]) -> pl.DataFrame:
    """Return the rows of a frame in order; of its columns only those that are sorted by need be there."""
    keys = [(key, way.descending) for way in sorting for key in _keys(way.field, fields, frame.columns)]
    by, descending = [key for key, _ in keys], [descending for _, descending in keys]
    return frame.sort(by, descending=descending, nulls_last=True, maintain_order=True)


def first(table: Table, count: int | None) -> Table:
    """Return the first rows; all of them for None."""
    if count is None or count >= table.count:
        return table
    return _changed(table, lambda frame: frame.head(count))


def _changed(table: Table, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Table:
    """Leave rows out or move them, and what was noticed with them."""
    if not table.noticed:
        return replace(table, frame=change(table.frame))
    frame = change(table.frame.with_row_index(_CAME_FROM))
    noticed = tuple(each.moved(frame[_CAME_FROM]) for each in table.noticed)
    return replace(table, frame=frame.drop(_CAME_FROM), noticed=noticed)


def slices(
    rows: Rows, fields: Sequence[Field], size: int | None = None, empty: str = "", zone: str = "UTC"
) -> Iterator[pl.DataFrame]:
    """Yield the rows in pieces of at most ``size``, ready for a writer: codes and booleans under their labels, related
    rows of a field that ``is_joined`` as one text.

    Without ``size``, the weight of the rows decides (``weight.slice_rows``). ``empty`` is the text that stands where a
    record has nothing; ``zone`` (IANA) the one that times of related rows are shown in.
    """
    size = size or slice_rows(rows.row_bytes)
    labelled = [relabel(field) for field in fields if field.labels]
    listed = [field for field in fields if field.is_joined]
    for first in range(0, rows.count, size):
        piece = rows.read(first, size)
        piece = piece.with_columns(labelled).with_columns(as_text(piece, field, zone) for field in listed)
        yield _without_gaps(piece, fields, empty)


def related_slices(
    rows: Rows, field: Field, key: Field, size: int | None = None, empty: str = "", zone: str = "UTC"
) -> Iterator[pl.DataFrame]:
    """Yield the related rows of a list field in pieces, ready for a writer: frames as ``related.exploded`` makes them.

    Those of ``size`` records are looked at together; ``key`` is the field that says whose they are. ``RECORD`` counts
    from the first of ``rows``.
    """
    first = 0
    for piece in slices(rows, [key], size):
        found = exploded(piece, field, key.name, zone).with_columns(pl.col(RECORD) + first)
        most = slice_rows(row_bytes(found))
        for start in range(0, found.height, most):
            yield _without_gaps(found.slice(start, most), [key, *field.members], empty)
        first += piece.height


def _without_gaps(piece: pl.DataFrame, fields: Sequence[Field], empty: str) -> pl.DataFrame:
    return piece.with_columns(_filled(field, piece.columns, empty) for field in fields) if empty else piece


def _filled(field: Field, columns: Sequence[str], empty: str) -> pl.Expr:
    """Put the word for nothing where neither a value nor a misfit is; beside typed values, words are misfits."""
    own, misfit = pl.col(field.name), misfit_name(field.name)
    if misfit not in columns and not (field.kind.is_number or field.kind.is_temporal or field.kind is Kind.LIST):
        return pl.when(own.is_null() | (own == "")).then(pl.lit(empty)).otherwise(own).alias(field.name)
    beside = pl.col(misfit) if misfit in columns else pl.lit(None, pl.String)
    nothing = own.is_null() & (beside.is_null() | (beside == ""))
    return pl.when(nothing).then(pl.lit(empty)).otherwise(beside).alias(misfit)


def _keys(name: str, fields: Sequence[Field], columns: Sequence[str]) -> Iterator[pl.Expr]:
    kind, own = kind_of(name, fields), pl.col(name)
    if kind.is_number:
        yield own.cast(pl.Float64)
    elif kind is Kind.CODE:
        yield own.cast(pl.Float64, strict=False)
        yield own
    else:
        yield truth(own) if kind is Kind.BOOLEAN else own
    if misfit_name(name) in columns:
        yield pl.col(misfit_name(name))
