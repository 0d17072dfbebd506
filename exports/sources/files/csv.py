"""CSV after RFC 4180 in UTF-8, with a header.

Lines are cut and their quotes checked by ``csv_lines``; Polars parses what passes, every cell as its text. With the
csv module, whose rows become columns cell by cell, 100,000 records of 15 columns take twice as long.
"""

import codecs
import csv
import io
from collections.abc import Iterator

import polars as pl

from exports.engine.column_records import ColumnRecords
from exports.engine.decode import Source
from exports.exceptions import InvalidFile, InvalidRecord
from exports.neutral import original

from .base import Batches
from .blocks import blocks
from .csv_lines import Lines
from .header import Header, fields_of, understood

_DELIMITERS = ",;\t|"


class CsvBatches(Batches):
    """An empty cell is null, ``""`` too: most programs write both for nothing.

    A line with fewer cells than the header lacks the last fields, one with more is refused. An empty line is no record,
    unless there is but one column. An apostrophe that our own files have before what looks like a formula is undone.
    """

    _header: Header | None = None
    _delimiter = ","
    _line = 1
    """Number in the file of the line that is read next."""

    def _read(self) -> Iterator[Source]:
        for block in blocks(self.file, self._end, lambda: self.count + 1):
            if self._header is None:
                self._delimiter, self._header = self._understood(block)
                self.ignored_columns = self._header.ignored
            else:
                yield from self._parts(Lines(block), self._header)
            self._line += block.count(b"\n")
        if self._header is None:
            raise InvalidFile("The file is empty; its first line must name the fields.")

    def _end(self, text: bytes, whole: bool) -> int:
        lines = Lines(text)
        if self._header is None:
            return lines.first_end or (len(text) if whole else 0)
        if flaw := lines.flaw(self._delimiter, whole=whole):
            raise self._refusal(lines, self._header, *flaw)
        return len(text) if whole else lines.last_end

    def _understood(self, line: bytes) -> tuple[str, Header]:
        """Return the delimiter that leaves most cells to be fields, and the header it makes."""
        try:
            text = line.decode()
        except UnicodeDecodeError as error:
            raise InvalidFile("Line 1 is not valid UTF-8.") from error
        found = {delimiter: cells for delimiter in _DELIMITERS if (cells := _cells(text, delimiter))}
        if not found:
            raise InvalidFile("Line 1 is no header: its quotes are not those of CSV, or it does not end in LF or CRLF.")
        known = {delimiter: sum(map(bool, fields_of(cells, self.fields))) for delimiter, cells in found.items()}
        best = max(found, key=lambda delimiter: (known[delimiter], len(found[delimiter])))
        return best, understood(found[best], self.fields)

    def _parts(self, lines: Lines, header: Header) -> Iterator[Source]:
        frame = self._parsed(lines, header)
        fields = {f"{place}": field.name for place, field in enumerate(header.fields) if field}
        texts = _original(frame.select(pl.col(column).alias(name) for column, name in fields.items()))
        for first in range(0, texts.height, self.rows):
            yield ColumnRecords(texts.slice(first, self.rows))

    def _parsed(self, lines: Lines, header: Header) -> pl.DataFrame:
        self._check_text(lines, header)
        text = lines.text if len(header.fields) == 1 else lines.without_blank()
        # Polars takes a byte-order mark off, which here belongs to the first cell.
        text = codecs.BOM_UTF8 + text if text.startswith(codecs.BOM_UTF8) else text
        try:
            return pl.read_csv(
                text,
                has_header=False,
                separator=self._delimiter,
                schema={f"{place}": pl.String for place in range(len(header.fields))},
                missing_columns="insert",
                raise_if_empty=False,
            )
        except pl.exceptions.PolarsError as error:
            if flaw := lines.too_wide(self._delimiter, len(header.fields)):
                raise self._refusal(lines, header, *flaw) from error
            raise

    def _check_text(self, lines: Lines, header: Header) -> None:
        try:
            lines.text.decode()
        except UnicodeDecodeError as error:
            raise self._refusal(lines, header, error.start, "is not valid UTF-8.") from error

    def _refusal(self, lines: Lines, header: Header, position: int, sentence: str) -> InvalidRecord:
        line, cell = lines.place(position, self._delimiter)
        blank = 0 if len(header.fields) == 1 else int(lines.blank[:line].sum())
        row = self.count + line - blank + 1
        number = self._line + lines.text.count(b"\n", 0, position)
        title = header.titles[cell] if cell < len(header.titles) else str(cell + 1)
        return InvalidRecord(f"Record {row} (line {number}), column '{title}': {sentence}", row=row, field=title)


def _cells(line: str, delimiter: str) -> list[str]:
    """Return the cells of a header; none where the line is not one row with that delimiter."""
    try:
        rows = list(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return []
    cells = pl.DataFrame({"cells": rows[0]}, schema={"cells": pl.String}) if len(rows) == 1 else pl.DataFrame()
    return _original(cells).to_series().fill_null("").to_list() if cells.height else []


def _original(frame: pl.DataFrame) -> pl.DataFrame:
    """Undo apostrophes, and take an empty text for none."""
    # Few columns hold either: to look for them costs a fraction of what the rules do.
    guarded = frame.select(pl.all().str.starts_with("'").any())
    frame = frame.with_columns(original(pl.col(name)) for name in frame.columns if guarded[name][0])
    empty = frame.select((pl.all() == "").any())
    return frame.with_columns(pl.col(name).replace("", None) for name in frame.columns if empty[name][0])
