"""Templates that callers make: checked and resolved just as those of the definition files are."""

import re
from collections.abc import Iterator
from dataclasses import replace

from msgspec import structs

from exports.exceptions import BadRequest, Conflict
from exports.types import SHEET_RECORDS

from .resolve import headers_of, resolve_template
from .resources import Resource, Template
from .schema import Problem, TemplateDef
from .template_problems import template_problems

LEAST_CHUNK, MOST_CHUNK = 1_000, 100_000
"""Records a file of a split export may hold by a caller's wish; an installation's own templates are its own affair."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_MOST_TOLD = 20


def check_name(resource: Resource, name: str) -> None:
    """Refuse a name that cannot be one, or is taken.

    Raises:
        BadRequest: it is no name.
        Conflict: a template of the definition files has it, in whatever case.
    """
    if not _NAME.fullmatch(name):
        raise BadRequest(
            "A template is named by 1 to 64 letters, digits, hyphens and underscores, of which the first is no mark.",
            field="template",
        )
    if name.casefold() in map(str.casefold, resource.templates):
        sentence = f"Template '{name}' of {resource.name} is a built-in one. Choose another name."
        raise Conflict(sentence, field="template")


def checked(resource: Resource, name: str, template: TemplateDef) -> TemplateDef:
    """Return a template that is sound, with every header said, so that no later change of a label changes it.

    Raises:
        BadRequest: the message has the first problem, and ``problems`` all of them.
    """
    problems = list(_problems(resource, name, template))
    if problems:
        told = [{"field": each.key, "message": _sentence(each)} for each in problems[:_MOST_TOLD]]
        raise BadRequest(told[0]["message"], field=told[0]["field"], problems=told)
    return structs.replace(template, headers=headers_of(template, resource.fields))


def resolve_custom(resource: Resource, name: str, template: TemplateDef, *, version: int, row: int) -> Template:
    """Turn a template that was kept into one that can be used.

    Raises:
        BadRequest: the resource has changed, so that the template leads nowhere now.
    """
    template = structs.replace(checked(resource, name, template), version=str(version))
    return replace(resolve_template(name, template, resource.fields, resource.options), custom=row)


def _problems(resource: Resource, name: str, template: TemplateDef) -> Iterator[Problem]:
    yield from template_problems(resource, "", name, template)
    bounds = {
        "records_per_file": (template.records_per_file, LEAST_CHUNK, MOST_CHUNK),
        "max_records_single_file": (template.max_records_single_file, 1, SHEET_RECORDS),
    }
    for key, (value, least, most) in bounds.items():
        if value is not None and not least <= value <= most:
            yield Problem(key=key, message=f"Template '{name}' takes {least:,} to {most:,} records, not {value:,}.")


def _sentence(problem: Problem) -> str:
    return f"{problem.message} {problem.hint}" if problem.hint else problem.message
