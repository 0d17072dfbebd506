"""Resources as the rest of the portal sees them: definitions with every name resolved."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite

import msgspec

from exports.exceptions import BadRequest, UnknownName
from exports.types import Column, Condition, Field, Kind, Operator

from .schema import FilterDef, ResourceDef, TemplateDef


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
    empty: str
    csv_delimiter: str
    about_sheet: bool | None
    """None leaves it to the dialect's policy."""
    number_formats: Mapping[Kind, str]


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A filter a caller may ask for."""

    name: str
    label: str
    field: Field
    operator: Operator
    codes: Mapping[str, str]

    def condition(self, value: object) -> Condition:
        """Return the condition for a value a caller gave; a list means any of its values.

        Raises:
            BadRequest: the value is an object, or a list where only one value can be compared.
        """
        if isinstance(value, list) and self.operator in (Operator.EQUALS, Operator.IN):
            return Condition(field=self.field.name, operator=Operator.IN, value=tuple(map(self._code, value)))
        return Condition(field=self.field.name, operator=self.operator, value=self._code(value))

    def _code(self, value: object) -> str:
        if isinstance(value, (list, dict)):
            raise BadRequest(f"Filter '{self.name}' takes a single value.", field=f"filters.{self.name}")
        word = str(value).lower() if isinstance(value, bool) else str(value)
        code = self.codes.get(word.lower(), word)
        if not _fits(code, self.field.kind):
            kind = "number" if self.field.kind.is_number else "date such as 2026-05-15"
            raise BadRequest(f"Filter '{self.name}' takes a {kind}, not '{word[:40]}'.", field=f"filters.{self.name}")
        return code


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
    sort_columns: tuple[str, ...]
    sort_aliases: Mapping[str, str]

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

    def sort_field(self, name: str) -> Field | None:
        """Return the field that a sort column stands for, None where it may not be sorted by."""
        name = self.sort_aliases.get(name, name)
        return self.fields[name] if name in self.sort_columns else None

    def columns(self, template: Template, names: Iterable[str]) -> tuple[Column, ...]:
        """Return columns for the named fields, under the template's headers where it has them."""
        known = {column.name: column for column in template.columns}
        return tuple(
            known.get(name) or Column(field=self.fields[name], header=self.fields[name].label) for name in names
        )


def _fits(text: str, kind: Kind) -> bool:
    """Tell whether a field of this kind can be compared with a text."""
    try:
        if kind.is_number:
            return isfinite(float(text))
        if kind.is_temporal:
            datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def resolve(catalogue: str, name: str, definition: ResourceDef) -> Resource:
    """Turn a checked definition into a resource.

    Raises:
        KeyError: the definition still has the problems that ``schema.problems`` reports.
    """
    fields = {key: _field(key, definition) for key in definition.fields}
    return Resource(
        catalogue=catalogue,
        name=name,
        label=definition.label,
        description=definition.description,
        fields=fields,
        mappings=definition.mappings,
        templates={key: _template(key, definition, fields) for key in definition.templates},
        default_template=definition.default_template,
        filters={key: _filter(key, filter_, fields) for key, filter_ in definition.filters.items()},
        sort_columns=definition.sort.columns,
        sort_aliases=definition.sort.aliases,
    )


def _field(name: str, definition: ResourceDef) -> Field:
    field = definition.fields[name]
    return Field(
        name=name,
        label=field.label,
        kind=field.kind,
        labels=None if field.mapping is None else definition.mappings[field.mapping],
        aliases=field.aliases,
        sensitive=field.sensitive,
    )


def _template(name: str, definition: ResourceDef, fields: Mapping[str, Field]) -> Template:
    template = definition.templates[name]
    headers = template.headers or tuple(fields[key].label for key in template.fields)
    return Template(
        name=name,
        description=template.description,
        columns=tuple(
            Column(field=fields[key], header=header) for key, header in zip(template.fields, headers, strict=True)
        ),
        sensitive=template.sensitive,
        records_per_file=template.records_per_file,
        version=template.version or _digest(template, [fields[key] for key in template.fields]),
        empty=template.empty,
        csv_delimiter=template.csv_delimiter,
        about_sheet=template.about_sheet,
        number_formats=template.number_formats,
    )


def _digest(template: TemplateDef, fields: list[Field]) -> str:
    shapes = [(field.name, field.label, field.kind, field.labels) for field in fields]
    return hashlib.sha256(msgspec.json.encode((template, shapes), order="sorted")).hexdigest()[:8]


def _filter(name: str, definition: FilterDef, fields: Mapping[str, Field]) -> Filter:
    return Filter(
        name=name,
        label=definition.label,
        field=fields[definition.field],
        operator=definition.operator,
        codes=definition.codes,
    )
