"""One OpenAPI 3.1 document of all tables, made by drf-spectacular through its own points of extension."""

import json
from functools import cache
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from drf_spectacular.drainage import error
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent

from exports.api.views import DialectView

from . import headers, jobs, platform, v1, ybb
from .operation import Answer, Operation, Schema
from .refusals import Refusals, error_schemas
from .schemas import filled_in, names, reference, schemas

TABLES = {"ybb": ybb.OPERATIONS, "platform": platform.OPERATIONS, "v1": v1.OPERATIONS, "jobs": jobs.OPERATIONS}
OPERATIONS: dict[str, Operation] = {key: each for table in TABLES.values() for key, each in table.items()}
EXAMPLES = Path(__file__).parent / "examples"
"""Answers that real calls had, by operation, status and what they show."""
JSON = "application/json"
PACKED = "May be sent packed, with `Content-Encoding: gzip`; always with a `Content-Length`."
PATHS: dict[str, Schema] = {
    "resource": {"description": "What is exported."},
    "export_id": {"description": "The export.", "schema": {"type": "string", "format": "uuid"}},
    "template_id": {"description": "The template.", "schema": {"type": "string", "format": "uuid"}},
    "dataset_id": {"description": "The upload.", "schema": {"type": "string", "format": "uuid"}},
    "webhook_id": {"description": "The webhook.", "schema": {"type": "string", "format": "uuid"}},
    "delivery_id": {"description": "The delivery.", "schema": {"type": "string", "format": "uuid"}},
    "number": {"description": "Counted from 1.", "schema": {"type": "integer", "minimum": 1}},
    "token": {"description": "The signed part of a `file_url`.", "schema": {"type": "string"}},
}


@cache
def document() -> Schema:
    """Return the whole document."""
    return cast(Schema, SchemaGenerator().get_schema(request=None, public=True))


class KeyScheme(OpenApiAuthenticationExtension):
    """How a caller shows its key."""

    target_class = "exports.api.authentication.ApiKeyAuthentication"
    name = ["bearer", "apiKey"]

    def get_security_definition(self, auto_schema: AutoSchema) -> Any:
        """Return the two headers."""
        return [{"type": "http", "scheme": "bearer"}, {"type": "apiKey", "in": "header", "name": "X-API-Key"}]

    def get_security_requirement(self, auto_schema: AutoSchema) -> Any:
        """Return that either of them does."""
        return [{name: []} for name in self.name]


class PersonScheme(OpenApiAuthenticationExtension):
    """How a person who has signed in to the portal is known."""

    target_class = "exports.api.reference.views.SignedIn"
    name = "portal"

    def get_security_definition(self, auto_schema: AutoSchema) -> Any:
        """Return the cookie."""
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class OperationSchema(AutoSchema):
    """What drf-spectacular learns of a method of a route: its entry in the table."""

    view: DialectView  # type: ignore[override]
    operation: Operation

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> Schema | None:
        """Return the entry as OpenAPI has it; a route without an entry is an error of the schema."""
        found = OPERATIONS.get(f"{method} {path}")
        if found is None:
            error(f"{method} {path} has no entry in exports/api/reference")
            return None
        self.operation = found
        table, prefix = TABLES[self.view.dialect.name], found.component
        _register(registry, ResolvedComponent.SCHEMA, schemas(table.values(), self.view.dialect.name))
        _register(registry, ResolvedComponent.SCHEMA, error_schemas(prefix, self.view))
        return cast(Schema, super().get_operation(path, path_regex, path_prefix, method, registry))

    def get_operation_id(self) -> str:
        """Return the name in generated clients."""
        return self.operation.id

    def get_summary(self) -> str:
        """Return the entry's line."""
        return self.operation.summary

    def get_description(self) -> str:  # type: ignore[override]
        """Return what the entry says besides."""
        return self.operation.description

    def get_tags(self) -> list[str]:
        """Return the dialect."""
        return [self.view.dialect.name]

    def _get_parameters(self) -> list[Schema]:
        in_path = [name.partition("}")[0] for name in self.path.split("{")[1:]]
        own = (each.described() for each in (*self.operation.parameters, headers.REQUEST_ID))
        return [*map(self._path_parameter, in_path), *(filled_in(each, self.view.dialect.name) for each in own)]

    def _path_parameter(self, name: str) -> Schema:
        described = {"name": name, "in": "path", "required": True, **PATHS[name]}
        if name == "resource":
            described["schema"] = {"type": "string", "enum": names(self.view.dialect.name)["resources"]}
        return described

    def _get_request_body(self, direction: Any = "request") -> Schema | None:
        if self.operation.body is not None:
            rules = filled_in(self.operation.body_rules, self.view.dialect.name)
            schema = {**reference(self.operation.component, [self.operation.body]), **rules}
            content = {JSON: {"schema": schema}}
            return {"description": PACKED, "required": self.operation.body_required, "content": content}
        if not self.operation.uploads:
            return None
        file = {"schema": {"type": "string", "format": "binary"}}
        return {"description": PACKED, "required": True, "content": dict.fromkeys(self.operation.uploads, file)}

    def _get_response_bodies(self, direction: Any = "response") -> Schema:
        found = {status: self._answer(status, answer) for status, answer in self.operation.answers.items()}
        refusals = Refusals(self.operation, self.view, self.method)
        _register(self.registry, ResolvedComponent.EXAMPLE, refusals.examples)
        for status, refused in refusals.answers.items():
            found[status] = _either(found[status], refused) if status in found else refused
        for answer in found.values():
            answer["headers"] = {**answer.get("headers", {}), **headers.described(("X-Request-Id",))}
        return {str(status): found[status] for status in sorted(found)}

    def _answer(self, status: int, answer: Answer) -> Schema:
        content: Schema = {name: {"schema": {"type": "string", "format": "binary"}} for name in answer.media_types}
        if JSON in content:
            # A file too, whose shape is the resource's.
            content[JSON] = {"schema": {}}
        if answer.shapes:
            content.setdefault(JSON, {"schema": reference(self.operation.component, answer.shapes)})
            content[JSON]["examples"] = examples(self.operation.id, status)
        described: Schema = {"description": answer.description, "headers": headers.described(answer.headers)}
        return {**described, "content": content} if content else described


def examples(operation: str, status: int) -> Schema:
    """Return what a call was really answered, by what it shows."""
    file = EXAMPLES / f"{operation}.json"
    known = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return {name: {"value": value} for name, value in known.get(str(status), {}).items()}


def _register(registry: ComponentRegistry, kind: str, components: dict[str, Schema]) -> None:
    for name, component in components.items():
        registry.register_on_missing(ResolvedComponent(name=name, type=kind, schema=component, object=name))


def _either(answer: Schema, refused: Schema) -> Schema:
    """Return an answer that is told in two shapes with the same status."""
    one, other = answer["content"][JSON], refused["content"][JSON]
    shapes = [*one["schema"].get("anyOf", [one["schema"]]), other["schema"]]
    both = {"schema": {"anyOf": shapes}, "examples": {**one["examples"], **other["examples"]}}
    return {
        "description": f"{answer['description']} Or: {refused['description']}",
        "headers": {**answer.get("headers", {}), **refused["headers"]},
        "content": {**refused["content"], JSON: both},
    }
