"""What is wrong with a template, whoever wrote it: in a definition file, or in a request for one of somebody's own."""

import re
from collections.abc import Iterator

from .resources import Resource
from .schema import NUMBER_FORMAT_LIMIT, Problem, ResourceDef, TemplateDef, unknown_names

HEADER_LIMIT = 255
"""Characters: what Excel takes as the name of a table's column."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PLACEHOLDER = (
    r'"[^"]*"|\\.|[_*].|\[(?:h+|m+|s+|\$[^\[\]]*|Black|Blue|Cyan|Green|Magenta|Red|White|Yellow)\]'
    r"|General|AM/PM|[ymdhsYMDHS]|E[+-]|[0#?.,%/:;()+\- $€£¥@]"
)
_NUMBER_FORMAT = re.compile(rf"(?:{_PLACEHOLDER})+")
"""Excel calls a whole workbook damaged where a number format is not in its notation; words stand in quotes."""


def template_problems(
    resource: ResourceDef | Resource, where: str, name: str, template: TemplateDef
) -> Iterator[Problem]:
    """Yield everything that is wrong with a template of a resource; ``where`` begins the keys of the problems."""
    subject = f"Template '{name}'"
    yield from _column_problems(resource, where, subject, template)
    yield from _header_problems(where, subject, template)
    yield from unknown_names(f"{where}keys", subject, "field", template.keys, resource.fields)
    yield from unknown_names(f"{where}include", subject, "option", template.include, resource.options)
    members = [template.keys.get(field, field) for field in resource.fields]
    if len(set(members)) != len(members):
        yield Problem(key=f"{where}keys", message=f"{subject} gives two fields the same key.")
    if template.related == "sheets" and resource.key not in template.fields:
        yield Problem(key=f"{where}related", message=f"{subject} shows related rows on sheets but lacks the key.")
    yield from _number_problems(where, subject, template)
    yield from _text_problems(where, subject, template)


def _column_problems(
    resource: ResourceDef | Resource, where: str, subject: str, template: TemplateDef
) -> Iterator[Problem]:
    if not template.fields:
        yield Problem(key=f"{where}fields", message=f"{subject} has no fields.")
    for place, name in enumerate(template.fields):
        yield from unknown_names(f"{where}fields[{place}]", subject, "field", [name], resource.fields)
        if name in template.fields[:place]:
            yield Problem(key=f"{where}fields[{place}]", message=f"{subject} names the field '{name}' twice.")


def _header_problems(where: str, subject: str, template: TemplateDef) -> Iterator[Problem]:
    if template.headers and len(template.headers) != len(template.fields):
        yield Problem(
            key=f"{where}headers",
            message=f"{subject} has {len(template.fields)} fields but {len(template.headers)} headers.",
        )
    seen: set[str] = set()
    for place, header in enumerate(template.headers):
        key = f"{where}headers[{place}]"
        if not header.strip() or len(header) > HEADER_LIMIT:
            yield Problem(key=key, message=f"{subject} has a header that is not 1 to {HEADER_LIMIT} characters long.")
        elif header.casefold() in seen:
            # Who reads a CSV file by its headers would lose one of the two columns.
            yield Problem(key=key, message=f"{subject} gives two columns the header '{header}'.")
        seen.add(header.casefold())


def _number_problems(where: str, subject: str, template: TemplateDef) -> Iterator[Problem]:
    for kind, shown in template.number_formats.items():
        suits = kind.is_number or kind.is_temporal
        if not suits or len(shown) > NUMBER_FORMAT_LIMIT or not _NUMBER_FORMAT.fullmatch(shown) or shown.count(";") > 3:
            yield Problem(
                key=f"{where}number_formats.{kind}",
                message=f"{subject} gives '{shown[:40]}' as the number format of {kind}.",
                hint="Numbers and times take Excel's formats, such as '#,##0', '\"Rp\" #,##0' or 'dd/mm/yyyy'.",
            )
    sizes = {
        "records_per_file": template.records_per_file,
        "max_records_single_file": template.max_records_single_file,
    }
    for key, most in sizes.items():
        if most is not None and most < 1:
            yield Problem(key=f"{where}{key}", message="A file must hold at least one record.")


def _text_problems(where: str, subject: str, template: TemplateDef) -> Iterator[Problem]:
    """Yield texts with control characters: no header can show them, and PostgreSQL keeps no NUL."""
    texts = {
        "description": template.description,
        "empty": template.empty,
        **{f"headers[{place}]": header for place, header in enumerate(template.headers)},
        **{f"number_formats.{kind}": shown for kind, shown in template.number_formats.items()},
        **{f"keys.{field}": key for field, key in template.keys.items()},
    }
    for key, text in texts.items():
        if _CONTROL.search(text):
            yield Problem(key=f"{where}{key}", message=f"{subject} has a control character in '{key}'.")
