"""Dictionaries, streams, cross references and packed objects read back (ISO 32000-1, 7.3 and 7.5).

Just enough of the syntax for the files of this package; nothing is shared with what writes them.
"""

import re
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from isal import isal_zlib

from exports.exceptions import VerificationFailed

Ints: TypeAlias = npt.NDArray[np.int64]

_STREAM = re.compile(rb"(?s)(.*?)\nstream\n(.*?)\n?endstream\n?\Z")
_UP = 2


def entry(dictionary: bytes, name: bytes) -> bytes:
    """Return an entry of a dictionary: a number, a reference or an array of them."""
    return found(re.search(rb"/%b\s*(\[[^\]]*\]|\d+ 0 R|\d+)" % name, dictionary), name.decode())[1]


def numbers(value: bytes) -> list[int]:
    """Return the numbers of an array."""
    return [int(number) for number in re.findall(rb"\d+", value)]


def references(value: bytes) -> list[int]:
    """Return the numbers of the objects a value refers to."""
    return [int(number) for number in re.findall(rb"(\d+) 0 R", value)]


def inflated(stream: bytes, what: str) -> tuple[bytes, bytes]:
    """Return dictionary and content of a stream; ``what`` it is called where it is damaged."""
    head, content = found(_STREAM.match(stream), what).groups()
    if (length := int(entry(head, b"Length"))) != len(content):
        raise VerificationFailed(f"The {what} of the file has {len(content)} bytes, not {length}.")
    if b"/FlateDecode" not in head:
        return head, content
    inflater = isal_zlib.decompressobj()
    plain = inflater.decompress(content)
    if not inflater.eof or inflater.unused_data:
        raise VerificationFailed(f"The {what} of the file is damaged.")
    return head, plain


def cross_references(head: bytes, content: bytes) -> list[Ints]:
    """Return the three fields of the entries in a stream of cross references, each as an array by object."""
    widths = numbers(entry(head, b"W"))
    rows = np.frombuffer(content, np.uint8).reshape(int(entry(head, b"Size")), 1 + sum(widths))
    if (rows[:, 0] != _UP).any():
        raise VerificationFailed("The cross references of the file are damaged.")
    fields = np.split(np.cumsum(rows[:, 1:], axis=0, dtype=np.uint8), np.cumsum(widths)[:-1], axis=1)
    return [field @ 256 ** np.arange(field.shape[1])[::-1] for field in fields]


def unpacked(head: bytes, content: bytes) -> list[tuple[int, bytes]]:
    """Return numbers and contents of the objects that are packed in a stream."""
    first = int(entry(head, b"First"))
    places = numbers(content[:first])
    starts = [first + place for place in places[1::2]]
    spans = zip(places[::2], starts, [*starts[1:], len(content)], strict=True)
    return [(number, content[start:end]) for number, start, end in spans]


def found(match: "re.Match[bytes] | None", what: str) -> "re.Match[bytes]":
    """Return a match, or raise VerificationFailed."""
    if match is None:
        raise VerificationFailed(f"The file has no {what} where one must be.")
    return match
