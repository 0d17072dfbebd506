"""What a definition file may contain: one struct per table of the TOML file.

Unknown keys and wrong types are refused when a file is decoded; what one name says about another (a template that names
an unknown field) is checked by ``problems``, so that every mistake of a file is reported at once.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Literal

import msgspec

from exports.types import Kind, Operator

_NUMBER_FORMAT_LIMIT = 255
"""Excel's own."""


class FieldDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[fields.NAME]``: one field of the resource."""

    label: str
    kind: Kind = Kind.TEXT
    mapping: str | None = None
    """Name of the table in ``[mappings]`` that turns its codes into labels."""
    aliases: tuple[str, ...] = ()
    sensitive: bool = False


class TemplateDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[templates.NAME]``: which fields, in which order, under which headers."""

    description: str
    fields: tuple[str, ...]
    headers: tuple[str, ...] = ()
    """One per field; without it the fields' labels."""
    sensitive: bool = False
    records_per_file: int
    """How many records a file of a split export holds before the policy adapts it to the count."""
    version: str = ""
    """Shown in the files; without it, a digest of the definition, which changes when the definition does."""
    empty: str = ""
    """What stands where a record has nothing, such as ``N/A``; JSON keeps null."""
    csv_delimiter: Literal[",", ";", "\t", "|"] = ","
    about_sheet: bool | None = None
    """Whether workbooks carry an About sheet; without it, what the dialect's policy says."""
    number_formats: dict[Kind, str] = {}
    """How a spreadsheet shows numbers and times of a kind, in Excel's notation."""


class FilterDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[filters.NAME]``: a filter a caller may ask for and what it compares."""

    label: str
    field: str
    operator: Operator = Operator.EQUALS
    codes: dict[str, str] = {}
    """Words a caller may use instead of the field's codes."""


class SortDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[sort]``: the columns a caller may sort by, and other names for them."""

    columns: tuple[str, ...]
    aliases: dict[str, str] = {}


class ResourceDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of ``templates_config/CATALOGUE/``."""

    label: str
    description: str = ""
    default_template: str = "standard"
    mappings: dict[str, dict[str, str]] = {}
    fields: dict[str, FieldDef]
    templates: dict[str, TemplateDef]
    filters: dict[str, FilterDef] = {}
    sort: SortDef = SortDef(columns=())


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One mistake in a definition: where it is, what is wrong, what to do."""

    key: str
    message: str
    hint: str | None = None


def did_you_mean(name: str, known: Iterator[str] | dict[str, object] | tuple[str, ...]) -> str | None:
    """Return a hint that names the known word nearest to ``name``, if any is near."""
    near = get_close_matches(name, list(known), n=1)
    return f"Did you mean '{near[0]}'?" if near else None


def problems(resource: ResourceDef) -> Iterator[Problem]:
    """Yield every name in a definition that leads nowhere."""
    yield from _mapping_problems(resource)
    yield from _template_problems(resource)
    yield from _filter_and_sort_problems(resource)
    if resource.default_template not in resource.templates:
        yield Problem(
            key="default_template",
            message=f"The default template '{resource.default_template}' does not exist.",
            hint=did_you_mean(resource.default_template, tuple(resource.templates)),
        )


def _mapping_problems(resource: ResourceDef) -> Iterator[Problem]:
    for name, field in resource.fields.items():
        if not name.isidentifier():
            yield Problem(key=f"fields.{name}", message=f"Field name '{name}' is not a plain word.")
        if field.mapping is not None and field.mapping not in resource.mappings:
            yield Problem(
                key=f"fields.{name}.mapping",
                message=f"Field '{name}' names the unknown mapping '{field.mapping}'.",
                hint=did_you_mean(field.mapping, tuple(resource.mappings)),
            )
        if field.kind is Kind.CODE and field.mapping is None:
            yield Problem(key=f"fields.{name}.mapping", message=f"Field '{name}' is a code but names no mapping.")


def _template_problems(resource: ResourceDef) -> Iterator[Problem]:
    for name, template in resource.templates.items():
        where = f"templates.{name}"
        yield from _unknown_fields(resource, f"{where}.fields", f"Template '{name}'", template.fields)
        if template.headers and len(template.headers) != len(template.fields):
            yield Problem(
                key=f"{where}.headers",
                message=f"Template '{name}' has {len(template.fields)} fields but {len(template.headers)} headers.",
            )
        if len(set(template.fields)) != len(template.fields):
            yield Problem(key=f"{where}.fields", message=f"Template '{name}' names a field twice.")
        for kind, shown in template.number_formats.items():
            if not (kind.is_number or kind.is_temporal) or not 0 < len(shown) <= _NUMBER_FORMAT_LIMIT:
                yield Problem(
                    key=f"{where}.number_formats.{kind}",
                    message=f"Template '{name}' gives '{shown}' as the number format of {kind}.",
                    hint="Numbers and times take a format of 1 to 255 characters, such as '#,##0' or 'dd/mm/yyyy'.",
                )
        if template.records_per_file < 1:
            yield Problem(key=f"{where}.records_per_file", message="A file must hold at least one record.")


def _filter_and_sort_problems(resource: ResourceDef) -> Iterator[Problem]:
    for name, filter_ in resource.filters.items():
        yield from _unknown_fields(resource, f"filters.{name}.field", f"Filter '{name}'", (filter_.field,))
    yield from _unknown_fields(resource, "sort.columns", "The sort list", resource.sort.columns)
    yield from _unknown_fields(resource, "sort.aliases", "A sort alias", tuple(resource.sort.aliases.values()))


def _unknown_fields(resource: ResourceDef, key: str, subject: str, names: tuple[str, ...]) -> Iterator[Problem]:
    for name in names:
        if name not in resource.fields:
            yield Problem(
                key=key,
                message=f"{subject} names the unknown field '{name}'.",
                hint=did_you_mean(name, tuple(resource.fields)),
            )
