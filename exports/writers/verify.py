"""A finished file held against what its writer said, read back from disk by other code than wrote it."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from itertools import zip_longest
from pathlib import Path
from typing import Any

import polars as pl
from isal import isal_zlib

from exports.exceptions import BuildError, VerificationFailed
from exports.types import CheckedFile, Column, Layout, WrittenFile

from . import reading_class

_BLOCK = 1 << 20


class Reading(ABC):
    """How a format is read back."""

    def __init__(self, path: Path, layout: Layout, written: WrittenFile) -> None:
        self.path, self.layout, self.written = path, layout, written
        self.held = ExitStack()

    def close(self) -> None:
        """Let go of what is held open."""
        self.held.close()

    @abstractmethod
    def content(self) -> Iterator[bytes]:
        """Yield the content in the order it was written, before compression; VerificationFailed where it is damaged."""

    @abstractmethod
    def count_rows(self, blocks: Iterable[bytes]) -> Iterator[int]:
        """Yield how many records and related rows end in each block of content, headers not counted."""

    @abstractmethod
    def cells(self) -> Iterator[list[Any]]:
        """Yield the rows, the header first, as an independent reader of the format sees them."""

    def related_cells(self, place: int) -> Iterator[list[Any]]:
        """Yield those of one of ``layout.related_sheets``; asked only of formats that have sheets."""
        raise NotImplementedError

    @abstractmethod
    def expected(self, column: Column, rows: pl.DataFrame) -> list[Any]:
        """Return what ``cells`` must yield for a column of a shaped frame."""

    @abstractmethod
    def expected_header(self, column: Column) -> str:
        """Return what ``cells`` must yield for a header."""

    def same(self, found: Any, right: Any) -> bool:
        """Return whether a cell is what it must be."""
        return bool(found == right) and type(found) is type(right)


def verify(
    path: Path,
    format: str,
    written: WrittenFile,
    layout: Layout,
    expected_slices: Iterable[pl.DataFrame] | None = None,
    expected_related: Sequence[Iterable[pl.DataFrame]] = (),
    *,
    on_block: Callable[[], None] = lambda: None,
) -> CheckedFile:
    """Read a closed file back and return its size and digest; raise VerificationFailed where it is not what was
    written.

    Always: every byte on disk is the one that was written, every check sum of the format holds, the content has the
    size and CRC-32 the writer counted and as many records. With ``expected_slices`` (the shaped frames that were
    written; ``expected_related`` are those of each related sheet) every cell is compared too, by a second
    implementation, at 100,000 (PDF) to half a million cells a second.
    ``on_block`` is told that the work goes on; what it raises is raised.
    """
    checked = _read(path, written, on_block)
    try:
        with closing(reading_class(format)(path, layout, written)) as reading:
            _compare_content(reading, written, on_block)
            if expected_slices is not None:
                _compare_cells(reading, layout.columns, reading.cells(), expected_slices)
                for place, (sheet, rows) in enumerate(zip(layout.related_sheets, expected_related, strict=True)):
                    _compare_cells(reading, sheet.columns, reading.related_cells(place), rows)
    except BuildError:
        raise
    except Exception as error:
        raise VerificationFailed(f"The file cannot be read back: {error}") from error
    return checked


def _compare_content(reading: Reading, written: WrittenFile, on_block: Callable[[], None]) -> None:
    size = crc = 0

    def measured() -> Iterator[bytes]:
        nonlocal size, crc
        for block in reading.content():
            on_block()
            size, crc = size + len(block), isal_zlib.crc32(block, crc)
            yield block

    rows = sum(reading.count_rows(measured()))
    for what, found, promised in (
        ("rows", rows, written.rows + sum(written.related_rows)),
        ("bytes of content", size, written.content_size),
        ("as the check sum of its content", crc, written.content_crc),
    ):
        if found != promised:
            raise VerificationFailed(f"The file has {found:,} {what}, but {promised:,} were written.")


def _compare_cells(
    reading: Reading, columns: Sequence[Column], cells: Iterable[list[Any]], slices: Iterable[pl.DataFrame]
) -> None:
    # A reader may stop after the last row with a value; how many there are was seen in the content.
    blank = [""] * len(columns)
    pairs = zip_longest(cells, _wanted(reading, columns, slices), fillvalue=blank)
    for number, (found, right) in enumerate(pairs, start=1):
        for column, cell, value in zip_longest(columns, found, right):
            if not reading.same(cell, value):
                raise VerificationFailed(
                    f"Row {number}, column '{column.header}': {cell!r} was read back, not {value!r}."
                )


def _wanted(reading: Reading, columns: Sequence[Column], slices: Iterable[pl.DataFrame]) -> Iterator[Iterable[Any]]:
    yield [reading.expected_header(column) for column in columns]
    for rows in slices:
        yield from zip(*(reading.expected(column, rows) for column in columns), strict=True)


def _read(path: Path, written: WrittenFile, on_block: Callable[[], None]) -> CheckedFile:
    digest, size, crc = hashlib.sha256(), 0, 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            on_block()
            digest.update(block)
            size, crc = size + len(block), isal_zlib.crc32(block, crc)
    if (size, crc) != (written.file_size, written.file_crc):
        raise VerificationFailed("The bytes on disk are not the bytes that were written.")
    return CheckedFile(size=size, sha256=digest.hexdigest())
