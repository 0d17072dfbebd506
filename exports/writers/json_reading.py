"""Reading JSON back: a count of lines for every file, the standard library's decoder value by value for small ones."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from exports.exceptions import VerificationFailed
from exports.moments import time_text, times_of
from exports.types import Column, Kind

from .json import LINES_AROUND
from .verify import Reading

_BLOCK = 1 << 20
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


class _Number(str):
    """A number under the digits it has in the file."""

    __slots__ = ()


_decode = json.JSONDecoder(parse_int=_Number, parse_float=_Number).decode


class NdjsonReading(Reading):
    """A file of one object a line."""

    def content(self) -> Iterator[bytes]:
        """Yield the file: nothing in it is compressed."""
        with self.path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block

    def count_rows(self, blocks: Iterable[bytes]) -> Iterator[int]:
        """Count lines: inside a string a line feed is written as an escape."""
        for block in blocks:
            yield block.count(b"\n")

    def cells(self) -> Iterator[list[Any]]:
        """Yield the names of the fields, then the values of each record."""
        with self.path.open(encoding="utf-8") as file:
            yield from self._values(map(_decode, file))

    def expected(self, column: Column, rows: pl.DataFrame) -> list[Any]:
        """Return the values of a column: numbers by their digits, misfits as text."""
        values = rows[column.name]
        if column.kind.is_temporal:
            values = rows.select(time_text(column, times_of(rows, [column])[column.name], "T")).to_series()
        misfits = rows[f"{column.name}?"].to_list() if f"{column.name}?" in rows.columns else [None] * rows.height
        return [
            misfit if value is None else _read(column, value)
            for value, misfit in zip(values.to_list(), misfits, strict=True)
        ]

    def expected_header(self, column: Column) -> str:
        """Return the name of the field."""
        return column.member

    def _values(self, records: Iterable[dict[str, Any]]) -> Iterator[list[Any]]:
        names = [column.member for column in self.layout.columns]
        yield names
        for number, record in enumerate(records, start=1):
            if list(record) != names:
                raise VerificationFailed(f"Record {number} was read back with other fields than were written.")
            yield list(record.values())


class JsonReading(NdjsonReading):
    """A file of one object with metadata and records."""

    def count_rows(self, blocks: Iterable[bytes]) -> Iterator[int]:
        """Count the lines between the first two and the last."""
        yield -LINES_AROUND
        yield from super().count_rows(blocks)

    def cells(self) -> Iterator[list[Any]]:
        """Yield the names of the fields, then the values of each record."""
        yield from self._values(_decode(self.path.read_text(encoding="utf-8"))["records"])


def _read(column: Column, value: str) -> Any:
    if column.kind.is_number:
        return _Number(value)
    if column.kind is Kind.LIST:
        return _decode(value)
    if column.kind is Kind.BOOLEAN and not column.field.labels:
        return _TRUTH.get(value, value)
    return value
