"""A file's structure read back: objects by their numbers, streams, pages (ISO 32000-1, 7.5 to 7.7)."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from exports.exceptions import VerificationFailed

from .syntax import cross_references, entry, found, inflated, references, unpacked

_END = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_BY_ITSELF, _PACKED = 1, 2


class Objects:
    """The objects of a file by number."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        end = found(_END.search(self._data), "end")
        start = int(end[1])
        number, _, stream = self._data[start : end.start()].partition(b" 0 obj\n")
        self._trailer, table = inflated(stream.removesuffix(b"endobj\n"), f"stream {number.decode()}")
        self._kinds, self._places, self._indices = cross_references(self._trailer, table)
        alone = np.flatnonzero(self._kinds == _BY_ITSELF).tolist()
        alone.sort(key=self._places.__getitem__)
        borders = pairwise([*self._places[alone].tolist(), end.start()])
        self._spans = dict(zip(alone, borders, strict=True))
        self._unpacked: tuple[int, list[tuple[int, bytes]]] = 0, []

    def __iter__(self) -> Iterator[int]:
        yield from np.flatnonzero(self._kinds).tolist()

    def __getitem__(self, number: int) -> bytes:
        """Return what stands between ``obj`` and ``endobj``, or what is packed."""
        if self._kinds[number] == _PACKED:
            return self._unpack(number, int(self._places[number]), int(self._indices[number]))
        start, end = self._spans[number]
        head = b"%d 0 obj\n" % number
        content = self._data[start:end]
        if not (content.startswith(head) and content.endswith(b"endobj\n")):
            raise VerificationFailed(f"Object {number} of the file is damaged.")
        return content[len(head) : -len(b"endobj\n")]

    def stream(self, number: int) -> bytes:
        """Return the content of a stream, inflated."""
        return inflated(self[number], f"stream {number}")[1]

    def streams(self) -> Iterator[int]:
        """Yield the numbers of all streams."""
        return (number for number in self._spans if b"\nstream\n" in self[number])

    def resources(self, name: bytes) -> dict[bytes, int]:
        """Return the fonts or forms that pages name: name -> number of the object."""
        listed = self[references(entry(self._pages(), b"Resources"))[0]]
        names = re.search(rb"(?s)/%b\s*<<(.*?)>>" % name, listed)
        return {key: int(number) for key, number in re.findall(rb"/(\w+)\s+(\d+) 0 R", names[1] if names else b"")}

    def pages(self) -> list[list[int]]:
        """Return the streams of each page."""
        return [references(entry(self[page], b"Contents")) for page in self.page_numbers()]

    def page_numbers(self) -> list[int]:
        """Return the object of each page."""
        tree = self._pages()
        kids = references(entry(tree, b"Kids"))
        if len(kids) != int(entry(tree, b"Count")):
            raise VerificationFailed(f"The file has {len(kids)} pages, not as many as it says.")
        return kids

    def root(self) -> bytes:
        """Return the catalogue."""
        return self[references(entry(self._trailer, b"Root"))[0]]

    def _pages(self) -> bytes:
        return self[references(entry(self.root(), b"Pages"))[0]]

    def _unpack(self, number: int, stream: int, index: int) -> bytes:
        if stream != self._unpacked[0]:
            self._unpacked = stream, unpacked(*inflated(self[stream], f"stream {stream}"))
        packed, content = self._unpacked[1][index]
        if packed != number:
            raise VerificationFailed(f"Object {number} of the file is not where it must be.")
        return content
