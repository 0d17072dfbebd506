"""The slow second look at a body that was refused, to say what is wrong with which record and field.

Runs on the failure path only: ``Reader`` takes one record at a time and lets through what the checks below then name.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from exports.exceptions import BadRequest, InvalidBody, InvalidRecord

from .reader import Flaw, Reader

_NOT_JSON = "The request body is not valid JSON"


def reason(array: bytes, error: Exception) -> BadRequest:
    """Return the error that says where ``array`` is not a list of JSON objects; ``error`` is what the decoder said."""
    return _reason(bytes(array), error, _array_flaw)


def reason_in_object(body: bytes, error: Exception) -> BadRequest:
    """Return the error that says where ``body`` is no JSON object, its records (member ``data``) among the rest."""
    return _reason(body, error, _object_flaw)


def reason_in_line(line: bytes, error: Exception, row: int) -> BadRequest:
    """Return the error that says where ``line`` is not one JSON object; it is the record of number ``row``."""
    return _reason(line, error, partial(_line_flaw, row), row=row)


def _reason(body: bytes, error: Exception, find: Callable[[Reader], BadRequest | None], **place: Any) -> BadRequest:
    too_deep = InvalidBody(f"A value in the request{_where(**place)} is nested too deeply.", **place)
    if isinstance(error, RecursionError):
        return too_deep
    # A byte that is no UTF-8 becomes half of a surrogate pair, which is found in its record like any other.
    reader = Reader(body.decode(errors="surrogateescape"))
    try:
        flaw = find(reader) or (_trailing(**place) if reader.next else None)
    except RecursionError:
        return too_deep
    return _utf8_flaw(body, flaw, place) or flaw or InvalidBody(f"{_NOT_JSON}{_where(**place)}: {error}", **place)


def _trailing(**place: Any) -> BadRequest:
    return InvalidBody(f"{_NOT_JSON}{_where(**place)}: something follows its end.", **place)


def _utf8_flaw(body: bytes, flaw: BadRequest | None, place: dict[str, Any]) -> BadRequest | None:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        place = place if flaw is None else flaw.details
        where = _where(**place) or f" (byte {error.start + 1})"
        return InvalidBody(f"The request body is not valid UTF-8{where}.", **place)
    return None


def _object_flaw(reader: Reader) -> BadRequest | None:
    name = None
    try:
        for name in reader.members():
            flaw = _array_flaw(reader) if name == "data" and reader.next == "[" else _member_flaw(name, reader)
            if flaw:
                return flaw
    except json.JSONDecodeError as error:
        return _broken(error, field=name)
    return None


def _member_flaw(name: str, reader: Reader) -> BadRequest | None:
    sentence = _flaw(reader.value())
    return InvalidBody(f"Field '{_shown(name)}': {sentence}", field=_shown(name)) if sentence else None


def _array_flaw(reader: Reader) -> BadRequest | None:
    if reader.next != "[":
        return InvalidBody(f"{_NOT_JSON}: an array of records was expected.")
    row, start = 0, reader.position
    try:
        for row, record in enumerate(reader.items(), start=1):
            if flaw := _record_flaw(row, record):
                return flaw
            start = reader.position
    except json.JSONDecodeError as error:
        reader.position = start
        return _broken(error, row=row + 1, field=_broken_field(reader))
    return None


def _line_flaw(row: int, reader: Reader) -> BadRequest | None:
    try:
        return _record_flaw(row, reader.value())
    except json.JSONDecodeError as error:
        reader.position = 0
        return _broken(error, row=row, field=_broken_field(reader))


def _record_flaw(row: int, record: object) -> BadRequest | None:
    if not isinstance(record, dict):
        return InvalidRecord(f"Record {row} of 'data' must be an object.", row=row)
    for name, value in record.items():
        if sentence := _flaw(name) or _flaw(value):
            return InvalidRecord(f"Record {row}, field '{_shown(name)}': {sentence}", row=row, field=_shown(name))
    return None


def _broken_field(reader: Reader) -> str | None:
    """Return the field at which the record after the separator cannot be read on."""
    broken = None
    try:
        if reader.next in ("[", ","):
            reader.position += 1
        for name in reader.members():
            broken = name
            reader.value()
    except json.JSONDecodeError:
        return broken
    return None


def _broken(error: json.JSONDecodeError, row: int | None = None, field: str | None = None) -> BadRequest:
    known = {"row": row, "field": None if field is None else _shown(field)}
    place: dict[str, Any] = {name: value for name, value in known.items() if value is not None}
    return InvalidBody(f"{_NOT_JSON}{_where(**place)}: {error.msg[:1].lower()}{error.msg[1:]}.", **place)


def _where(row: int | None = None, field: str | None = None, **_: object) -> str:
    places = [f"record {row}"] * (row is not None) + [f"field '{field}'"] * (field is not None)
    return f" ({', '.join(places)})" if places else ""


def _flaw(value: object) -> str | None:
    """Return what is wrong with a value or something nested in it."""
    if isinstance(value, Flaw):
        return value.sentence
    if isinstance(value, str):
        broken = any("\ud800" <= character <= "\udfff" for character in value)
        return "holds half of a surrogate pair, which is no character." if broken else None
    if isinstance(value, dict):
        return next(filter(None, map(_flaw, [*value, *value.values()])), None)
    if isinstance(value, list):
        return next(filter(None, map(_flaw, value)), None)
    return None


def _shown(name: str) -> str:
    return name.encode("utf-8", "replace").decode()
