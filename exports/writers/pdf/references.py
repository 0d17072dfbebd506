"""Cross references: where in the file each object is (ISO 32000-1, 7.5.8)."""

import numpy as np

_ENTRY = np.dtype([("kind", "u1"), ("place", ">u4"), ("index", ">u2")])
_FREE, _OBJECT, _PACKED = 0, 1, 2
_NEVER_USED = 65_535
_UP = 2
"""The predictor that subtracts the bytes above: what little changes from entry to entry deflates to almost nothing."""


class References:
    """The places of the objects of one file."""

    def __init__(self) -> None:
        self._offsets: dict[int, int] = {}
        self._packed: list[tuple[int, int, int]] = []

    def add(self, number: int, offset: int) -> None:
        """Note where an object stands by itself."""
        self._offsets[number] = offset

    def add_packed(self, first: int, count: int, stream: int) -> None:
        """Note that objects are packed in a stream, one after the other."""
        self._packed.append((first, count, stream))

    def table(self) -> tuple[bytes, bytes]:
        """Return the content of the stream of references, and the entries of its dictionary that tell its form."""
        entries = np.zeros(max(self._offsets) + 1, _ENTRY)
        entries[0] = _FREE, 0, _NEVER_USED
        for number, offset in self._offsets.items():
            entries[number] = _OBJECT, offset, 0
        for first, count, stream in self._packed:
            some = entries[first : first + count]
            some["kind"], some["place"], some["index"] = _PACKED, stream, np.arange(count)
        above = np.diff(entries.view("u1").reshape(len(entries), -1), axis=0, prepend=np.uint8(0))
        form = b"/Type/XRef/Size %d/W[1 4 2]/DecodeParms<</Predictor 12/Columns %d>>" % (len(entries), _ENTRY.itemsize)
        return np.insert(above, 0, _UP, axis=1).tobytes(), form
