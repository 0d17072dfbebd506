"""The one text of a value: what a person who knows JSON expects to read."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec


class Number(str):
    """A JSON number under its own text, told apart from a JSON string of the same text."""

    __slots__ = ()


FOLDED = (("ς", "σ"), ("i\u0307", "i"))
"""Lower-case letters that some programs write otherwise: a sigma at the end of a word, an I with a dot."""


def folded(text: str) -> str:
    """Return a text as searches compare it: ``sources.sql`` and ``conditions`` do the same to what is searched."""
    text = text.lower()
    for letter, other in FOLDED:
        text = text.replace(letter, other)
    return text


def text_of(value: object) -> str | None:
    """Return the text of one decoded or database value; None stays None.

    Numbers keep their digits, booleans and nested values are JSON (``true``, ``{"a":1.50}``), times are ISO 8601 with a
    blank. Raises TypeError for a type that has no text.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (UUID, timedelta)):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return _decoded(bytes(value))
    return _json(value)


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise TypeError("Bytes that are no UTF-8 cannot be written.") from error


def _json(value: object) -> str:
    # Integers beyond 64 bits are exact in Python but refused by msgspec's encoder.
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return msgspec.json.encode(value, enc_hook=_bare).decode()


def _bare(value: object) -> msgspec.Raw:
    """Put a number into JSON as it came."""
    if isinstance(value, Number):
        return msgspec.Raw(str.encode(value))
    raise TypeError(f"A value of type {type(value).__name__} cannot be written.")
