"""Every name in a definition that leads nowhere, and every number that cannot be: all mistakes of a file at once."""

import re
from collections.abc import Iterator

from exports.types import Kind, Operator, sheet_name_problem

from .schema import FieldDef, FilterDef, Problem, ResourceDef, TemplateDef, did_you_mean, unknown_names
from .source_problems import source_problems
from .template_problems import template_problems

_MEMBER = re.compile(r"\{([^{}]*)\}")
_RANGED = (Operator.FROM, Operator.TO, Operator.MIN, Operator.MAX, Operator.BETWEEN)
_INNER = (Operator.IN, Operator.SINCE)
"""Operators that others become."""


def problems(resource: ResourceDef) -> Iterator[Problem]:
    """Yield everything that is wrong with a definition."""
    yield from _field_problems(resource)
    yield from _related_problems(resource)
    for name, template in resource.templates.items():
        yield from template_problems(resource, f"templates.{name}.", name, template)
        yield from _sensitivity_problems(resource, name, template)
    for name, filter_ in resource.filters.items():
        yield from _filter_problems(resource, name, filter_)
    yield from _name_problems(resource)
    if resource.source is not None:
        yield from source_problems(resource, resource.source)


def _field_problems(resource: ResourceDef) -> Iterator[Problem]:
    for name, field in resource.fields.items():
        where, subject = f"fields.{name}", f"Field '{name}'"
        if not name.isidentifier():
            yield Problem(key=where, message=f"Field name '{name}' is not a plain word.")
        if field.mapping is not None:
            yield from unknown_names(f"{where}.mapping", subject, "mapping", [field.mapping], resource.mappings)
        if field.related is not None:
            yield from unknown_names(f"{where}.related", subject, "related table", [field.related], resource.related)
            if field.kind is not Kind.LIST:
                yield Problem(key=f"{where}.kind", message=f"{subject} has related rows but is no list.")
        if field.kind is Kind.CODE and field.mapping is None:
            yield Problem(key=f"{where}.mapping", message=f"{subject} is a code but names no mapping.")


def _related_problems(resource: ResourceDef) -> Iterator[Problem]:
    for name, related in resource.related.items():
        where, subject = f"related.{name}", f"Related table '{name}'"
        yield from unknown_names(f"{where}.text", subject, "member", _MEMBER.findall(related.text), related.fields)
        if why := sheet_name_problem(related.label):
            yield Problem(key=f"{where}.label", message=f"{subject} names a sheet that {why}")
        if not related.fields:
            yield Problem(key=f"{where}.fields", message=f"{subject} has no members.")
        for member, field in related.fields.items():
            if field.mapping is not None:
                key = f"{where}.fields.{member}.mapping"
                yield from unknown_names(key, f"Member '{member}'", "mapping", [field.mapping], resource.mappings)


def _sensitivity_problems(resource: ResourceDef, name: str, template: TemplateDef) -> Iterator[Problem]:
    """Yield that a template is called sensitive where nothing would be hidden from those who may not export it."""
    added = [
        field for option in template.include if option in resource.options for field in resource.options[option].fields
    ]
    shown = [resource.fields[field] for field in (*template.fields, *added) if field in resource.fields]
    if template.sensitive and not any(_is_sensitive(resource, field) for field in shown):
        yield Problem(
            key=f"templates.{name}.sensitive",
            message=f"Template '{name}' is called sensitive, but none of its fields is.",
            hint="Say 'sensitive = true' of the fields whose values are to be hidden.",
        )


def _is_sensitive(resource: ResourceDef, field: FieldDef) -> bool:
    related = resource.related.get(field.related or "")
    return field.sensitive or (related is not None and any(member.sensitive for member in related.fields.values()))


def _filter_problems(resource: ResourceDef, name: str, filter_: FilterDef) -> Iterator[Problem]:
    where, subject = f"filters.{name}", f"Filter '{name}'"
    yield from unknown_names(f"{where}.field", subject, "field", filter_.compared, resource.fields)
    if filter_.operator is Operator.LIMIT:
        return
    if not filter_.compared:
        yield Problem(key=f"{where}.field", message=f"{subject} compares no field.")
    if filter_.choices:
        yield from unknown_names(f"{where}.codes", subject, "choice", filter_.codes.values(), filter_.choices)
    if filter_.operator in _INNER:
        yield Problem(key=f"{where}.operator", message=f"{subject} cannot be '{filter_.operator}'.")
    kinds = [filter_.kind or resource.fields[field].kind for field in filter_.compared if field in resource.fields]
    if filter_.operator in _RANGED and not all(kind.is_number or kind.is_temporal for kind in kinds):
        yield Problem(key=f"{where}.operator", message=f"{subject} is a range of something that has no size.")
    if filter_.operator is Operator.HAS and filter_.kind is None:
        yield Problem(key=f"{where}.kind", message=f"{subject} looks into a list; say of what kind its values are.")


def _name_problems(resource: ResourceDef) -> Iterator[Problem]:
    fields = resource.fields
    yield from unknown_names("sort.columns", "The sort list", "field", resource.sort.columns, fields)
    yield from unknown_names("sort.aliases", "A sort alias", "field", resource.sort.aliases.values(), fields)
    for name, option in resource.options.items():
        subject = f"Option '{name}'"
        yield from unknown_names(f"options.{name}", subject, "field", (*option.fields, *option.sort), fields)
    named = {"program": resource.program, "watermark": resource.watermark, "breakdown": resource.breakdown}
    for key, field in named.items():
        yield from unknown_names(key, f"'{key}'", "field", [field] if field else [], fields)
    if resource.breakdown in fields and _is_sensitive(resource, fields[resource.breakdown]):
        yield Problem(key="breakdown", message=f"Statistics by '{resource.breakdown}' would tell sensitive values.")
    if resource.watermark in fields and not fields[resource.watermark].kind.is_temporal:
        yield Problem(key="watermark", message=f"The watermark '{resource.watermark}' is neither a date nor a time.")
    if resource.default_template not in resource.templates:
        yield Problem(
            key="default_template",
            message=f"The default template '{resource.default_template}' does not exist.",
            hint=did_you_mean(resource.default_template, resource.templates),
        )
