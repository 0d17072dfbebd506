"""What reading has in common in every format: records are counted, so that each error can name its row."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import IO

from exports.engine.decode import Source
from exports.types import Field


class Batches(Iterator[Source]):
    """The records of one file, some at a time; ``exports.sources.files.batches`` makes it."""

    def __init__(self, file: IO[bytes], fields: Sequence[Field], rows: int) -> None:
        self.file, self.fields, self.rows = file, fields, rows
        self.count = 0
        """Records handed out so far."""
        self.ignored_columns: tuple[str, ...] = ()
        """Headers of columns that belong to no field; known from the first batch on. Members of JSON are not listed."""
        self.ignored_sheets: tuple[str, ...] = ()
        """Names of the sheets behind the first; known from the first batch on."""
        self._sources = self._read()

    def __next__(self) -> Source:
        source = next(self._sources)
        self.count += len(source)
        return source

    @abstractmethod
    def _read(self) -> Iterator[Source]:
        """Yield the records in order, at most ``rows`` at a time; ``count`` are handed out already."""
