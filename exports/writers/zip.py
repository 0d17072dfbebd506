"""A ZIP writer that streams and deflates with isal, several times as fast as the standard library's zlib.

A member is made of fragments, each deflated by itself and closed with a full flush, so that several threads may make
them; RFC 1951 lets them follow one another as one stream. Format: PKWARE APPNOTE 6.3.10. Nothing is returned to, so
that a file may be read while it grows: check sum and sizes of a deflated member stand behind it, in a data descriptor,
as in the workbooks of Apache POI and excelize. A stored one says them in front, for without them no reader that streams
would find its end.
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import IO, Any

from isal import isal_zlib

STORED, DEFLATED = 0, 8
_LEVEL = 2
_BIG = 0xFFFFFFFF
_MANY = 0xFFFF
_UTF8_NAME = 0x0800
_SIZES_FOLLOW = 0x0008
_ZIP64 = 0x0001
_LAST_BLOCK = b"\x03\x00"
"""An empty one: deflate's end."""

_LOCAL = struct.Struct("<IHHHHHIIIHH")
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")
_END64 = struct.Struct("<IQHHIIQQQQ")
_LOCATOR = struct.Struct("<IIQI")
_EXTRA = struct.Struct("<HHQQ")
_FOLLOWING = struct.Struct("<IIII")
_FOLLOWING64 = struct.Struct("<IIQQ")


@dataclass
class _Entry:
    name: bytes
    method: int
    offset: int
    stamp: tuple[int, int]
    """Time and date as MS-DOS has them."""
    crc: int = 0
    size: int = 0
    packed: int = 0
    sizes_follow: bool = False

    @property
    def is_big(self) -> bool:
        return self.size >= _BIG or self.packed >= _BIG

    @property
    def flags(self) -> int:
        return _UTF8_NAME | (_SIZES_FOLLOW if self.sizes_follow else 0)

    def local_header(self) -> bytes:
        # Excel is known to refuse ZIP64 where it is not needed, so one that is still to come does without.
        is_big = self.is_big and not self.sizes_follow
        extra = _EXTRA.pack(_ZIP64, 16, self.size, self.packed) if is_big else b""
        sizes = (_BIG, _BIG) if is_big else (self.packed, self.size)
        told = (0, 0, 0) if self.sizes_follow else (self.crc, *sizes)
        head = (0x04034B50, 45 if is_big else 20, self.flags, self.method, *self.stamp, *told)
        return _LOCAL.pack(*head, len(self.name), len(extra)) + self.name + extra

    def descriptor(self) -> bytes:
        layout = _FOLLOWING64 if self.is_big else _FOLLOWING
        return layout.pack(0x08074B50, self.crc, self.packed, self.size)

    def central_header(self) -> bytes:
        big = [value for value in (self.size, self.packed, self.offset) if value >= _BIG]
        extra = struct.pack(f"<HH{len(big)}Q", _ZIP64, 8 * len(big), *big) if big else b""
        needs = 45 if big else 20
        sizes = (min(self.packed, _BIG), min(self.size, _BIG), len(self.name), len(extra))
        head = (0x02014B50, needs, needs, self.flags, self.method, *self.stamp, self.crc, *sizes)
        return _CENTRAL.pack(*head, 0, 0, 0, 0, min(self.offset, _BIG)) + self.name + extra


@dataclass(frozen=True)
class Fragment:
    """A piece of a member as it stands in the file."""

    packed: bytes | memoryview
    size: int
    """Of the content."""
    crc: int
    """Of the content."""


def deflated(content: Iterable[bytes]) -> Fragment:
    """Deflate a piece of a member; each block is deflated as soon as it is made, while it is near the processor."""
    deflate = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, -15)
    packed, size, crc = [], 0, 0
    for block in content:
        packed.append(deflate.compress(block))
        size, crc = size + len(block), isal_zlib.crc32(block, crc)
    packed.append(deflate.flush(isal_zlib.Z_FULL_FLUSH))
    return Fragment(b"".join(packed), size, crc)


