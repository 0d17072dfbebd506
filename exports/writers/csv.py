"""CSV after RFC 4180: UTF-8 with a byte-order mark, CRLF, every value as its text, nothing a spreadsheet would run."""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import IO

import polars as pl

from exports.moments import Times, time_text, times_of
from exports.neutral import neutral
from exports.types import Column, Layout, Trait

from .blocks import lines
from .text import TextWriter

_LINE_END = "\r\n"


class CsvWriter(TextWriter):
    """Numbers keep their digits, times are ISO 8601; null is an empty cell and an empty text is ``""``."""

    extension = ".csv"
    media_type = "text/csv; charset=utf-8"

    def __init__(self, file: IO[bytes], layout: Layout, *, first_row: int = 1) -> None:
        super().__init__(file, layout, first_row=first_row)
        # Excel shows UTF-8 wrongly without a byte-order mark.
        self._blocks.put([codecs.BOM_UTF8])
        headers = pl.DataFrame([[column.header] for column in layout.columns], orient="col")
        self._blocks.put(self._lines(headers.select(self._text(name).alias(name) for name in headers.columns)))

    def _write(self, rows: pl.DataFrame) -> None:
        self._blocks.put(self._records(rows), rows=rows.height)

    def _records(self, rows: pl.DataFrame) -> Iterator[bytes]:
        times = times_of(rows, self.layout.columns)
        cells = [self._cell(column, rows, times).alias(column.name) for column in self.layout.columns]
        yield from self._lines(rows.select(cells))

    def _cell(self, column: Column, rows: pl.DataFrame, times: Mapping[str, Times]) -> pl.Expr:
        value = _value(column, times)
        if not (_is_safe(column) or Trait.UNQUOTED in column.traits):
            value = _quoted(value, self.layout.delimiter)
        misfit = f"{column.name}?"
        return pl.coalesce(value, self._text(misfit)) if misfit in rows.columns else value

    def _text(self, name: str) -> pl.Expr:
        return _quoted(neutral(pl.col(name)), self.layout.delimiter)

    def _lines(self, cells: pl.DataFrame) -> Iterator[bytes]:
        # Polars' own search for quotes to put in every cell takes as long as writing.
        return lines(cells, _LINE_END, separator=self.layout.delimiter, quote_style="never")


def cell_text(column: Column, rows: pl.DataFrame) -> pl.Expr:
    """Return the text of a column's cells before quotes are put around it; its traits are not believed."""
    value = _value(replace(column, traits=frozenset()), times_of(rows, [column]))
    misfit = f"{column.name}?"
    return pl.coalesce(value, neutral(pl.col(misfit))) if misfit in rows.columns else value


def _value(column: Column, times: Mapping[str, Times]) -> pl.Expr:
    if column.kind.is_temporal:
        return time_text(column, times[column.name])
    value = pl.col(column.name)
    return value if _is_safe(column) or Trait.OPENS_PLAINLY in column.traits else neutral(value)


def _is_safe(column: Column) -> bool:
    return column.kind.is_number or column.kind.is_temporal


def _quoted(text: pl.Expr, delimiter: str) -> pl.Expr:
    """Put quotes where RFC 4180 wants them, and around an empty text, which without them would be an absent one."""
    special = text.str.contains(rf'["\r\n{re.escape(delimiter)}]') | (text == "")
    inside = text.str.replace_all('"', '""', literal=True)
    return pl.when(special).then(pl.concat_str(pl.lit('"'), inside, pl.lit('"'))).otherwise(text)
