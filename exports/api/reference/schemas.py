"""Types to JSON Schemas: those the code is checked against are those the reference shows."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

import msgspec
from django.db.models import Choices

from exports import catalogue

from .operation import Operation, Schema

NAMES = "x-names"
"""Stands in a type for names that only the catalogue knows (``bodies``)."""


def schemas(operations: Iterable[Operation], dialect: str) -> dict[str, Schema]:
    """Return the components that the operations of one dialect need, by name."""
    found = list(operations)
    shapes = [shape for each in found for answer in each.answers.values() for shape in answer.shapes]
    bodies = [each.body for each in found if each.body is not None]
    prefix = found[0].component
    made = components(prefix, dict.fromkeys([*shapes, *bodies]))
    return {name: filled_in(schema, dialect) for name, schema in made.items()}


def components(prefix: str, types: Iterable[Any]) -> dict[str, Schema]:
    """Return the schemas of types and of what they consist of, by name."""
    template = f"#/components/schemas/{prefix}{{name}}"
    _, made = msgspec.json.schema_components(types, schema_hook=_choices, ref_template=template)
    return {f"{prefix}{name}": schema for name, schema in made.items()}


def reference(prefix: str, shapes: Iterable[Any]) -> Schema:
    """Return a schema that is one of some components."""
    references = [{"$ref": f"#/components/schemas/{prefix}{shape.__name__}"} for shape in shapes]
    return references[0] if len(references) == 1 else {"anyOf": references}


def names(dialect: str) -> Mapping[str, list[str]]:
    """Return the names there are for the callers of a dialect."""
    policy, known = catalogue.policy(dialect), catalogue.definitions()
    catalogues = dict.fromkeys(each.catalogue for each in known.policies.values())
    resources = {name: list(known.resources_of(name)) for name in catalogues}
    return {
        "catalogues": list(catalogues),
        "formats or none": [*policy.formats, ""],
        "resources": resources[policy.catalogue],
        **{f"resources of {name}": each for name, each in resources.items()},
    }


def filled_in(schema: Schema, dialect: str) -> Schema:
    """Return a schema with the names that only the catalogue knows."""
    return cast(Schema, _filled_in(schema, names(dialect)))


def _choices(kind: type[Any]) -> Schema:
    """Return the schema of a model's choices, which msgspec does not take for the enumeration they are."""
    if not issubclass(kind, Choices):
        raise NotImplementedError
    return {"type": "string", "enum": list(kind.values)}


def _filled_in(value: Any, known: Mapping[str, list[str]]) -> Any:
    if isinstance(value, list):
        return [_filled_in(each, known) for each in value]
    if not isinstance(value, dict):
        return value
    filled = {key: _filled_in(each, known) for key, each in value.items() if key not in (NAMES, "title", "maxLength")}
    if NAMES in value:
        return {**filled, "enum": known[value[NAMES]]}
    return filled if "maxLength" not in value else {**filled, "maxLength": value["maxLength"]}
