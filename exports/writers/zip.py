"""A ZIP writer that streams and deflates with isal, several times as fast as the standard library's zlib.

A member is made of fragments, each deflated by itself and closed with a full flush, so that several threads may make
them; RFC 1951 lets them follow one another as one stream. Format: PKWARE APPNOTE 6.3.10. Sizes go into the local header
afterwards (the file is seekable), so no reader meets a data descriptor.
"""

import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import IO

from isal import isal_zlib

STORED, DEFLATED = 0, 8
_LEVEL = 2
_BIG = 0xFFFFFFFF
_MANY = 0xFFFF
_UTF8_NAME = 0x0800
_ZIP64 = 0x0001
# Room for the two 64-bit sizes, under an id every reader skips. Excel is known to refuse ZIP64 where it is not needed.
_PADDING = 0xD935
_LAST_BLOCK = b"\x03\x00"
"""An empty one: deflate's end."""

_LOCAL = struct.Struct("<IHHHHHIIIHH")
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")
_END64 = struct.Struct("<IQHHIIQQQQ")
_LOCATOR = struct.Struct("<IIQI")
_EXTRA = struct.Struct("<HHQQ")


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
    packed_crc: int = 0

    @property
    def is_big(self) -> bool:
        return self.size >= _BIG or self.packed >= _BIG

    def local_header(self) -> bytes:
        sizes = (_BIG, _BIG) if self.is_big else (self.packed, self.size)
        extra = _EXTRA.pack(_ZIP64, 16, self.size, self.packed) if self.is_big else _EXTRA.pack(_PADDING, 16, 0, 0)
        needs = 45 if self.is_big else 20
        head = (0x04034B50, needs, _UTF8_NAME, self.method, *self.stamp, self.crc, *sizes, len(self.name), len(extra))
        return _LOCAL.pack(*head) + self.name + extra

    def central_header(self) -> bytes:
        big = [value for value in (self.size, self.packed, self.offset) if value >= _BIG]
        extra = struct.pack(f"<HH{len(big)}Q", _ZIP64, 8 * len(big), *big) if big else b""
        needs = 45 if big else 20
        sizes = (min(self.packed, _BIG), min(self.size, _BIG), len(self.name), len(extra))
        head = (0x02014B50, needs, needs, _UTF8_NAME, self.method, *self.stamp, self.crc, *sizes)
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
    """One file inside the ZIP while it is being written."""

    def __init__(self, file: IO[bytes], entry: _Entry) -> None:
        self._file, self._entry = file, entry

    def write(self, block: bytes) -> None:
        """Append a block."""
        is_stored = self._entry.method == STORED
        self.append(Fragment(block, len(block), isal_zlib.crc32(block)) if is_stored else deflated([block]))

    def append(self, fragment: Fragment) -> None:
        """Append a piece that is deflated already."""
        self._entry.crc = isal_zlib.crc32_combine(self._entry.crc, fragment.crc, fragment.size)
        self._entry.size += fragment.size
        self._append(fragment.packed)

    def finish(self) -> None:
        """Put the sizes into the local header."""
        if self._entry.method == DEFLATED:
            self._append(_LAST_BLOCK)
        end = self._file.tell()
        self._file.seek(self._entry.offset)
        self._file.write(self._entry.local_header())
        self._file.seek(end)

    def _append(self, packed: bytes | memoryview) -> None:
        self._entry.packed += len(packed)
        self._entry.packed_crc = isal_zlib.crc32(packed, self._entry.packed_crc)
        self._file.write(packed)


class ZipWriter:
    """Writes a ZIP into an open, seekable binary file, one member after the other."""

    def __init__(self, file: IO[bytes], moment: datetime | None = None) -> None:
        moment = moment or datetime.now(UTC)
        date = (moment.year - 1980) << 9 | moment.month << 5 | moment.day
        self._stamp = (moment.hour << 11 | moment.minute << 5 | moment.second // 2, date)
        self._file = file
        self._entries: list[_Entry] = []

    def open(self, name: str, *, deflate: bool = True) -> Member:
        """Start a member and return it; ``finish`` it before the next one starts."""
        method = DEFLATED if deflate else STORED
        entry = _Entry(name=name.encode(), method=method, offset=self._file.tell(), stamp=self._stamp)
        self._file.write(entry.local_header())
        self._entries.append(entry)
        return Member(self._file, entry)

    @contextmanager
    def member(self, name: str, *, deflate: bool = True) -> Iterator[Member]:
        """Write one member inside a ``with``."""
        member = self.open(name, deflate=deflate)
        yield member
        member.finish()

    def add(self, name: str, content: bytes) -> None:
        """Write a whole small member; one that was deflated lately is not deflated again."""
        packed = _deflated(content)
        entry = _Entry(
            name=name.encode(),
            method=DEFLATED,
            offset=self._file.tell(),
            stamp=self._stamp,
            crc=isal_zlib.crc32(content),
            size=len(content),
            packed=len(packed),
            packed_crc=isal_zlib.crc32(packed),
        )
        self._entries.append(entry)
        self._file.write(entry.local_header() + packed)

    def close(self) -> tuple[int, int]:
        """Write the directory; return size and CRC-32 of the whole file."""
        start = self._file.tell()
        directory = b"".join(entry.central_header() for entry in self._entries)
        count, size = len(self._entries), len(directory)
        tail = directory
        if count >= _MANY or start >= _BIG or size >= _BIG:
            tail += _END64.pack(0x06064B50, 44, 45, 45, 0, 0, count, count, size, start)
            tail += _LOCATOR.pack(0x07064B50, 0, start + size, 1)
        counts = (min(count, _MANY), min(count, _MANY))
        tail += _END.pack(0x06054B50, 0, 0, *counts, min(size, _BIG), min(start, _BIG), 0)
        self._file.write(tail)
        return start + len(tail), isal_zlib.crc32(tail, self._members_crc())

    def _members_crc(self) -> int:
        # Headers were written twice, so the check sum of the file is put together from those of its pieces.
        crc = 0
        for entry in self._entries:
            crc = isal_zlib.crc32(entry.local_header(), crc)
            crc = isal_zlib.crc32_combine(crc, entry.packed_crc, entry.packed)
        return crc


@lru_cache(maxsize=64)
def _deflated(content: bytes) -> bytes:
    """Deflate a part of a workbook: the files of an export share most of them."""
    deflate = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, -15)
    return bytes(deflate.compress(content) + deflate.flush())
