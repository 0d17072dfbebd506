"""Which column of a table is which field."""

from collections.abc import Sequence
from dataclasses import dataclass

from exports.exceptions import InvalidFile
from exports.types import Field

_SHOWN = 10
"""Headers that an error quotes."""


@dataclass(frozen=True, kw_only=True)
class Header:
    """The first row of a table, understood."""

    titles: tuple[str, ...]
    """What stands above each column; ``column 3`` above one without a header."""
    fields: tuple[Field | None, ...]
    """The field of each column; None for a column of none."""

    @property
    def ignored(self) -> tuple[str, ...]:
        """The titles of columns that are no field."""
        return tuple(title for title, field in zip(self.titles, self.fields, strict=True) if field is None)


def understood(cells: Sequence[str], fields: Sequence[Field]) -> Header:
    """Return the header that ``cells`` are: names, labels or aliases of fields, whatever their case and blanks around.

    Raises InvalidFile where no column is a field, two columns are the same, or one may be two.
    """
    columns = fields_of(cells, fields)
    titles = tuple(cell.strip() or f"column {place}" for place, cell in enumerate(cells, start=1))
    header = Header(titles=titles, fields=columns)
    _refuse_twins(header)
    if not any(columns):
        quoted = ", ".join(f"'{title[:50]}'" for title in titles[:_SHOWN])
        known = ", ".join(f"'{field.name}'" for field in fields)
        raise InvalidFile(f"The first row must name the fields {known}; none of its cells does: {quoted}.")
    return header


def fields_of(cells: Sequence[str], fields: Sequence[Field]) -> tuple[Field | None, ...]:
    """Return the field each cell names; None where it names none. Raises InvalidFile where it may be two."""
    return tuple(_field(cell, fields) for cell in cells)


def _field(cell: str, fields: Sequence[Field]) -> Field | None:
    """Return the field a cell names; a name counts before a label, and a label before an alias."""
    if not (key := _key(cell)):
        return None
    for spelled in (_names, _labels, _aliases):
        found = [field for field in fields if key in map(_key, spelled(field))]
        if len(found) > 1:
            names = " or ".join(f"'{field.name}'" for field in found)
            raise InvalidFile(f"Column '{cell.strip()}' may be the field {names}; put that name above it.")
        if found:
            return found[0]
    return None


def _refuse_twins(header: Header) -> None:
    seen: dict[str, str] = {}
    for title, field in zip(header.titles, header.fields, strict=True):
        if field and field.name in seen:
            raise InvalidFile(
                f"Columns '{seen[field.name]}' and '{title}' are both the field '{field.name}'.", field=field.name
            )
        if field:
            seen[field.name] = title


def _key(text: str) -> str:
    return text.strip().casefold()


def _names(field: Field) -> tuple[str, ...]:
    return (field.name,)


def _labels(field: Field) -> tuple[str, ...]:
    return (field.label,)


def _aliases(field: Field) -> tuple[str, ...]:
    return field.aliases
