"""What a wish for an export means: every name resolved, every choice made, or an error that says what is wrong."""

from collections.abc import Mapping
from typing import Any

import msgspec

from exports import catalogue, custom_templates
from exports.catalogue import Policy, Resource, Template
from exports.delivery import names
from exports.exceptions import BadRequest, NoData, UnknownName
from exports.types import ExportSpec, Format

from .choices import conditions_of, filters_of, limit_of, program_of, since_of, sorting_of
from .columns import columns, masked
from .delivery import check_limits, cut_of, retention_of, wants_archive
from .recipient import recipient_of
from .wish import LAST_RUN, ValidSpec

__all__ = ["LAST_RUN", "ValidSpec", "recipient_of", "validate"]

MAX_NOTE_BYTES, MAX_NOTE_DEPTH = 64 * 1024, 32
"""Most that filters or options may weigh, and how deep they may be nested: they are kept with the export for ever."""


def validate(spec: ExportSpec) -> ValidSpec:
    """Resolve every name of a wish.

    Raises:
        NoData: there are no records, and no database that has them.
        UnknownName: resource, template, format, column, filter or sort column; the message names it and what there is.
        NotAllowed: a filter looks at values that whoever asks may not export.
        InvalidFilename, InvalidSheetName, BadRequest: the message names the field.
    """
    _check_note("filters", spec.filters)
    _check_note("options", spec.options)
    policy = catalogue.policy(spec.dialect)
    resource = catalogue.resource(policy.catalogue, spec.resource)
    template = _template(spec, resource)
    format = _format(spec.format, policy)
    in_database = spec.records is None and spec.dataset is None
    if in_database and resource.source is None:
        raise NoData(field="data")
    sorting, warnings = sorting_of(spec, resource, template, policy)
    check_limits(spec)
    filters = filters_of(spec, resource, policy, wanted=in_database)
    wanted = columns(spec, resource, template)
    return ValidSpec(
        policy=policy,
        resource=resource,
        template=template,
        columns=wanted,
        masked=masked(spec, wanted),
        format=format,
        file_name=spec.filename and names.checked_filename(spec.filename, format, policy.max_filename),
        sheet_name=names.checked_sheet_name(spec.sheet_name) if spec.sheet_name else resource.label,
        conditions=[*program_of(spec, resource, in_database), *conditions_of(filters)],
        sorting=sorting,
        limit=limit_of(filters),
        cut=cut_of(spec, template),
        archive=wants_archive(spec),
        retention_hours=retention_of(spec, policy),
        since=since_of(spec, resource),
        in_database=in_database,
        warnings=warnings,
    )


def _template(spec: ExportSpec, resource: Resource) -> Template:
    if spec.template_version is not None:
        return custom_templates.of_version(resource, spec.template_version)
    return custom_templates.find(resource, spec.template, spec.principal)


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
