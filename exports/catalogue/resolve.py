"""Definitions to resources: every name becomes what it stands for."""

import hashlib
from collections.abc import Mapping

import msgspec

from exports.types import Column, Field, Kind, Related

from .filters import Filter
from .resources import Option, Resource, Template
from .schema import FieldDef, FilterDef, RelatedDef, ResourceDef, TemplateDef


def resolve(catalogue: str, name: str, definition: ResourceDef) -> Resource:
    """Turn a checked definition into a resource.

    Raises:
        KeyError: the definition still has the problems that ``problems.problems`` reports.
    """
    fields = {key: _field(key, field, definition) for key, field in definition.fields.items()}
    options = {
        key: Option(name=key, label=option.label, fields=option.fields, sort=option.sort)
        for key, option in definition.options.items()
    }
    return Resource(
        catalogue=catalogue,
        name=name,
        label=definition.label,
        description=definition.description,
        fields=fields,
        mappings=definition.mappings,
        templates={
            key: resolve_template(key, template, fields, options) for key, template in definition.templates.items()
        },
        default_template=definition.default_template,
        filters={key: _filter(key, filter_, fields) for key, filter_ in definition.filters.items()},
        options=options,
        sort_columns=definition.sort.columns,
        sort_aliases=definition.sort.aliases,
        key=definition.key,
        program=definition.program,
        watermark=definition.watermark,
        watermark_overlap=definition.watermark_overlap,
        breakdown=definition.breakdown,
        source=definition.source,
    )


def _field(name: str, field: FieldDef, definition: ResourceDef) -> Field:
    return Field(
        name=name,
        label=field.label,
        kind=field.kind,
        labels=None if field.mapping is None else definition.mappings[field.mapping],
        aliases=field.aliases,
        sensitive=field.sensitive,
        related=None if field.related is None else _related(definition.related[field.related], definition),
    )


def _related(related: RelatedDef, definition: ResourceDef) -> Related:
    return Related(
        label=related.label,
        fields=tuple(_field(name, field, definition) for name, field in related.fields.items()),
        text=related.text,
        separator=related.separator,
    )


def resolve_template(
    name: str, template: TemplateDef, fields: Mapping[str, Field], options: Mapping[str, Option]
) -> Template:
    """Turn a checked template into one that can be used. Raises KeyError as ``resolve``."""
    headers = headers_of(template, fields)
    return Template(
        name=name,
        description=template.description,
        columns=tuple(
            Column(field=fields[key], header=header, key=template.keys.get(key, ""))
            for key, header in zip(template.fields, headers, strict=True)
        ),
        sensitive=shows_sensitive(template, fields, options),
        records_per_file=template.records_per_file,
        version=template.version or _digest(template, [fields[key] for key in template.fields]),
        empty=template.empty,
        csv_delimiter=template.csv_delimiter,
        about_sheet=template.about_sheet,
        number_formats=template.number_formats,
        include=template.include,
        keys=template.keys,
        related_sheets=template.related == "sheets",
        max_records_single_file=template.max_records_single_file,
    )


def shows_sensitive(template: TemplateDef, fields: Mapping[str, Field], options: Mapping[str, Option]) -> bool:
    """Tell whether a template, with its options, has a sensitive field; names that lead nowhere have none."""
    added = [field for option in template.include if option in options for field in options[option].fields]
    shown = (fields[key] for key in (*template.fields, *added) if key in fields)
    return template.sensitive or any(field.is_sensitive for field in shown)


def headers_of(template: TemplateDef, fields: Mapping[str, Field]) -> tuple[str, ...]:
    """Return the header of each field: the template's own, else what people call the field."""
    return template.headers or tuple(fields[key].label for key in template.fields)


def _digest(template: TemplateDef, fields: list[Field]) -> str:
    shapes = [(field.name, field.label, field.kind, field.labels) for field in fields]
    return hashlib.sha256(msgspec.json.encode((template, shapes), order="sorted")).hexdigest()[:8]


def _filter(name: str, definition: FilterDef, fields: Mapping[str, Field]) -> Filter:
    compared = [fields[key] for key in definition.compared]
    kind = definition.kind or (compared[0].kind if compared else Kind.INTEGER)
    known = () if definition.codes or not compared else tuple(compared[0].labels or ())
    return Filter(
        name=name,
        label=definition.label,
        fields=definition.compared,
        kind=kind,
        operator=definition.operator,
        choices=definition.choices or (known if kind is Kind.CODE else ()),
        codes=definition.codes,
        all=definition.all,
    )
