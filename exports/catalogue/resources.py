"""Resources as the rest of the portal sees them: definitions with every name resolved (``resolve``)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from exports.exceptions import UnknownName
from exports.types import Column, Field, Kind, Operator

from .filters import Filter
from .source_schema import Source


@dataclass(frozen=True, kw_only=True)
class Template:
    """A choice of columns under a name."""

    name: str
    description: str
    columns: tuple[Column, ...]
    sensitive: bool
    records_per_file: int
    """Base size of one file of a split export; the dialect's policy adapts it to the count."""
    version: str
    """Changes when what the files look like does."""
    custom: int | None = None
    """Row of its version where somebody made it; None where the definition files have it."""
    empty: str
    csv_delimiter: str
    about_sheet: bool | None
    """None leaves it to the dialect's policy."""
    number_formats: Mapping[Kind, str]
    include: tuple[str, ...]
    """Options that are on unless a request turns them off."""
    keys: Mapping[str, str]
    """Names of members in JSON by field, where they are not the fields' own."""
    related_sheets: bool
    """Whether a workbook shows related rows on sheets of their own."""
    max_records_single_file: int | None
    """Records one file holds at most; None leaves it to the dialect's policy."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """Something that may be turned on or off in a request."""

    name: str
    label: str
    fields: tuple[str, ...]
    """Columns that are added, or left out."""
    sort: tuple[str, ...]
    """What records are sorted by first."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One kind of record that can be exported."""

    catalogue: str
    name: str
    label: str
    description: str
    fields: Mapping[str, Field]
    mappings: Mapping[str, Mapping[str, str]]
    templates: Mapping[str, Template]
    default_template: str
    filters: Mapping[str, Filter]
    options: Mapping[str, Option]
    sort_columns: tuple[str, ...]
    sort_aliases: Mapping[str, str]
    key: str
    """The field that is different for every record."""
    program: str
    """The field that says which programme a record belongs to; empty where there are none."""
    watermark_overlap: int
    """Seconds before the newest change of the last run that are looked at again."""
    watermark: str
    """The field that says when a record was changed last; empty where nobody knows."""
    breakdown: str
    """The field that statistics count records by; empty for none."""
    source: Source | None
    """How the source database is asked for records; None where they only come with requests."""

    def template(self, name: str | None) -> Template:
        """Return a template by name, the default one for None.

        Raises:
            UnknownName: in the wording of document 001, "Error Handling".
        """
        name = name or self.default_template
        if name not in self.templates:
            raise UnknownName(
                f"Template '{name}' not found for {self.name}", field="template", allowed=list(self.templates)
            )
        return self.templates[name]

    def limits(self, filter_name: str) -> bool:
        """Tell whether a filter says how many records are wanted at most."""
        known = self.filters.get(filter_name)
        return known is not None and known.operator is Operator.LIMIT

    def sort_field(self, name: str) -> Field | None:
        """Return the field that a sort column stands for, None where it may not be sorted by."""
        name = self.sort_aliases.get(name, name)
        return self.fields[name] if name in self.sort_columns else None

    def columns(self, template: Template, names: Iterable[str]) -> tuple[Column, ...]:
        """Return columns for the named fields, under the template's headers where it has them."""
        known = {column.name: column for column in template.columns}
        return tuple(known.get(name) or self._column(template, name) for name in names)

    def _column(self, template: Template, name: str) -> Column:
        field = self.fields[name]
        return Column(field=field, header=field.label, key=template.keys.get(name, ""))
