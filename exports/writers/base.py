"""What every writer is: the frame is here, the format in its own file."""

from abc import ABC, abstractmethod
from collections import Counter
from typing import IO, ClassVar

import polars as pl
from isal import isal_zlib

from exports.exceptions import LimitExceeded
from exports.types import RECORD, DataWarning, Layout, WrittenFile

_ROWS_NAMED = 10


class Writer(ABC):
    """Writes one file of one format into an open binary file, which it neither opens nor closes."""

    extension: ClassVar[str]
    """With the dot."""
    media_type: ClassVar[str]
    max_rows: int | None = None
    """Records a file of the format can hold, headers not counted; None where nothing limits them."""
    max_columns: ClassVar[int | None] = None

    def __init__(self, file: IO[bytes], layout: Layout, *, first_row: int = 1) -> None:
        """Start a file. ``first_row`` is the number its first record has in the whole export; warnings use it.

        ``file`` is written from front to back, so that it may be read meanwhile. Raises LimitExceeded for more columns
        than the format holds.
        """
        if self.max_columns is not None and len(layout.columns) > self.max_columns:
            raise LimitExceeded(
                f"A {self.extension} file holds {self.max_columns:,} columns; this one needs {len(layout.columns):,}.",
                columns=len(layout.columns),
            )
        self.file = file
        self.layout = layout
        self.rows = 0
        self.related_rows = [0] * len(layout.related_sheets)
        self._first_row = first_row
        self.content_size = 0
        self.content_crc = 0
        self._counts: Counter[tuple[str, str]] = Counter()
        self._warned_rows: dict[tuple[str, str], list[int]] = {}
        self._details: dict[tuple[str, str], dict[str, None]] = {}

    def write(self, rows: pl.DataFrame) -> None:
        """Append rows: a frame as the engine shapes it, any number of rows. Raises LimitExceeded."""
        if self.max_rows is not None and self.rows + rows.height > self.max_rows:
            raise LimitExceeded(
                f"A {self.extension} file holds {self.max_rows:,} records; this one needs more.", rows=self.max_rows
            )
        if rows.height:
            self._write(rows)
        self.rows += rows.height

    def write_related(self, place: int, rows: pl.DataFrame) -> None:
        """Append rows to one of ``layout.related_sheets``: a frame of ``engine.related``, any number of rows.

        The records come first, then the sheets in their order. Raises LimitExceeded, which says how many records fit.
        """
        done = self.related_rows[place]
        if self.max_rows is not None and done + rows.height > self.max_rows:
            label = self.layout.related_sheets[place].label
            raise LimitExceeded(
                f"A {self.extension} file holds {self.max_rows:,} rows of '{label}'; these records have more.",
                rows=rows[RECORD][self.max_rows - done],
            )
        if rows.height:
            self._write_related(place, rows)
        self.related_rows[place] += rows.height

    def close(self) -> WrittenFile:
        """Finish the file and say what is in it. The file object stays open."""
        file_size, file_crc = self._close()
        self.file.flush()
        return WrittenFile(
            rows=self.rows,
            related_rows=tuple(self.related_rows),
            file_size=file_size,
            file_crc=file_crc,
            content_size=self.content_size,
            content_crc=self.content_crc,
            warnings=self.warnings(),
        )

    def warnings(self) -> tuple[DataWarning, ...]:
        """Return what was not written as it is, so far."""
        return tuple(
            DataWarning(
                code=code,
                column=column,
                count=count,
                rows=tuple(self._warned_rows[code, column]),
                detail=", ".join(self._details.get((code, column), ())),
            )
            for (code, column), count in self._counts.items()
        )

    @abstractmethod
    def _write(self, rows: pl.DataFrame) -> None:
        """Append at least one row; ``self.rows`` are written already."""

    def _write_related(self, place: int, rows: pl.DataFrame) -> None:
        """Append at least one related row, as ``write_related``; asked only of formats that have sheets."""
        raise NotImplementedError

    @abstractmethod
    def _close(self) -> tuple[int, int]:
        """Write what comes after the last row; return size and CRC-32 of the whole file."""

    def _measure(self, content: bytes) -> None:
        """Count a piece of the content, before compression."""
        self._count(len(content), isal_zlib.crc32(content))

    def _count(self, size: int, crc: int) -> None:
        """Count a piece that is measured already."""
        self.content_size += size
        self.content_crc = isal_zlib.crc32_combine(self.content_crc, crc, size)

    def _warn(self, code: str, column: str, rows: list[int], detail: str = "") -> None:
        """Count values that were not written as they are; ``rows`` count from 0 within the file.

        ``column`` is a column of the shaped frame: a field's own or that of its misfits. The first few different
        details are listed.
        """
        column = column.removesuffix("?")
        self._counts[code, column] += len(rows)
        named = self._warned_rows.setdefault((code, column), [])
        named += [self._first_row + row for row in rows[: _ROWS_NAMED - len(named)]]
        details = self._details.setdefault((code, column), {})
        if detail and len(details) < _ROWS_NAMED:
            details[detail] = None
