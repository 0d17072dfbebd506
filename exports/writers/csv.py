"""CSV after RFC 4180: UTF-8 with a byte-order mark, CRLF, every value as its text, nothing a spreadsheet would run."""

import codecs
import re
from collections.abc import Collection
from typing import IO

import polars as pl

from exports.types import Column, Layout

from .base import Writer
from .behind import Behind
from .blocks import lines
from .moments import time_text
from .neutral import neutral

_LINE_END = "\r\n"


class CsvWriter(Writer):
    """Numbers keep their digits, times are ISO 8601; null is an empty cell and an empty text is ``""``."""

    extension = ".csv"
    media_type = "text/csv; charset=utf-8"

    def __init__(self, file: IO[bytes], layout: Layout, *, first_row: int = 1) -> None:
        super().__init__(file, layout, first_row=first_row)
        self._behind = Behind(self._append)
        # Excel shows UTF-8 wrongly without a byte-order mark.
        self._behind.write(codecs.BOM_UTF8)
        headers = pl.DataFrame([[column.header] for column in layout.columns], orient="col")
        self._pour(headers.select(neutral(pl.col(name)) for name in headers.columns))

    def _write(self, rows: pl.DataFrame) -> None:
        bare = [column.name for column in self.layout.columns if _is_bare(column, rows)]
        self._pour(rows.select(cell_text(column, rows).alias(column.name) for column in self.layout.columns), bare)

    def _pour(self, cells: pl.DataFrame, bare: Collection[str] = ()) -> None:
        """Write cells as lines; those of the columns ``bare`` are known to need no quotes."""
        delimiter = self.layout.delimiter
        quoted = [_quoted(pl.col(name), delimiter) for name in cells.columns if name not in bare]
        for block in lines(cells.with_columns(quoted), _LINE_END, separator=delimiter, quote_style="never"):
            self._behind.write(block)

    def _close(self) -> tuple[int, int]:
        # Nothing follows the last row, and the file is its content.
        self._behind.finish()
        return self.content_size, self.content_crc

    def _append(self, content: bytes | memoryview) -> None:
        self._measure(content)
        self.file.write(content)


def cell_text(column: Column, rows: pl.DataFrame) -> pl.Expr:
    """Return the text of a column's cells, misfits among them."""
    value = pl.col(column.name)
    if column.kind.is_temporal:
        value = time_text(column, rows[column.name])
    elif not (column.kind.is_number or column.plain):
        value = neutral(value)
    misfit = f"{column.name}?"
    return pl.coalesce(value, neutral(pl.col(misfit))) if misfit in rows.columns else value


def _is_bare(column: Column, rows: pl.DataFrame) -> bool:
    """Tell whether it is known that no cell of a column needs quotes."""
    known = column.plain or column.kind.is_number or column.kind.is_temporal
    return known and f"{column.name}?" not in rows.columns


def _quoted(text: pl.Expr, delimiter: str) -> pl.Expr:
    """Put quotes where RFC 4180 wants them, and around an empty text, which without them would be an absent one.

    Polars' own search for a reason in every cell takes as long as writing.
    """
    inside = text.str.replace_all('"', '""', literal=True)
    needs = text.str.contains(rf'["\r\n{re.escape(delimiter)}]') | (text == "")
    return pl.when(needs).then(pl.concat_str(pl.lit('"'), inside, pl.lit('"'))).otherwise(text).name.keep()
