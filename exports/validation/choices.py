"""Which records a request wants, and in which order."""

from collections.abc import Iterator, Sequence

from exports.catalogue import Filter, Policy, Resource, Template
from exports.catalogue.filters import fits
from exports.exceptions import BadRequest, NotAllowed, UnknownName
from exports.types import Condition, DataWarning, ExportSpec, Kind, Operator, Sorting

from .columns import is_on
from .wish import LAST_RUN


def sorting_of(
    spec: ExportSpec, resource: Resource, template: Template, policy: Policy
) -> tuple[list[Sorting], list[DataWarning]]:
    """Return the order asked for; a column that cannot be sorted by is refused, or ignored and the export says so."""
    groups = [name for option in resource.options.values() if is_on(spec, option, template) for name in option.sort]
    sorting = [Sorting(field=name) for name in groups if not _is_hidden(spec, resource, name)]
    name = spec.options.get("sort_by")
    if not name:
        return sorting, []
    descending = _direction(spec.options.get("sort_order") or "asc")
    field = resource.sort_field(name) if isinstance(name, str) else None
    if field is not None and not _is_hidden(spec, resource, field.name):
        return [*sorting, Sorting(field=field.name, descending=descending)], []
    if policy.strict:
        known = ", ".join(_sort_names(spec, resource))
        sentence = f"Records cannot be sorted by '{str(name)[:64]}'. Sort columns: {known}."
        raise UnknownName(sentence, field="options.sort_by")
    return sorting, [DataWarning(code="sort_ignored", column=str(name)[:64], count=1)]


def _sort_names(spec: ExportSpec, resource: Resource) -> Iterator[str]:
    for name in (*resource.sort_columns, *resource.sort_aliases):
        if not _is_hidden(spec, resource, resource.sort_aliases.get(name, name)):
            yield name


def _is_hidden(spec: ExportSpec, resource: Resource, field: str) -> bool:
    """Tell whether whoever asks may not know a field's values, so nor their order or which records have one."""
    return resource.fields[field].is_sensitive and not spec.shows_sensitive


def _direction(word: object) -> bool:
    if str(word).lower() not in ("asc", "desc"):
        raise BadRequest("Field 'options.sort_order' must be 'asc' or 'desc'.", field="options.sort_order")
    return str(word).lower() == "desc"


def filters_of(spec: ExportSpec, resource: Resource, policy: Policy, *, wanted: bool) -> list[tuple[Filter, object]]:
    """Return the filters to apply and their values; of records that were sent, none unless that is asked for."""
    wanted = wanted or _flag(spec, "apply_filters")
    for name in spec.filters if wanted or policy.strict else ():
        if name not in resource.filters:
            known = ", ".join(resource.filters)
            raise UnknownName(f"Filter '{name}' does not exist. Known filters: {known}.", field=f"filters.{name}")
        if wanted and any(_is_hidden(spec, resource, field) for field in resource.filters[name].fields):
            sentence = f"Filter '{name}' looks at sensitive values, which this caller may not export."
            raise NotAllowed(sentence, field=f"filters.{name}")
    return [(resource.filters[name], value) for name, value in spec.filters.items()] if wanted else []


def conditions_of(filters: Sequence[tuple[Filter, object]]) -> Iterator[Condition]:
    """Yield what records must fulfil. Raises BadRequest for a value that is no value of its filter."""
    for filter_, value in filters:
        if filter_.operator is not Operator.LIMIT:
            yield from filter_.conditions(value)


def limit_of(filters: Sequence[tuple[Filter, object]]) -> int | None:
    """Return how many records are wanted at most; None for all. Raises BadRequest."""
    limits = [
        filter_.limit(value)
        for filter_, value in filters
        if filter_.operator is Operator.LIMIT and not filter_.wants_all(value)
    ]
    return min(limits, default=None)


def program_of(spec: ExportSpec, resource: Resource, in_database: bool) -> Iterator[Condition]:
    """Yield that records must be of the programme asked for, where the source database has them all."""
    if in_database and resource.program and spec.program_id is not None:
        field = resource.fields[resource.program]
        yield Condition(fields=(field.name,), operator=Operator.EQUALS, value=str(spec.program_id), kind=field.kind)


def since_of(spec: ExportSpec, resource: Resource) -> str:
    """Return since when a record must have changed, or LAST_RUN; empty for whenever. Raises BadRequest."""
    value = spec.options.get("since")
    if not value:
        return ""
    if not resource.watermark:
        raise BadRequest(f"Nobody knows when {resource.name} were changed.", field="options.since")
    if value != LAST_RUN and not (isinstance(value, str) and fits(value, Kind.DATETIME)):
        sentence = f"Field 'options.since' must be '{LAST_RUN}' or a moment such as 2026-05-15 10:30:00."
        raise BadRequest(sentence, field="options.since")
    return str(value).replace("T", " ")


def _flag(spec: ExportSpec, name: str) -> bool:
    value = spec.options.get(name) or False
    # Whoever means 1 or "true" would otherwise get records that were to be left out.
    if not isinstance(value, bool):
        raise BadRequest(f"Field 'options.{name}' must be true or false.", field=f"options.{name}")
    return value
