"""What the reference has to say about one method of one route."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from exports.exceptions import ExportError, NotFound

Schema = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A query parameter or request header."""

    name: str
    description: str
    schema: Schema = field(default_factory=lambda: {"type": "string"})
    place: str = "query"

    def described(self) -> Schema:
        """Return it as OpenAPI has it."""
        return {"name": self.name, "in": self.place, "description": self.description, "schema": self.schema}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer that is no refusal."""

    description: str
    shapes: tuple[Any, ...] = ()
    """Types of the JSON that it may be."""
    media_types: tuple[str, ...] = ()
    """Of the files that it may be."""
    headers: tuple[str, ...] = ()
    """Names in ``headers.RESPONSE``."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of one route."""

    id: str
    summary: str
    description: str = ""
    body: type[msgspec.Struct] | None = None
    """Of a request in JSON."""
    body_rules: Schema = field(default_factory=dict)
    """What the body's type cannot say: a JSON Schema beside that of the type."""
    body_required: bool = True
    uploads: tuple[str, ...] = ()
    """Media types of a body that is a file of records."""
    parameters: tuple[Parameter, ...] = ()
    answers: Mapping[int, Answer]
    refusals: tuple[type[ExportError], ...] = (NotFound,)
    """Errors of its own; what every route may answer is added by what the view is."""

    @property
    def component(self) -> str:
        """The beginning of its components' names."""
        return self.id.partition("_")[0].capitalize()
