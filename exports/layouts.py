"""How the files of an export look: template and policy made into the one value a writer takes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from . import catalogue
from .catalogue import Policy, Resource, Template
from .conf import conf
from .engine.table import Measured, StagedTable, Table
from .engine.traits import traits_shown
from .models import ExportFile, ExportRequest
from .types import About, Column, DataWarning, Format, Layout, Part
from .validation import ValidSpec


def layout_of_part(export: ExportRequest, part: ExportFile, staged: StagedTable) -> Layout:
    """Return the look of one file of an export."""
    resource = catalogue.resource(export.catalogue, export.resource)
    template = resource.template(export.template)
    about = About(
        resource=export.resource,
        template=export.template,
        template_version=template.version,
        requester=export.requester,
        asked_at=_local(export.created_at),
        time_zone=conf.time_zone,
        filters=export.filters,
        records=export.record_count,
        part=Part(number=part.number, first_row=part.first_row, last_row=part.last_row),
        of=part.of,
        warnings=tuple(map(_warning, export.warnings)),
    )
    columns = _measured(resource.columns(template, export.columns), staged, template.empty)
    policy = catalogue.policy(export.dialect)
    return _layout(resource, template, policy, Format(export.format), columns, export.sheet_name, about)


def layout_of_table(wish: ValidSpec, format: Format, table: Table, asked_at: datetime) -> Layout:
    """Return the look of the one file that holds all rows of a table."""
    about = About(
        resource=wish.resource.name,
        template=wish.template.name,
        template_version=wish.template.version,
        requester="",
        asked_at=_local(asked_at),
        time_zone=conf.time_zone,
        records=table.count,
        part=Part(number=1, first_row=1, last_row=table.count),
        warnings=table.warnings,
    )
    columns = _measured(wish.template.columns, table, wish.template.empty)
    return _layout(wish.resource, wish.template, wish.policy, format, columns, wish.sheet_name, about)


def _layout(
    resource: Resource,
    template: Template,
    policy: Policy,
    format: Format,
    columns: tuple[Column, ...],
    sheet_name: str,
    about: About,
) -> Layout:
    return Layout(
        columns=columns,
        sheet_name=sheet_name,
        title=resource.label,
        about=about,
        about_sheet=policy.about_sheet if template.about_sheet is None else template.about_sheet,
        rows_per_sheet=policy.rows_per_sheet,
        delimiter=template.csv_delimiter,
        empty="" if format.keeps_null else template.empty,
        number_formats=template.number_formats,
    )


def _measured(columns: Iterable[Column], table: Measured, empty: str) -> tuple[Column, ...]:
    """Let columns know what they hold in the whole export, so that all its files look the same."""
    return tuple(
        replace(column, width=table.widths[column.name], traits=traits_shown(column.field, table.traits, empty))
        for column in columns
    )


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(conf.time_zone))


def _warning(entry: Mapping[str, Any]) -> DataWarning:
    """Return a warning as it was before it was stored (``models.warnings``)."""
    return DataWarning(
        code=entry["code"], column=entry["column"], count=entry["count"], rows=tuple(entry.get("rows", ()))
    )
