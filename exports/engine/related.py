"""Rows that belong to records: taken out of their lists as typed columns of their own, or joined into one text."""

import polars as pl

from exports.types import RECORD, Field

from .columns import typed
from .items import Items
from .joining import joined
from .labels import relabel
from .table import misfit_name


def exploded(rows: pl.DataFrame, field: Field, key: str, zone: str = "UTC") -> pl.DataFrame:
    """Return the related rows of some records, in their order.

    The frame has the column ``RECORD``, the records' column ``key``, and the members of ``field`` by the names of
    ``Field.members``, codes under their labels; misfits stand beside them, as in every frame. What is no object, in a
    list or instead of one, is a row with its text in the first member of texts.
    """
    misfit = misfit_name(field.name)
    items = Items(rows[field.name], field, rows[misfit] if misfit in rows.columns else None)
    members = pl.DataFrame(list(typed(items, items.related.fields, zone)))
    members = members.rename({name: f"{field.name}.{name}" for name in members.columns})
    labelled = members.with_columns(relabel(member) for member in field.members if member.labels)
    keys = rows.select(pl.col(name for name in (key, misfit_name(key)) if name in rows.columns).gather(items.owners))
    return pl.concat([items.owners.alias(RECORD).to_frame(), keys, labelled], how="horizontal")


def as_text(rows: pl.DataFrame, field: Field, zone: str = "UTC") -> pl.Series:
    """Return the related rows of each record as one text; null where it has none, or a misfit."""
    items = Items(rows[field.name], field)
    members = pl.DataFrame(list(typed(items, items.related.fields, zone)))
    return joined(items, members, rows.height).alias(field.name)
