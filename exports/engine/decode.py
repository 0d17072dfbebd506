"""JSON to records that hold the wanted fields and nothing else.

msgspec decodes straight into structs, one slot per key, and skips every other key without making objects of it. What it
refuses is looked at again by ``diagnose``, which can name row and field.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any, Protocol

import msgspec
import numpy as np
from msgspec import UNSET
from polars import Series

from exports.exceptions import InvalidBody, InvalidRecord, TooManyValues
from exports.types import Field

from . import nesting
from .diagnose import reason, reason_in_line
from .lexical import Number, text_of

ALL = slice(None)
_REFUSALS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises at what it does not take."""
MOST_VALUES = 8_000_000
"""Values of one body; up to 200 bytes of memory stand behind each number in a list."""
MOST_OBJECTS = 2_000_000
"""Lists and objects among them: 400 bytes each, so that 100 MB of ``{}`` took 5 GB."""


_BLOCK = 1 << 16
_BLANK = b" \t\r\n"


class Source(Protocol):
    """Records that can be asked for one field at a time."""

    def __len__(self) -> int:
        """Return how many records there are."""

    def values(self, field: Field, rows: slice = ALL) -> list[Any] | Series:
        """Return the values in order; None where absent. A float may come as its text, and all values as a ``String``
        column of theirs."""

    def texts(self, field: Field) -> list[str | None]:
        """Return the texts of the values in order (``lexical.text_of``), whatever their types."""


class JsonRecords:
    """Decoded records; made by ``decode`` and ``decode_each``."""

    def __init__(self, read: "Callable[[_Keys, Any], list[Any]]", fields: Sequence[Field]) -> None:
        self._read = read
        self._keys = _keys(fields)
        self._records = read(self._keys, str)

    def __len__(self) -> int:
        return len(self._records)

    def values(self, field: Field, rows: slice = ALL) -> list[Any]:
        """Return the values of a field; floats are the text they came as."""
        return _column(self._records[rows], self._keys, field)

    def texts(self, field: Field) -> list[str | None]:
        """Return the texts of a field.

        Decodes the records once more for this field alone: only then can a number inside a nested value be told from a
        string, and telling them apart always would make every export a third slower.
        """
        keys = _keys([field])
        return list(map(text_of, _column(self._read(keys, Number), keys, field)))


class _Envelope(msgspec.Struct):
    data: msgspec.Raw | msgspec.UnsetType = UNSET
    records: msgspec.Raw | msgspec.UnsetType = UNSET


def decode_body(body: bytes, fields: Sequence[Field]) -> JsonRecords:
    """Decode the records of a body: what ``enclosed_array`` takes, or one record a line (NDJSON), as ``decode`` does.

    Raises InvalidBody where neither is recognised.
    """
    body = body.removeprefix(b"\xef\xbb\xbf").strip(_BLANK)
    array = enclosed_array(body)
    if array is not None:
        return decode(array, fields)
    if not body.startswith(b"{"):
        raise InvalidBody("The body must be a JSON array of records, an object with 'data', or one record a line.")
    return decode_each([line for line in body.split(b"\n") if line.strip(_BLANK)], fields, above=nesting.RECORD)


def enclosed_array(text: bytes) -> bytes | msgspec.Raw | None:
    """Return an array of records that is the whole text or the member ``data`` of an object; None where there is none.

    The member may be called ``records`` too: that is how our own JSON files carry them.
    """
    if text.startswith(b"["):
        return text
    try:
        envelope = msgspec.json.decode(text, type=_Envelope)
    except msgspec.DecodeError:
        return None
    members = (envelope.data, envelope.records)
    return next((member for member in members if isinstance(member, msgspec.Raw)), None)


def decode(array: bytes | msgspec.Raw, fields: Sequence[Field]) -> JsonRecords:
    """Decode a JSON array of objects, keeping only the keys of ``fields`` and their aliases.

    Raises TooManyValues, and InvalidRecord for what is nested too deeply, before anything is decoded; InvalidRecord,
    which names row and field; or InvalidBody. The caller holds ``len()`` of the result against its limit on records.
    """
    check(array, nesting.ARRAY)
    try:
        return JsonRecords(partial(_decode, array), fields)
    except _REFUSALS as error:
        raise reason(bytes(array), error) from error