class Member:
    """One deflated file inside the ZIP while it is being written."""

    def __init__(self, entry: _Entry, emit: Callable[[bytes | memoryview], None]) -> None:
        self._entry, self._emit = entry, emit

    def write(self, block: bytes) -> None:
        """Append a block."""
        self.append(deflated([block]))

    def append(self, fragment: Fragment) -> None:
        """Append a piece that is deflated already."""
        self._entry.crc = isal_zlib.crc32_combine(self._entry.crc, fragment.crc, fragment.size)
        self._entry.size += fragment.size
        self._append(fragment.packed)

    def finish(self) -> None:
        """Put check sum and sizes behind it."""
        self._append(_LAST_BLOCK)
        self._emit(self._entry.descriptor())

    def _append(self, packed: bytes | memoryview) -> None:
        self._entry.packed += len(packed)
        self._emit(packed)


class ZipWriter:
    """Writes a ZIP into an open binary file from front to back, one member after the other."""

    def __init__(self, file: IO[bytes], moment: datetime | None = None) -> None:
        moment = moment or datetime.now(UTC)
        date = (moment.year - 1980) << 9 | moment.month << 5 | moment.day
        self._stamp = (moment.hour << 11 | moment.minute << 5 | moment.second // 2, date)
        self._file = file
        self._entries: list[_Entry] = []
        self._size = self._crc = 0

    def open(self, name: str) -> Member:
        """Start a deflated member and return it; ``finish`` it before the next one starts."""
        return Member(self._begin(name, DEFLATED, sizes_follow=True), self._emit)

    @contextmanager
    def member(self, name: str) -> Iterator[Member]:
        """Write one deflated member inside a ``with``."""
        member = self.open(name)
        yield member
        member.finish()

    def store(self, name: str, blocks: Iterable[bytes], *, size: int, crc: int) -> None:
        """Write a member as it is; its size and CRC-32 must be known before."""
        self._begin(name, STORED, crc=crc, size=size, packed=size)
        for block in blocks:
            self._emit(block)

    def add(self, name: str, content: bytes) -> None:
        """Write a whole small member; one that was deflated lately is not deflated again."""
        packed = _deflated(content)
        self._begin(name, DEFLATED, crc=isal_zlib.crc32(content), size=len(content), packed=len(packed))
        self._emit(packed)

    def close(self) -> tuple[int, int]:
        """Write the directory; return size and CRC-32 of the whole file."""
        start = self._size
        directory = b"".join(entry.central_header() for entry in self._entries)
        count, size = len(self._entries), len(directory)
        tail = directory
        if count >= _MANY or start >= _BIG or size >= _BIG:
            tail += _END64.pack(0x06064B50, 44, 45, 45, 0, 0, count, count, size, start)
            tail += _LOCATOR.pack(0x07064B50, 0, start + size, 1)
        counts = (min(count, _MANY), min(count, _MANY))
        tail += _END.pack(0x06054B50, 0, 0, *counts, min(size, _BIG), min(start, _BIG), 0)
        self._emit(tail)
        return self._size, self._crc

    def _begin(self, name: str, method: int, **known: Any) -> _Entry:
        entry = _Entry(name=name.encode(), method=method, offset=self._size, stamp=self._stamp, **known)
        self._entries.append(entry)
        self._emit(entry.local_header())
        return entry

    def _emit(self, block: bytes | memoryview) -> None:
        self._size, self._crc = self._size + len(block), isal_zlib.crc32(block, self._crc)
        self._file.write(block)


@lru_cache(maxsize=64)
def _deflated(content: bytes) -> bytes:
    """Deflate a part of a workbook: the files of an export share most of them."""
    deflate = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, -15)
    return bytes(deflate.compress(content) + deflate.flush())
