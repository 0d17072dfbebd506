"""The related rows of a record as one text."""

import re
from collections.abc import Iterator

import polars as pl

from exports.moments import time_text, times_of
from exports.types import Column, Related

from .items import Items
from .labels import relabel
from .table import misfit_name

_NAME = re.compile(r"\{([^{}]*)\}")
_OWNER, _TEXT = "owner", "text"


def joined(items: Items, members: pl.DataFrame, count: int) -> pl.Series:
    """Return a text for each of ``count`` records: its rows by ``Related.text``, null where it has none.

    ``members`` are the columns of the items, as ``columns.build`` makes them. They read as in a CSV file: codes under
    their labels, times as ISO 8601, nothing where nothing is. A row that is no object reads as it came.
    """
    related = items.related
    shown = members.with_columns(relabel(field) for field in related.fields if field.labels)
    texts = shown.with_columns(pl.concat_str(_pieces(shown, related)).alias(_TEXT))[_TEXT]
    if items.kept:
        texts = texts.scatter(list(items.kept), [text or "" for text in items.kept.values()])
    rows = pl.DataFrame([items.owners.alias(_OWNER), texts])
    by_record = rows.group_by(_OWNER, maintain_order=True).agg(pl.col(_TEXT).str.join(related.separator))
    every = pl.int_range(count, eager=True).alias(_OWNER).to_frame()
    return every.join(by_record, on=_OWNER, how="left", maintain_order="left")[_TEXT]


def _pieces(members: pl.DataFrame, related: Related) -> Iterator[pl.Expr]:
    """Yield what a row's text is made of, words and values in turn."""
    columns = {field.name: Column(field=field, header=field.label) for field in related.fields}
    times = times_of(members, columns.values())
    for place, piece in enumerate(_NAME.split(related.text)):
        if place % 2 == 0:
            yield pl.lit(piece)
            continue
        column = columns[piece]
        value = time_text(column, times[piece]) if column.kind.is_temporal else pl.col(piece)
        misfit = misfit_name(piece)
        yield (pl.coalesce(value, misfit) if misfit in members.columns else value).fill_null("")
