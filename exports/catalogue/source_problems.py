"""What is wrong with the ``[source]`` of a definition, as far as no database need be asked."""

from collections.abc import Iterable, Iterator, Mapping

from exports.types import Operator

from .schema import Problem, ResourceDef, unknown_names
from .source_schema import TESTED, VENDORS, RelatedSource, Source


def source_problems(resource: ResourceDef, source: Source) -> Iterator[Problem]:
    """Yield every name in a source that leads nowhere, and what it lacks."""
    for vendor, variant in source.variants.items():
        where = f"source.variants.{vendor}"
        yield from unknown_names(where, "The source", "engine", [vendor], VENDORS)
        yield from unknown_names(f"{where}.columns", "The source", "field", variant.columns, resource.fields)
        yield from unknown_names(f"{where}.filters", "The source", "filter", variant.filters, resource.filters)
        yield from unknown_names(f"{where}.related", "The source", "related table", variant.related, source.related)
        yield from _condition_problems(f"{where}.filters", variant.filters)
        for name, columns in variant.related.items():
            yield from unknown_names(
                f"{where}.related.{name}", "The source", "member", columns, _members(resource, name)
            )
    yield from unknown_names("source.columns", "The source", "field", source.columns, resource.fields)
    yield from unknown_names("source.filters", "The source", "filter", source.filters, resource.filters)
    yield from unknown_names("key", "The source", "column", [resource.key], source.columns)
    for name, related in source.related.items():
        yield from _related_problems(resource, name, related)
    yield from _missing_columns(resource, source)
    yield from _filter_problems(resource, source)


def _related_problems(resource: ResourceDef, name: str, related: RelatedSource) -> Iterator[Problem]:
    yield from unknown_names("source.related", "The source", "field", [name], resource.fields)
    where, members = f"source.related.{name}.columns", _members(resource, name)
    yield from unknown_names(where, "The source", "member", related.columns, members)
    for member in members:
        if member not in related.columns:
            yield Problem(key=where, message=f"The source has no column for the member '{member}'.")


def _members(resource: ResourceDef, name: str) -> Iterable[str]:
    """Return what the rows of a list field have; nothing where it has none."""
    table = resource.fields[name].related if name in resource.fields else None
    return resource.related[table].fields if table in resource.related else ()


def _missing_columns(resource: ResourceDef, source: Source) -> Iterator[Problem]:
    """Every field that somebody can ask for must come from somewhere."""
    asked = dict.fromkeys(name for template in resource.templates.values() for name in template.fields)
    asked |= dict.fromkeys(name for option in resource.options.values() for name in (*option.fields, *option.sort))
    asked |= dict.fromkeys((*resource.sort.columns, resource.program, resource.watermark, resource.breakdown))
    for name in asked:
        if name in resource.fields and name not in source.columns and name not in source.related:
            yield Problem(key="source.columns", message=f"The source has no column for the field '{name}'.")


def _filter_problems(resource: ResourceDef, source: Source) -> Iterator[Problem]:
    yield from _condition_problems("source.filters", source.filters)
    for name, filter_ in resource.filters.items():
        if name not in source.filters and filter_.operator is not Operator.LIMIT:
            where = f"source.filters.{name}"
            yield from unknown_names(where, f"Filter '{name}'", "column", filter_.compared, source.columns)
            if filter_.operator is Operator.HAS:
                yield Problem(key=where, message=f"Filter '{name}' looks into a list and needs a condition here.")


def _condition_problems(where: str, conditions: Mapping[str, str]) -> Iterator[Problem]:
    for name, condition in conditions.items():
        if len(TESTED.findall(condition)) != 1:
            yield Problem(
                key=f"{where}.{name}",
                message=f"The condition of filter '{name}' must have what is compared in braces, once.",
                hint="EXISTS (SELECT 1 FROM payments x WHERE x.participant_id = p.id AND {x.currency})",
            )
