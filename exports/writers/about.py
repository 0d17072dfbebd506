"""What a file says about itself: how it came to be, and what in the data was not written as it should be."""

from collections.abc import Mapping, Sequence
from typing import Any

from exports.notes import shown
from exports.types import About, DataWarning, Layout


def metadata(layout: Layout) -> dict[str, Any]:
    """Return what a program wants to know before it reads the records: JSON values under stable keys."""
    fields = [{"name": column.member, "label": column.header, "kind": column.kind.value} for column in layout.columns]
    about = layout.about
    return {"title": layout.title} | (_origin(about) if about else {}) | {"fields": fields}


def _origin(about: About) -> dict[str, Any]:
    part = about.part
    return {
        "resource": about.resource,
        "template": about.template,
        "template_version": about.template_version,
        "requested_by": about.requester,
        "requested_at": about.asked_at.isoformat(timespec="seconds"),
        "time_zone": about.time_zone,
        "filters": dict(about.filters),
        "total_records": about.records,
        "record_count": part.rows,
        "record_range": _range(about),
        "file_number": part.number,
        "file_count": about.of,
        "warnings": list(map(_warning, about.warnings)),
    }


def _range(about: About) -> str:
    return f"{about.part.first_row}-{about.part.last_row}" if about.part.rows else ""


def _warning(warning: DataWarning) -> dict[str, Any]:
    return {"code": warning.code, "column": warning.column, "count": warning.count, "rows": list(warning.rows)}


def lines(layout: Layout, warnings: Sequence[DataWarning]) -> list[tuple[str, ...]]:
    """Return what a person wants to know: a title, labels with values, then a table of warnings under its header.

    ``warnings`` are those of this file; an empty line stands before the table. Empty where nothing is known.
    """
    about = layout.about
    if about is None:
        return []
    asked = f"{about.asked_at:%Y-%m-%d %H:%M:%S}, {about.time_zone}"
    who = f"{asked}, by {about.requester}" if about.requester else asked
    every = [*about.warnings, *warnings]
    return [
        (layout.title or about.resource.capitalize(),),
        ("Template", f"{about.template}, version {about.template_version}"),
        ("Exported", who),
        ("Filters", _filters(about) or "none"),
        ("Records", f"{about.records:,}"),
        *([("This file", f"records {_range(about)}, file {about.part.number} of {about.of}")] if about.of > 1 else []),
        ("Times", f"in the zone {about.time_zone}"),
        ("Warnings", "see below" if every else "none: every value is in the file as it came"),
        *_table(every, _headers(layout)),
    ]


def _headers(layout: Layout) -> dict[str, str]:
    """Return what people call the column of a warning; a member of related rows goes by both its names."""
    headers = {column.name: column.header for column in layout.columns}
    fields = [column.field for column in layout.columns] + [sheet.field for sheet in layout.related_sheets]
    members = {member.name: f"{field.label}: {member.label}" for field in fields for member in field.members}
    return {field.name: field.label for field in fields} | headers | members


def _filters(about: About) -> str:
    return "; ".join(f"{name}: {shown(value)}" for name, value in about.filters.items())


def _table(warnings: Sequence[DataWarning], headers: Mapping[str, str]) -> list[tuple[str, ...]]:
    rows = [
        (
            headers.get(warning.column, warning.column),
            warning.sentence,
            f"{warning.count:,}",
            ", ".join(map(str, warning.rows)) + (" …" if warning.count > len(warning.rows) > 0 else ""),
        )
        for warning in warnings
    ]
    return [(), ("Column", "What happened", "Values", "First records"), *rows] if rows else []
