"""Conditions on columns: which rows are wanted. ``sources.sql`` asks a database for the same."""

from collections.abc import Sequence

import msgspec
import polars as pl

from exports.exceptions import UnknownName
from exports.types import Condition, Field, Kind, Operator

from .lexical import FOLDED, folded, text_of
from .table import misfit_name

_LOWER = (Operator.FROM, Operator.MIN, Operator.SINCE)


def condition_met(condition: Condition, fields: Sequence[Field], columns: Sequence[str]) -> pl.Expr:
    """Return whether a row of a table with these columns meets a condition.

    Raises:
        UnknownName: the table lacks a field of the condition.
    """
    return pl.any_horizontal(_met(condition, name, kind_of(name, fields), columns) for name in condition.fields)


def kind_of(name: str, fields: Sequence[Field]) -> Kind:
    """Return the kind of a field. Raises UnknownName."""
    for field in fields:
        if field.name == name:
            return field.kind
    raise UnknownName(f"There is no field '{name}' to filter or sort by.", name=name)


def truth(text: pl.Expr) -> pl.Expr:
    """Return ``true`` or ``false`` for the spellings of a boolean, anything else in lower case."""
    return text.str.to_lowercase().replace({"1": "true", "0": "false"})


def _met(condition: Condition, name: str, kind: Kind, columns: Sequence[str]) -> pl.Expr:
    match condition.operator:
        case Operator.EQUALS | Operator.IN:
            return _any_equal(condition.value, name, kind, columns)
        case Operator.SEARCH:
            return _holds(condition.value, name, columns)
        case Operator.HAS:
            return _has(condition, name)
        case Operator.SINCE:
            return _bounded(condition, name, kind) | pl.col(name).is_null()
    return _bounded(condition, name, kind)


def _values(value: object) -> list[str | None]:
    return list(map(text_of, value)) if isinstance(value, (tuple, list)) else [text_of(value)]


def _any_equal(value: object, name: str, kind: Kind, columns: Sequence[str]) -> pl.Expr:
    return pl.any_horizontal(pl.lit(value=False), *(_equal(name, kind, each, columns) for each in _values(value)))


def _equal(name: str, kind: Kind, value: str | None, columns: Sequence[str]) -> pl.Expr:
    own, misfit = pl.col(name), _misfit(name, columns)
    if value is None:
        return own.is_null() & misfit.is_null()
    if kind.is_number:
        return own.cast(pl.Float64).eq(_number(value)) | misfit.eq(value)
    if kind.is_temporal:
        shown = "%Y-%m-%d" if len(value) == len("2024-01-15") else "%Y-%m-%d %H:%M:%S"
        return own.dt.to_string(shown).eq(value.replace("T", " ")) | misfit.eq(value)
    if kind is Kind.BOOLEAN:
        return truth(own).eq(truth(pl.lit(value)))
    return own.eq(value)


def _bounded(condition: Condition, name: str, kind: Kind) -> pl.Expr:
    lower = condition.operator in _LOWER
    text = text_of(condition.value) or ""
    own, bound = pl.col(name), pl.lit(text)
    if kind.is_number:
        own, bound = own.cast(pl.Float64), _number(text)
    elif kind.is_temporal:
        # Compared as text, "2024-01-15" is before every time of that day and "2024-01-15~" after them all.
        own, bound = own.dt.to_string("%Y-%m-%d %H:%M:%S%.3f"), pl.lit(text.replace("T", " ") + ("" if lower else "~"))
    return own >= bound if lower else own <= bound


def _holds(value: str, name: str, columns: Sequence[str]) -> pl.Expr:
    texts = [pl.col(each).cast(pl.String) for each in (name, f"{name}?") if each in columns]
    return pl.any_horizontal(_folded(text).str.contains(folded(value), literal=True) for text in texts)


def _folded(text: pl.Expr) -> pl.Expr:
    text = text.str.to_lowercase()
    for letter, other in FOLDED:
        text = text.str.replace_all(letter, other, literal=True)
    return text


def _has(condition: Condition, name: str) -> pl.Expr:
    wanted = {each for each in _values(condition.value) if each is not None}

    def found(lists: pl.Series) -> pl.Series:
        held = (set(map(text_of, msgspec.json.decode(text))) if text else set() for text in lists)
        return pl.Series([not wanted.isdisjoint(each) for each in held], dtype=pl.Boolean)

    return pl.col(name).map_batches(found, return_dtype=pl.Boolean)


def _misfit(name: str, columns: Sequence[str]) -> pl.Expr:
    return pl.col(misfit_name(name)) if misfit_name(name) in columns else pl.lit(None, pl.String)


def _number(text: str) -> pl.Expr:
    return pl.lit(text).cast(pl.Float64, strict=False)
