"""How deep JSON is nested, told from its bytes: nothing is decoded, so that what is too deep never becomes objects.

Most bodies are let through by a count alone. Where a container follows another that was just closed (``},{``), it is as
deep as that one; so each level has at least one opening that follows no closing, and no body is deeper than the number
of those. Only where there are more of them than levels are allowed, strings are told from structure.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from exports.exceptions import BadRequest, InvalidBody, InvalidRecord

MOST_LEVELS = 32
"""How deep the value of a field may be nested."""
RECORD, ARRAY, BODY = 1, 2, 3
"""Levels above the value of a record's field: in a record, in an array of records, in a body that has one."""

Bytes = np.ndarray[Any, np.dtype[np.uint8]]
_BLOCK = 1 << 16
_QUOTE, _BACKSLASH, _COMMA, _SPACE, _OPEN, _CLOSE = b'"\\, []'
# { and [ differ in one bit, and so do } and ].
_SHAPE = 0xDF


def openings(block: Bytes) -> "np.ndarray[Any, np.dtype[np.intp]]":
    """Return where lists and objects begin in some bytes of JSON, those in strings among them."""
    return np.flatnonzero((block & _SHAPE) == _OPEN)


def unlike_the_last(text: Bytes, places: "np.ndarray[Any, np.dtype[np.intp]]") -> int:
    """Return how many openings do not follow a closing, with a comma or a comma and a space between."""
    if places.size and places[0] < 3:
        return int(np.count_nonzero(places < 3)) + unlike_the_last(text, places[places >= 3])
    last, before, first = text[places - 1], text[places - 2], text[places - 3]
    touching = (last & _SHAPE) == _CLOSE
    follows = (last == _COMMA) & ((before & _SHAPE) == _CLOSE)
    spaced = (last == _SPACE) & (before == _COMMA) & ((first & _SHAPE) == _CLOSE)
    return places.size - int(np.count_nonzero(touching | follows | spaced))


def check(text: Bytes, above: int, unlike: int, first_row: int = 1) -> None:
    """Refuse what is nested deeper than ``above`` levels (RECORD, ARRAY, BODY) and MOST_LEVELS of a field's value.

    ``unlike`` is how many openings of the text are ``unlike_the_last``.

    Raises:
        InvalidRecord, InvalidBody: the message names the field, and the row where there is one.
    """
    most = above + MOST_LEVELS
    if unlike <= most or all(depths.max(initial=0) <= most for _, _, depths in _containers(text)):
        return
    path: dict[int, int] = {}
    """Where the container of each of the upper levels began last."""
    row = first_row - 1
    for place, depth in _levels(text, above + 1, most):
        if depth > most:
            raise _refusal(text, above, path, row)
        path[depth] = place
        row += depth == above


class _State(NamedTuple):
    """What is known at the beginning of a block."""

    depth: int = 0
    in_string: bool = False
    escaped: bool = False


def _levels(text: Bytes, upper: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield where containers begin and at which depth: those of the upper levels, and those that are too deep."""
    for places, deltas, depths in _containers(text):
        told = np.flatnonzero((deltas > 0) & ((depths <= upper) | (depths > most)))
        yield from zip(places[told].tolist(), depths[told].tolist(), strict=True)


def _containers(text: Bytes) -> Iterator[tuple[Any, Any, Any]]:
    """Yield, block by block, where containers begin (1) and end (-1), and how deep the text is from there on."""
    state = _State()
    for start in range(0, text.size, _BLOCK):
        places, deltas, state_after = _structure(text[start : start + _BLOCK], state)
        depths = state.depth + np.cumsum(deltas, dtype=np.int64)
        yield places + start, deltas, depths
        state = state_after._replace(depth=int(depths[-1]) if depths.size else state.depth)


def _structure(block: Bytes, state: _State) -> tuple[Any, Any, _State]:
    """Return where containers begin (1) and end (-1) outside strings, and what is known behind the block."""
    quotes, escaped = _quotes(block, escaped=state.escaped)
    shape = block & _SHAPE
    opens = shape == _OPEN
    places = np.flatnonzero(opens | (shape == _CLOSE))
    outside = (np.searchsorted(quotes, places) + state.in_string) % 2 == 0
    places = places[outside]
    in_string = bool((quotes.size + state.in_string) % 2)
    return places, np.where(opens[places], 1, -1), _State(in_string=in_string, escaped=escaped)


def _quotes(block: Bytes, *, escaped: bool) -> tuple[Any, bool]:
    """Return where strings begin and end, and whether the first byte behind the block is escaped."""
    quotes = np.flatnonzero(block == _QUOTE)
    slashes = np.flatnonzero(block == _BACKSLASH)
    if escaped and not (slashes.size and slashes[0] == 0):
        quotes = quotes[quotes > 0]
    if not slashes.size:
        return quotes, False
    # A character is escaped where an odd number of backslashes stand before it.
    begins = np.concatenate(([True], np.diff(slashes) > 1))
    runs = np.flatnonzero(begins)
    nth = np.arange(slashes.size) - np.repeat(runs, np.diff(np.append(runs, slashes.size))) + 1
    if escaped and slashes[0] == 0:
        # The first one is escaped itself.
        nth[: int(runs[1]) if runs.size > 1 else nth.size] -= 1
    after = slashes[nth % 2 == 1] + 1
    is_escaped = np.zeros(block.size + 1, bool)
    is_escaped[after] = True
    return quotes[~is_escaped[quotes]], bool(is_escaped[-1])


def _refusal(text: Bytes, above: int, path: dict[int, int], row: int) -> BadRequest:
    """Name what is too deep by the containers that it stands in."""
    sentence = f"must not be nested deeper than {MOST_LEVELS} levels."
    member = _name_before(text, path[2]) if above == BODY else None
    if above == BODY and member != "data":
        return InvalidBody(f"Field '{member}' {sentence}", field=member)
    field = _name_before(text, path[above + 1])
    return InvalidRecord(f"Record {row}, field '{field}': {sentence}", row=row, field=field)


def _name_before(text: Bytes, place: int) -> str | None:
    """Return the name of the member whose value begins at a place; None for what is no member."""
    before = bytes(text[max(place - 2_000, 0) : place]).rstrip(b" \t\r\n")
    if not before.endswith(b":"):
        return None
    before = before[:-1].rstrip(b" \t\r\n")
    start = before.rfind(b'"', 0, len(before) - 1)
    while start > 0 and before[start - 1 : start] == b"\\":
        start = before.rfind(b'"', 0, start)
    try:
        return str(json.loads(before[start:], strict=False))[:100].encode("utf-8", "replace").decode()
    except ValueError:
        return None
