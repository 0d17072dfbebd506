"""Which columns a request wants."""

from collections.abc import Sequence

from exports.catalogue import Option, Resource, Template, did_you_mean
from exports.exceptions import BadRequest, UnknownName
from exports.types import Column, ExportSpec


def columns(spec: ExportSpec, resource: Resource, template: Template) -> Sequence[Column]:
    """Return the columns asked for, else the template's with what the options add or leave out."""
    if spec.columns is not None:
        return resource.columns(template, _column_names(spec.columns, resource, template))
    names = [column.name for column in template.columns]
    for option in resource.options.values():
        if is_on(spec, option, template):
            names += [name for name in option.fields if name not in names]
        elif option.name in spec.options:
            names = [name for name in names if name not in option.fields]
    if not names:
        raise BadRequest("The options leave no column to export.", field="options")
    return resource.columns(template, names)


def masked(spec: ExportSpec, wanted: Sequence[Column]) -> list[str]:
    """Return the names of the columns whose values are hidden from whoever asks."""
    if spec.shows_sensitive:
        return []
    return [column.name for column in wanted if column.field.is_sensitive]


def _column_names(asked: Sequence[str], resource: Resource, template: Template) -> list[str]:
    if not asked:
        raise BadRequest("Field 'columns' must name at least one column.", field="columns")
    members = {key: name for name, key in template.keys.items()}
    found = []
    for name in asked:
        field = name if name in resource.fields else members.get(name)
        if field is None:
            hint = did_you_mean(name, resource.fields) or f"Known columns: {', '.join(resource.fields)}."
            raise UnknownName(f"Column '{name[:64]}' does not exist. {hint}", field="columns")
        if field in found:
            raise BadRequest(f"Column '{name[:64]}' is named twice.", field="columns")
        found.append(field)
    return found


def is_on(spec: ExportSpec, option: Option, template: Template) -> bool:
    """Tell whether an option counts: because the request says so, or the template where it says nothing."""
    value = spec.options.get(option.name)
    if value is None:
        return option.name in template.include
    if not isinstance(value, bool):
        name = f"options.{option.name}"
        raise BadRequest(f"Field '{name}' must be true or false.", field=name)
    return value
