"""What each cell shows to people, as text."""

from collections.abc import Mapping, Sequence

import polars as pl

from exports.moments import Times, time_text, times_of
from exports.types import Column, Kind

_PLAIN_MONEY = r"^-?[0-9]+(?:\.[0-9]+)?$"
_GROUPS = 4
"""Thousands commas of the longest number there is: 15 digits (``engine.kinds``)."""


def texts(columns: Sequence[Column], rows: pl.DataFrame) -> list[list[str]]:
    """Return the texts of each column's cells; nothing where there is no value."""
    times = times_of(rows, columns)
    cells = (_shown(column, rows, times).fill_null("").alias(f"c{place}") for place, column in enumerate(columns))
    return [column.to_list() for column in rows.select(cells)]


def _shown(column: Column, rows: pl.DataFrame, times: Mapping[str, Times]) -> pl.Expr:
    value = pl.col(column.name)
    if column.kind.is_temporal:
        value = time_text(column, times[column.name])
    elif column.kind is Kind.MONEY:
        value = pl.when(value.str.contains(_PLAIN_MONEY)).then(_money(value)).otherwise(value)
    misfit = f"{column.name}?"
    return pl.coalesce(value, pl.col(misfit)) if misfit in rows.columns else value


def _money(value: pl.Expr) -> pl.Expr:
    """Group thousands and show at least two decimals; more digits are never dropped."""
    whole = value.str.extract(r"^(-?[0-9]+)").str.replace(r"([0-9])([0-9]{3})$", "$1,$2")
    for _ in range(_GROUPS - 1):
        whole = whole.str.replace(r"([0-9])([0-9]{3}),", "$1,$2,")
    decimals = value.str.extract(r"\.([0-9]+)$").fill_null("").str.pad_end(2, "0")
    return pl.concat_str(whole, pl.lit("."), decimals)
