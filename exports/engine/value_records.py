"""Records that are Python values already, such as rows of a database, beside those of ``decode``."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from exports.exceptions import InvalidRecord
from exports.types import Field

from .decode import ALL
from .lexical import text_of

ROWS_AT_ONCE = 256
"""Rows that are tuples at a time. Python looks through all tuples there are again and again while more are made: with
all of a page at once, 196,000 x 13 from SQLite took 1.2 s instead of 0.85."""


def transposed(rows: Iterable[Sequence[Any]], width: int) -> list[list[Any]]:
    """Return the columns of rows that have ``width`` values each; rows are taken as they are needed."""
    columns: list[list[Any]] = [[] for _ in range(width)]
    rows = iter(rows)
    while some := list(islice(rows, ROWS_AT_ONCE)):
        for column, values in zip(columns, zip(*some, strict=True), strict=True):
            column.extend(values)
    return columns


class ValueRecords:
    """Records whose values stand in columns."""

    def __init__(self, columns: Mapping[str, Sequence[Any]], count: int) -> None:
        """Take the values of each key in order, ``count`` of them."""
        self._columns, self._count = columns, count

    def __len__(self) -> int:
        return self._count

    def values(self, field: Field, rows: slice = ALL) -> list[Any]:
        """Return the values of a field; a name no column has is absent everywhere."""
        column = next((self._columns[key] for key in (field.name, *field.aliases) if key in self._columns), None)
        return [None] * len(range(self._count)[rows]) if column is None else list(column[rows])

    def texts(self, field: Field) -> list[str | None]:
        """Return the texts of a field. Raises InvalidRecord for a value that has none, such as an image."""
        texts: list[str | None] = []
        for row, value in enumerate(self.values(field), start=1):
            try:
                texts.append(text_of(value))
            except TypeError as error:
                sentence = f"Record {row}, field '{field.name}': {error}"
                raise InvalidRecord(sentence, row=row, field=field.name) from error
        return texts
