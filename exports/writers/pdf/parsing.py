"""A file's structure read back: cross-reference table, objects, streams, pages (ISO 32000-1, 7.3 to 7.7).

Just enough of the format for the files of this package; nothing is shared with what writes them.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from isal import isal_zlib

from exports.exceptions import VerificationFailed

_END = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_TABLE = re.compile(rb"xref\n0 (\d+)\n")
_ENTRY_SIZE = 20
_STREAM = re.compile(rb"(?s)(.*?)\nstream\n(.*?)\n?endstream\n?\Z")


class Objects:
    """The objects of a file by number."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        table = _found(_END.search(self._data), "end")
        first = _found(_TABLE.match(self._data, start := int(table[1])), "cross-reference table")
        entries = self._data[first.end() : first.end() + int(first[1]) * _ENTRY_SIZE]
        offsets = [int(entries[at : at + 10]) for at in range(0, len(entries), _ENTRY_SIZE)][1:]
        ends = dict(zip(ordered := sorted(offsets), [*ordered[1:], start], strict=True))
        self._spans = [(offset, ends[offset]) for offset in offsets]
        self._trailer = self._data[first.end() + len(entries) :]

    def __iter__(self) -> Iterator[int]:
        return iter(range(1, len(self._spans) + 1))

    def __getitem__(self, number: int) -> bytes:
        """Return what stands between ``obj`` and ``endobj``."""
        start, end = self._spans[number - 1]
        head = b"%d 0 obj\n" % number
        found = self._data[start:end]
        if not (found.startswith(head) and found.endswith(b"endobj\n")):
            raise VerificationFailed(f"Object {number} of the file is damaged.")
        return found[len(head) : -len(b"endobj\n")]

    def stream(self, number: int) -> bytes:
        """Return the content of a stream, inflated."""
        head, content = _found(_STREAM.match(self[number]), f"stream {number}").groups()
        if (length := int(entry(head, b"Length"))) != len(content):
            raise VerificationFailed(f"Stream {number} of the file has {len(content)} bytes, not {length}.")
        if b"/FlateDecode" not in head:
            return bytes(content)
        inflater = isal_zlib.decompressobj()
        inflated = inflater.decompress(content)
        if not inflater.eof or inflater.unused_data:
            raise VerificationFailed(f"Stream {number} of the file is damaged.")
        return bytes(inflated)

    def has_stream(self, number: int) -> bool:
        """Return whether an object is a stream."""
        return b"\nstream\n" in self[number]

    def resources(self, name: bytes) -> dict[bytes, int]:
        """Return the fonts or forms that pages name: name -> number of the object."""
        listed = self[references(entry(self._pages(), b"Resources"))[0]]
        found = re.search(rb"(?s)/%b\s*<<(.*?)>>" % name, listed)
        return {key: int(number) for key, number in re.findall(rb"/(\w+)\s+(\d+) 0 R", found[1] if found else b"")}

    def pages(self) -> list[list[int]]:
        """Return the streams of each page."""
        tree = self._pages()
        found = [references(entry(self[kid], b"Contents")) for kid in references(entry(tree, b"Kids"))]
        if len(found) != int(entry(tree, b"Count")):
            raise VerificationFailed(f"The file has {len(found)} pages, not as many as it says.")
        return found

    def _pages(self) -> bytes:
        root = self[references(entry(self._trailer, b"Root"))[0]]
        return self[references(entry(root, b"Pages"))[0]]


def entry(dictionary: bytes, name: bytes) -> bytes:
    """Return an entry of a dictionary: a number, a reference or an array of them."""
    return _found(re.search(rb"/%b\s*(\[[^\]]*\]|\d+ 0 R|\d+)" % name, dictionary), name.decode())[1]


def references(value: bytes) -> list[int]:
    """Return the numbers of the objects a value refers to."""
    return [int(number) for number in re.findall(rb"(\d+) 0 R", value)]


def _found(match: "re.Match[bytes] | None", what: str) -> "re.Match[bytes]":
    if match is None:
        raise VerificationFailed(f"The file has no {what} where one must be.")
    return match
