"""What a wish for an export means: every name resolved, every choice made, or an error that says what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from . import catalogue
from .catalogue import Policy, Resource, Template
from .delivery import names
from .exceptions import BadRequest, UnknownName
from .types import Condition, DataWarning, ExportSpec, Field, Format, Sorting

MAX_NOTE_BYTES, MAX_NOTE_DEPTH = 64 * 1024, 32
"""Most that filters or options may weigh, and how deep they may be nested: they are kept with the export for ever."""


@dataclass(frozen=True, kw_only=True)
class ValidSpec:
    """A request with every name resolved."""

    policy: Policy
    resource: Resource
    template: Template
    format: Format
    file_name: str | None
    sheet_name: str
    conditions: Sequence[Condition]
    sorting: Sequence[Sorting]
    warnings: Sequence[DataWarning]

    @property
    def fields(self) -> list[Field]:
        """The fields to read: those of the columns, and what is filtered and sorted by."""
        names = [column.name for column in self.template.columns]
        names += [condition.field for condition in self.conditions]
        names += [sorting.field for sorting in self.sorting]
        return [self.resource.fields[name] for name in dict.fromkeys(names)]


def validate(spec: ExportSpec) -> ValidSpec:
    """Resolve every name of a wish.

    Raises:
        UnknownName: resource, template, format or filter; the message names it and what there is.
        InvalidFilename, InvalidSheetName, BadRequest: the message names the field.
    """
    _check_note("filters", spec.filters)
    _check_note("options", spec.options)
    policy = catalogue.policy(spec.dialect)
    resource = catalogue.resource(policy.catalogue, spec.resource)
    format = _format(spec.format, policy)
    sorting, warnings = _sorting(spec, resource)
    return ValidSpec(
        policy=policy,
        resource=resource,
        template=resource.template(spec.template),
        format=format,
        file_name=spec.filename and names.checked_filename(spec.filename, format, policy.max_filename),
        sheet_name=names.checked_sheet_name(spec.sheet_name) if spec.sheet_name else resource.label,
        conditions=_conditions(spec, resource),
        sorting=sorting,
        warnings=warnings,
    )


def _check_note(name: str, note: Mapping[str, Any]) -> None:
    """Refuse what no database keeps as it came."""
    if _is_deeper(note, MAX_NOTE_DEPTH):
        raise BadRequest(f"Field '{name}' must not be nested deeper than {MAX_NOTE_DEPTH} levels.", field=name)
    text = msgspec.json.encode(note)
    if len(text) > MAX_NOTE_BYTES:
        raise BadRequest(f"Field '{name}' must not be larger than {MAX_NOTE_BYTES:,} bytes.", field=name)
    # PostgreSQL keeps no NUL, in whatever spelling.
    if rb"\u0000" in text:
        raise BadRequest(f"Field '{name}' must not contain the character U+0000.", field=name)


def _is_deeper(value: object, levels: int) -> bool:
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return levels < 0 or any(_is_deeper(each, levels - 1) for each in inner)


def _format(name: str | None, policy: Policy) -> Format:
    name = name or policy.default_format
    if name not in policy.formats:
        raise UnknownName(
            f"Format '{name}' is not available. Available formats: {', '.join(policy.formats)}.", field="format"
        )
    return Format(name)


def _sorting(spec: ExportSpec, resource: Resource) -> tuple[list[Sorting], list[DataWarning]]:
    """Return the order asked for; a column that cannot be sorted by is ignored, and the export says so."""
    name = spec.options.get("sort_by")
    if not name:
        return [], []
    descending = _direction(spec.options.get("sort_order") or "asc")
    field = resource.sort_field(name) if isinstance(name, str) else None
    if field is None:
        return [], [DataWarning(code="sort_ignored", column=str(name)[:64], count=1)]
    return [Sorting(field=field.name, descending=descending)], []


def _direction(word: object) -> bool:
    if str(word).lower() not in ("asc", "desc"):
        raise BadRequest("Field 'options.sort_order' must be 'asc' or 'desc'.", field="options.sort_order")
    return str(word).lower() == "desc"


def _conditions(spec: ExportSpec, resource: Resource) -> list[Condition]:
    """Return the filters to apply: none unless asked, because the caller has filtered already."""
    asked_for = spec.options.get("apply_filters") or False
    # Whoever means 1 or "true" would otherwise get records that were to be left out.
    if not isinstance(asked_for, bool):
        raise BadRequest("Field 'options.apply_filters' must be true or false.", field="options.apply_filters")
    if not asked_for:
        return []
    for name in spec.filters:
        if name not in resource.filters:
            known = ", ".join(resource.filters)
            raise UnknownName(f"Filter '{name}' does not exist. Known filters: {known}.", field=f"filters.{name}")
    asked = {name: value for name, value in spec.filters.items() if value not in (None, "", "all")}
    return [resource.filters[name].condition(value) for name, value in asked.items()]
