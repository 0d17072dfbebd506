"""Request bodies in the shape of a dialect; what does not fit is said in plain English and names its field."""

import codecs
import re
import uuid
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from exports import service
from exports.exceptions import BadRequest, InvalidBody

Body = TypeVar("Body", bound=msgspec.Struct)

# What the fields of several dialects' bodies are; `x-names` is what the reference puts the names of the catalogue for.
Name = Annotated[str, Meta(max_length=100)]
Resource = Annotated[str, Meta(max_length=100, extra_json_schema={"x-names": "resources"})]
Format = Annotated[str, Meta(max_length=100, extra_json_schema={"x-names": "formats or none"})]
Template = Annotated[Name, Meta(description="A template of the resource; without it, the resource's own choice.")]
Columns = Annotated[list[Name], Meta(description="Fields to export, in the order of the file.")]
Filename = Annotated[str, Meta(description="Of a single file; the extension is added or corrected. Never a path.")]
DatasetId = Annotated[
    str,
    Meta(
        max_length=100,
        description="An upload that has the records.",
        extra_json_schema={"anyOf": [{"format": "uuid"}, {"const": ""}]},
    ),
]
Mailbox = Annotated[str, Meta(max_length=254, description="One plain address, such as `staff@example.org`.")]
# PHP encodes an empty array as [], whether it stands for a list or for an object.
_EmptyList = Annotated[list[Any], Meta(description="Nothing, as PHP writes it.", extra_json_schema={"maxItems": 0})]
Object = dict[str, Any] | _EmptyList
_Digits = Annotated[str, Meta(extra_json_schema={"pattern": "^[0-9]{0,18}$"})]
_Number = Annotated[int, Meta(extra_json_schema={"minimum": 0, "maximum": 2**63 - 1})]
ProgramId = _Number | _Digits
Records = Annotated[
    msgspec.Raw,
    Meta(
        description="Records; keys that no field has are ignored.",
        extra_json_schema={"type": ["array", "null"], "minItems": 1, "items": {"type": "object"}},
    ),
]


def no_records() -> msgspec.Raw:
    """Return what stands for records where none came along."""
    return msgspec.Raw(b"null")


_WORDS = {"str": "text", "int": "a whole number", "object": "an object", "array": "a list", "bool": "true or false"}
_GIVEN = {**_WORDS, "int": "a number", "float": "a decimal number", "null": "null"}
_MISFIT = re.compile(r"Expected `([^`]+)`, got `([^`]+)`")
_NAMED = re.compile(r"Object (missing required|contains unknown) field `([^`]+)`")
_OUT_OF_RANGE = re.compile(r"Expected `int` (>=|<=) (-?\d+)")
_TOO_LONG = re.compile(r"Expected `[^`]+` of length <= (\d+)")


def decode(raw: Any, shape: type[Body]) -> Body:
    """Decode a body into a dialect's struct.

    Raises:
        InvalidBody, InvalidRecord: the message names the field, and the row where there is one.
    """
    if not isinstance(raw, bytes) or not raw.strip():
        raise InvalidBody(
            "The request has no JSON body. In PHP, json_encode() returns false where a text is not valid UTF-8."
        )
    raw = raw.removeprefix(codecs.BOM_UTF8)
    service.check_body(raw)
    try:
        return msgspec.json.decode(raw, type=shape)
    except msgspec.ValidationError as error:
        raise misfit(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise service.reason(raw, error) from error


def origin(data: msgspec.Raw, dataset_id: str | None) -> dict[str, Any]:
    """Return where records are, as members of an ``ExportSpec``: with the request, in an upload, else in the database.

    Raises:
        BadRequest: ``data`` is no list, or the upload's ID is none.
    """
    raw = bytes(data)
    return {
        "records": None if raw == b"null" else record_list(raw),
        "dataset": identifier("dataset_id", dataset_id) if dataset_id else None,
    }


def record_list(raw: bytes) -> bytes:
    """Return the JSON text of records. Raises BadRequest where it is no list."""
    if not raw.startswith(b"["):
        # PHP makes an object of an array with gaps, such as array_filter() leaves.
        hint = " In PHP, array_values() makes a list of an array with gaps." if raw.startswith(b"{") else ""
        raise BadRequest(f"Field 'data' must be a list of records.{hint}", field="data")
    return raw


def mapping(name: str, value: dict[str, Any] | list[Any] | None) -> dict[str, Any]:
    """Return an object; an empty list is how PHP writes an empty one. Raises BadRequest."""
    if isinstance(value, list):
        if value:
            raise BadRequest(f"Field '{name}' must be an object.", field=name)
        return {}
    return value or {}


def whole_number(name: str, value: int | str | None) -> int | None:
    """Return a number that a database keeps, which PHP may send as text. Raises BadRequest."""
    if value is None or value == "":
        return None
    try:
        number = int(value)
    except ValueError:
        number = -1
    if not 0 <= number < 2**63:
        raise BadRequest(f"Field '{name}' must be a whole number.", field=name)
    return number


def identifier(name: str, value: str) -> uuid.UUID:
    """Return an ID. Raises BadRequest."""
    try:
        return uuid.UUID(value)
    except ValueError as error:
        raise BadRequest(f"Field '{name}' must be an ID such as {uuid.UUID(int=0)}.", field=name) from error


def misfit(error: msgspec.ValidationError) -> InvalidBody:
    """Put what msgspec says about a value into the words of somebody who writes PHP."""
    problem, _, path = str(error).partition(" - at ")
    # Of an object the library tells only that a member misfits, of a list the place.
    field = path.strip("`").removeprefix("$").lstrip(".").partition("[...]")[0] or "body"
    subject = f"Field '{field}'" if field != "body" else "The request body"
    if found := _MISFIT.match(problem):
        return InvalidBody(f"{subject} must be {_wanted(found[1])}, not {_GIVEN.get(found[2], found[2])}.", field=field)
    if found := _TOO_LONG.match(problem):
        return InvalidBody(f"{subject} must not be longer than {found[1]} characters.", field=field)
    if (found := _NAMED.match(problem)) and field == "body":
        why = "lacks" if found[1] == "missing required" else "has the unknown"
        return InvalidBody(f"The request body {why} field '{found[2]}'.", field=found[2])
    if found := _OUT_OF_RANGE.match(problem):
        bound = "at least" if found[1] == ">=" else "at most"
        return InvalidBody(f"{subject} must be {bound} {int(found[2]):,}.", field=field)
    return InvalidBody(f"{subject}: {problem[:1].lower()}{problem[1:]}.", field=field)


def _wanted(types: str) -> str:
    names = [name for name in types.split(" | ") if name != "null"]
    # A list is taken for an object only because PHP writes an empty object as [].
    wanted = ["object"] if "object" in names else names
    return " or ".join(_WORDS.get(name, name) for name in wanted)
