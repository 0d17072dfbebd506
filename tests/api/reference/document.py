"""The document as the tests use it: who answers an address, and whether an answer is one it tells of."""

import json
from functools import cache
from typing import Any

from django.urls import resolve
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from exports.api.reference.document import OPERATIONS, document
from exports.api.reference.operation import Operation

HERE = "urn:document"


@cache
def resolver() -> Registry:
    return Registry().with_resource(HERE, Resource.from_contents(document(), default_specification=DRAFT202012))


def route_of(path: str) -> str:
    """Return an address with its parameters' names, as the document has it."""
    template = resolve(path.partition("?")[0]).route
    return "/" + template.replace("<str:", "{").replace("<int:", "{").replace(">", "}")


def operation_of(method: str, path: str) -> Operation:
    return OPERATIONS[f"{'GET' if method == 'HEAD' else method} {route_of(path)}"]


def operations() -> dict[str, Any]:
    """Return what the document says of each operation, by its name."""
    return {told["operationId"]: told for methods in document()["paths"].values() for told in methods.values()}


def problems(schema: Any, value: Any) -> list[str]:
    """Return what is wrong with a value."""
    rooted = json.loads(json.dumps(schema).replace('"#/components', f'"{HERE}#/components'))
    checker = Draft202012Validator(rooted, registry=resolver(), format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(value)]


def media(answer: Any, content_type: str) -> Any:
    return answer["content"][content_type.partition(";")[0]]


def example(told: Any) -> Any:
    """Return an example, which may stand among the components."""
    if "$ref" in told:
        told = resolver().resolver(HERE).lookup(told["$ref"].replace("#", f"{HERE}#", 1)).contents
    return told["value"]
