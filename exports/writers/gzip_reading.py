"""Reading a gzip file back: inflate it, then read the format inside as its own reading does."""

from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from typing import Any, ClassVar

import polars as pl

from exports.types import Column

from .gzip import unpacked
from .verify import Reading


@cache
def gzipped_reading(inner: type[Reading]) -> type["GzipReading"]:
    """Return how a format inside gzip is read back."""
    return type(f"Gzip{inner.__name__}", (GzipReading,), {"inner": inner})


class GzipReading(Reading):
    """A file of another format, packed."""

    inner: ClassVar[type[Reading]]

    @cached_property
    def _inner(self) -> Reading:
        return self.inner(self.held.enter_context(unpacked(self.path)), self.layout, self.written)

    def content(self) -> Iterator[bytes]:
        """Yield the content of the format inside."""
        return self._inner.content()

    def count_rows(self, blocks: Iterable[bytes]) -> Iterator[int]:
        """Count as the format inside does."""
        return self._inner.count_rows(blocks)

    def cells(self) -> Iterator[list[Any]]:
        """Yield the rows of the format inside."""
        return self._inner.cells()

    def related_cells(self, place: int) -> Iterator[list[Any]]:
        """Yield the related rows of the format inside."""
        return self._inner.related_cells(place)

    def expected(self, column: Column, rows: pl.DataFrame) -> list[Any]:
        """Return what the format inside makes of a column."""
        return self._inner.expected(column, rows)

    def expected_header(self, column: Column) -> str:
        """Return what the format inside makes of a header."""
        return self._inner.expected_header(column)
