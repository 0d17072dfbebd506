"""Records that are columns of text already, beside those of ``decode``."""

import polars as pl

from exports.types import Field

from .decode import ALL


class ColumnRecords:
    """Records that are columns of text already, such as those of a CSV file."""

    def __init__(self, frame: pl.DataFrame) -> None:
        """Take ``String`` columns named after their fields; a field without one is absent everywhere."""
        self._frame = frame

    def __len__(self) -> int:
        return self._frame.height

    def values(self, field: Field, rows: slice = ALL) -> pl.Series:
        """Return the texts of a field as a column."""
        return self._frame.get_column(field.name, default=self._absent(field))[rows]

    def texts(self, field: Field) -> list[str | None]:
        """Return the texts of a field."""
        return self.values(field).to_list()

    def _absent(self, field: Field) -> pl.Series:
        return pl.Series(field.name, [None], dtype=pl.String).new_from_index(0, len(self))
