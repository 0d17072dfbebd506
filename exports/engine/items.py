"""Related rows out of the JSON they came in: what all lists of a column hold, as one source of records."""

from itertools import chain
from typing import Any, cast

import msgspec
import numpy as np
import polars as pl

from exports.types import Field, Kind, Related

from .decode import ALL, decode_each

_decode = msgspec.json.Decoder(list[msgspec.Raw]).decode
_NOTHING = b"{}"
_DEEP = 200
"""Levels from which on the decoder may not go to the end of a value: that depends on how deep its callers are."""
_SPARE = 100
"""Levels that a value may be nested deeper, so that it is decoded wherever it is decoded again."""


class Items:
    """The related rows of some records, in their order: a ``decode.Source`` of the fields of ``related``.

    What is no object is kept: its text becomes the value of ``holder``. So does, as one row, a list that is no array,
    and each of ``others``: what stands where a record has no list.
    """

    def __init__(self, lists: pl.Series, field: Field, others: pl.Series | None = None) -> None:
        """Take the lists apart; ``field`` has related rows."""
        self.related = cast(Related, field.related)
        found = list(map(_items, lists.to_list()))
        for row, text in zip(found, () if others is None else others.to_list(), strict=False):
            row += [text] if text else []
        rows = list(chain.from_iterable(found))
        counts = np.fromiter(map(len, found), np.int64, len(found))
        self.owners = pl.Series(np.repeat(np.arange(len(found)), counts))
        """The place of each row's record."""
        self.kept = {place: _text(row) for place, row in enumerate(rows) if not _is_object(row)}
        """Texts of the rows that are no objects, by place; None for a null."""
        fields = self.related.fields
        self.holder = next((member for member in fields if member.kind is Kind.TEXT), fields[0])
        """The first field of texts."""
        objects = [_NOTHING if isinstance(row, str) or place in self.kept else row for place, row in enumerate(rows)]
        self._records = decode_each(objects, fields)

    def __len__(self) -> int:
        return len(self._records)

    def values(self, field: Field, rows: slice = ALL) -> list[Any]:
        """Return the values of a field; floats are the text they came as."""
        return self._with_kept(field, self._records.values(field, rows), rows.start or 0)

    def texts(self, field: Field) -> list[str | None]:
        """Return the texts of a field."""
        return self._with_kept(field, self._records.texts(field), 0)

    def _with_kept(self, field: Field, values: list[Any], first: int) -> list[Any]:
        if not self.kept or field.name != self.holder.name:
            return values
        return [self.kept.get(place, value) for place, value in enumerate(values, first)]


def _items(text: str | None) -> list[bytes | str]:
    """Return the items of an array as they came; what is no array is one item, a text."""
    if text is None:
        return []
    try:
        return list(map(bytes, _decode(text)))
    except (msgspec.DecodeError, RecursionError):
        return [text]


def _is_object(row: bytes | str) -> bool:
    return isinstance(row, bytes) and row.startswith(b"{") and not _is_too_deep(row)


def _is_too_deep(row: bytes) -> bool:
    if len(row) < 2 * _DEEP or row.count(b"[") + row.count(b"{") < _DEEP:
        return False
    try:
        msgspec.json.decode(b"[" * _SPARE + row + b"]" * _SPARE, type=object)
    except RecursionError:
        return True
    return False


def _text(row: bytes | str) -> str | None:
    if isinstance(row, str):
        return row
    if row == b"null":
        return None
    return str(msgspec.json.decode(row)) if row.startswith(b'"') else row.decode()