def record_texts(array: bytes | msgspec.Raw) -> list[msgspec.Raw]:
    """Return the text of each record of a JSON array, for ``decode_each``; nothing is copied or looked into.

    Raises as ``decode`` does.
    """
    check(array, nesting.ARRAY)
    try:
        return msgspec.json.decode(array, type=list[msgspec.Raw])
    except _REFUSALS as error:
        raise reason(bytes(array), error) from error


def decode_each(
    texts: Sequence[bytes | msgspec.Raw], fields: Sequence[Field], first_row: int = 1, *, above: int | None = None
) -> JsonRecords:
    """Decode records that are a JSON text each, such as the lines of NDJSON, as ``decode`` does.

    ``first_row`` is the number of the first one in its file: errors name that of theirs. What was read before may be
    nested as deeply as it is; what is being read has ``above`` (``nesting.check``).
    """
    _check_each(texts, above, first_row)
    try:
        return JsonRecords(partial(_decode_each, texts), fields)
    except _REFUSALS:
        decoder = _decoder(_keys(fields), str, each=True)
        for row, text in enumerate(texts, start=first_row):
            try:
                decoder.decode(text)
            except _REFUSALS as error:
                raise reason_in_line(bytes(text), error, row) from error
        raise


def _check_each(texts: Sequence[bytes | msgspec.Raw], above: int | None, first_row: int) -> None:
    try:
        check(b"".join(texts), above)
    except InvalidRecord:
        # Behind one that does not end, all others only look deep.
        for row, text in enumerate(texts, start=first_row):
            check(text, above, row)


def check(body: bytes | msgspec.Raw, above: int | None, first_row: int = 1) -> None:
    """Refuse what would take far more memory decoded than it does as text, or is nested too deeply (``nesting.check``).

    Commas and braces in texts are counted among the values.
    """
    text = np.frombuffer(body, np.uint8)
    commas = objects = unlike = 0
    # In blocks that stay in the processor's cache: a third of the time of all at once, a twentieth of bytes.count.
    for first in range(0, text.size, _BLOCK):
        block = text[first : first + _BLOCK]
        if text.size > MOST_OBJECTS:
            commas += int(np.count_nonzero(block == ord(",")))
        places = nesting.openings(block)
        objects += places.size
        unlike += 0 if above is None else nesting.unlike_the_last(text, places + first)
    if objects > MOST_OBJECTS or commas + objects > MOST_VALUES:
        raise TooManyValues(
            f"The records hold more than {MOST_VALUES:,} values or {MOST_OBJECTS:,} lists and objects; send fewer.",
            field="data",
        )
    if above is not None:
        nesting.check(text, above, unlike, first_row)


_Keys = tuple[tuple[str, bool], ...]
"""Keys to decode, and whether a missing one must be told from a null."""


def _keys(fields: Sequence[Field]) -> _Keys:
    contested = {key for field in fields if field.aliases for key in (field.name, *field.aliases)}
    names = dict.fromkeys(key for field in fields for key in (field.name, *field.aliases))
    return tuple((name, name in contested) for name in names)


@lru_cache(maxsize=256)
def _decoder(keys: _Keys, float_hook: Any, *, each: bool = False) -> msgspec.json.Decoder[Any]:
    # Slots are numbered because a key may be no Python name. Nothing in a record can form a cycle: gc would only cost.
    slots = [(f"k{place}", object, UNSET if contested else None) for place, (_, contested) in enumerate(keys)]
    rename = {f"k{place}": name for place, (name, _) in enumerate(keys)}
    record = msgspec.defstruct("Record", slots, rename=rename, gc=False)
    return msgspec.json.Decoder(record if each else list[record], float_hook=float_hook)  # type: ignore[valid-type]


def _decode(array: bytes | msgspec.Raw, keys: _Keys, float_hook: Any) -> list[Any]:
    records: list[Any] = _decoder(keys, float_hook).decode(array)
    return records


def _decode_each(texts: Sequence[bytes | msgspec.Raw], keys: _Keys, float_hook: Any) -> list[Any]:
    return list(map(_decoder(keys, float_hook, each=True).decode, texts))


def _column(records: list[Any], keys: _Keys, field: Field) -> list[Any]:
    places = {name: (place, contested) for place, (name, contested) in enumerate(keys)}
    wanted = [places[key] for key in (field.name, *field.aliases)]
    columns = [list(map(attrgetter(f"k{place}"), records)) for place, _ in wanted]
    if not any(contested for _, contested in wanted):
        return columns[0]
    return [next((value for value in values if value is not UNSET), None) for values in zip(*columns, strict=True)]
