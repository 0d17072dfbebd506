"""Filter, sort and relabel columns; hand them out in slices that keep memory flat."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import polars as pl

from exports.exceptions import UnknownName
from exports.types import Condition, Field, Kind, Operator, Sorting

from .labels import relabel
from .lexical import text_of
from .table import Rows, Table, misfit_name
from .weight import slice_rows

_CAME_FROM = "#"
"""Column of row numbers; no field is called that."""


def select(table: Table, conditions: Sequence[Condition], fields: Sequence[Field]) -> Table:
    """Return the rows that meet every condition, in their order. Raises UnknownName for a field the table lacks."""
    if not conditions:
        return table
    kept = [_met(condition, _kind(condition.field, fields), table.frame.columns) for condition in conditions]
    return _changed(table, lambda frame: frame.filter(*kept))


def order(table: Table, sorting: Sequence[Sorting], fields: Sequence[Field]) -> Table:
    """Return the rows sorted, equal ones in their old order, absent values last whichever the direction.

    Numbers and numeric codes sort by size, times by time, everything else by text; misfits follow what fits. Raises
    UnknownName for a field the table lacks.
    """
    if not sorting:
        return table
    keys = [(key, way.descending) for way in sorting for key in _keys(way.field, fields, table.frame.columns)]
    by, descending = [key for key, _ in keys], [descending for _, descending in keys]
    return _changed(table, lambda frame: frame.sort(by, descending=descending, nulls_last=True, maintain_order=True))


def _changed(table: Table, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Table:
    """Leave rows out or move them, and what was noticed with them."""
    if not table.noticed:
        return replace(table, frame=change(table.frame))
    frame = change(table.frame.with_row_index(_CAME_FROM))
    noticed = tuple(each.moved(frame[_CAME_FROM]) for each in table.noticed)
    return replace(table, frame=frame.drop(_CAME_FROM), noticed=noticed)


def slices(rows: Rows, fields: Sequence[Field], size: int | None = None, empty: str = "") -> Iterator[pl.DataFrame]:
    """Yield the rows in pieces of at most ``size``, codes and booleans under their labels, ready for a writer.

    Without ``size``, the weight of the rows decides (``weight.slice_rows``). ``empty`` is the text that stands where a
    record has nothing.
    """
    size = size or slice_rows(rows.row_bytes)
    labelled = [relabel(field) for field in fields if field.labels]
    return (_piece(rows.read(first, size), fields, labelled, empty) for first in range(0, rows.count, size))


def _piece(rows: pl.DataFrame, fields: Sequence[Field], labelled: Sequence[pl.Expr], empty: str) -> pl.DataFrame:
    piece = rows.with_columns(labelled)
    return piece.with_columns(_filled(field, piece.columns, empty) for field in fields) if empty else piece


def _filled(field: Field, columns: Sequence[str], empty: str) -> pl.Expr:
    """Put the word for nothing where neither a value nor a misfit is; beside typed values, words are misfits."""
    own, misfit = pl.col(field.name), misfit_name(field.name)
    if misfit not in columns and not (field.kind.is_number or field.kind.is_temporal or field.kind is Kind.LIST):
        return pl.when(own.is_null() | (own == "")).then(pl.lit(empty)).otherwise(own).alias(field.name)
    beside = pl.col(misfit) if misfit in columns else pl.lit(None, pl.String)
    nothing = own.is_null() & (beside.is_null() | (beside == ""))
    return pl.when(nothing).then(pl.lit(empty)).otherwise(beside).alias(misfit)


def _kind(name: str, fields: Sequence[Field]) -> Kind:
    for field in fields:
        if field.name == name:
            return field.kind
    raise UnknownName(f"There is no field '{name}' to filter or sort by.", name=name)


def _keys(name: str, fields: Sequence[Field], columns: Sequence[str]) -> Iterator[pl.Expr]:
    kind, own = _kind(name, fields), pl.col(name)
    if kind.is_number:
        yield own.cast(pl.Float64)
    elif kind is Kind.CODE:
        yield own.cast(pl.Float64, strict=False)
        yield own
    else:
        yield _truth(own) if kind is Kind.BOOLEAN else own
    if misfit_name(name) in columns:
        yield pl.col(misfit_name(name))


def _met(condition: Condition, kind: Kind, columns: Sequence[str]) -> pl.Expr:
    if condition.operator in (Operator.EQUALS, Operator.IN):
        many = condition.value if condition.operator is Operator.IN else [condition.value]
        return pl.any_horizontal(
            pl.lit(value=False), *(_equal(condition.field, kind, text_of(value), columns) for value in many)
        )
    return _bounded(condition, kind)


def _equal(name: str, kind: Kind, value: str | None, columns: Sequence[str]) -> pl.Expr:
    own = pl.col(name)
    misfit = pl.col(misfit_name(name)) if misfit_name(name) in columns else pl.lit(None, pl.String)
    if value is None:
        return own.is_null() & misfit.is_null()
    if kind.is_number:
        return own.cast(pl.Float64).eq(_number(value)) | misfit.eq(value)
    if kind.is_temporal:
        shown = "%Y-%m-%d" if len(value) == len("2024-01-15") else "%Y-%m-%d %H:%M:%S"
        return own.dt.to_string(shown).eq(value.replace("T", " ")) | misfit.eq(value)
    if kind is Kind.BOOLEAN:
        return _truth(own).eq(_truth(pl.lit(value)))
    return own.eq(value)


def _bounded(condition: Condition, kind: Kind) -> pl.Expr:
    lower = condition.operator in (Operator.FROM, Operator.MIN)
    text = text_of(condition.value) or ""
    own, bound = pl.col(condition.field), pl.lit(text)
    if kind.is_number:
        own, bound = own.cast(pl.Float64), _number(text)
    elif kind.is_temporal:
        # Compared as text, "2024-01-15" is before every time of that day and "2024-01-15~" after them all.
        own, bound = own.dt.to_string("%Y-%m-%d %H:%M:%S%.3f"), pl.lit(text.replace("T", " ") + ("" if lower else "~"))
    return own >= bound if lower else own <= bound


def _number(text: str) -> pl.Expr:
    return pl.lit(text).cast(pl.Float64, strict=False)


def _truth(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase().replace({"1": "true", "0": "false"})
