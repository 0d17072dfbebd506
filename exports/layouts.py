"""How the files of an export look: template and policy made into the one value a writer takes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from . import catalogue, custom_templates
from .catalogue import Policy, Resource, Template
from .conf import conf
from .engine import shape
from .engine.pieces import StagedPieces
from .engine.table import Measured, Rows, Table
from .engine.traits import traits_shown
from .models import ExportFile, ExportRequest
from .types import About, Column, DataWarning, Field, Format, Layout, Part, RelatedSheet
from .validation import ValidSpec


def layout_of_part(export: ExportRequest, part: ExportFile, staged: StagedPieces) -> Layout:
    """Return the look of one file of an export."""
    resource = catalogue.resource(export.catalogue, export.resource)
    row = export.template_version_id
    template = resource.template(export.template) if row is None else custom_templates.of_version(resource, row)
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
    columns = _masked(resource.columns(template, export.columns), export.masked)
    columns = _measured(columns, staged, template.empty)
    policy = catalogue.policy(export.dialect)
    format = Format(export.format)
    layout = _layout(resource, template, policy, format, columns, export.sheet_name, about)
    return related_placed(layout, format, staged.widths)


def layout_of_table(wish: ValidSpec, format: Format, table: Table | StagedPieces, asked_at: datetime) -> Layout:
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
    columns = _measured(_masked(wish.columns, wish.masked), table, wish.template.empty)
    layout = _layout(wish.resource, wish.template, wish.policy, format, columns, wish.sheet_name, about)
    return related_placed(layout, format, table.widths)


def related_placed(layout: Layout, format: Format, widths: Mapping[str, int]) -> Layout:
    """Return a layout with related rows where the format has room for them.

    That is in the record itself where programs read it, on sheets of their own where a key is named, or in one text
    beside the record's other values. ``widths`` are those of the whole table.
    """
    related = [column.field for column in layout.columns if column.field.related]
    if format.keeps_null or not related:
        return layout
    if format.has_sheets and layout.related_key:
        sheets = tuple(_related_sheet(field, layout.related_key, widths) for field in related)
        columns = tuple(column for column in layout.columns if not column.field.related)
        return replace(layout, columns=columns, related_sheets=sheets)
    return replace(layout, columns=tuple(map(_joined, layout.columns)))


def _joined(column: Column) -> Column:
    # What is known of the texts was found in lists, or with other labels.
    return replace(column, field=column.field.joined(), traits=frozenset()) if column.field.related else column


def _related_sheet(field: Field, key: Column, widths: Mapping[str, int]) -> RelatedSheet:
    members = (Column(field=member, header=member.label, width=widths.get(member.name)) for member in field.members)
    label = field.related.label if field.related else field.label
    return RelatedSheet(label=label, field=field, columns=(key, *members))


def slices(rows: Rows, layout: Layout, size: int) -> Iterator[pl.DataFrame]:
    """Yield the rows as a writer of the layout takes them, ``size`` at a time."""
    fields = [column.field for column in layout.columns]
    return shape.slices(rows, fields, size, layout.empty, conf.time_zone)


def related_slices(rows: Rows, layout: Layout, size: int) -> list[Iterator[pl.DataFrame]]:
    """Return the same for each of the layout's related sheets; the rows of ``size`` records are looked at together."""
    return [
        shape.related_slices(rows, sheet.field, sheet.columns[0].field, size, layout.empty, conf.time_zone)
        for sheet in layout.related_sheets
    ]


def _layout(
    resource: Resource,
    template: Template,
    policy: Policy,
    format: Format,
    columns: tuple[Column, ...],
    sheet_name: str,
    about: About,
) -> Layout:
    key = next((column for column in columns if column.name == resource.key), None)
    return Layout(
        columns=columns,
        related_key=key if template.related_sheets else None,
        sheet_name=sheet_name,
        title=resource.label,
        about=about,
        about_sheet=policy.about_sheet if template.about_sheet is None else template.about_sheet,
        rows_per_sheet=policy.rows_per_sheet,
        delimiter=template.csv_delimiter,
        empty="" if format.keeps_null else template.empty,
        number_formats=template.number_formats,
    )


def _masked(columns: Iterable[Column], names: Collection[str]) -> tuple[Column, ...]:
    return tuple(replace(column, field=column.field.masked()) if column.name in names else column for column in columns)


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
