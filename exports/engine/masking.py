"""Values that are hidden from whoever asked: one text for every record, so that not even an empty one tells itself."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TypeVar

import polars as pl

from .table import Table, misfit_name

MASK = "***"

Known = TypeVar("Known")


def masked(table: Table, names: Collection[str]) -> Table:
    """Return the table with the mask in the columns of some fields, and without all that was known of their values."""
    if not names:
        return table
    kept = table.frame.drop([misfit_name(name) for name in names], strict=False)
    return replace(
        table,
        frame=kept.with_columns(pl.lit(MASK).alias(name) for name in names),
        widths={**_without(table.widths, names), **dict.fromkeys(names, len(MASK))},
        traits=_without(table.traits, names),
        noticed=tuple(each for each in table.noticed if not _is_of(each.column, names)),
    )


def _without(known: Mapping[str, Known], names: Collection[str]) -> dict[str, Known]:
    return {column: value for column, value in known.items() if not _is_of(column, names)}


def _is_of(column: str, names: Collection[str]) -> bool:
    """Tell whether a column, or a member of its related rows (``payments.amount``), is one of the fields."""
    return column in names or column.partition(".")[0] in names
