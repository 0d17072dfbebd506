"""Reading a ZIP back with isal, distrusting every byte of it."""

import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from isal import isal_zlib

from exports.exceptions import VerificationFailed

_BLOCK = 1 << 17
"""Small enough that what comes out of it, ten times as much, stays near the processor: half the time of a megabyte."""
_LOCAL_HEADER = 30
_SIZES_FOLLOW = 0x0008
_DESCRIPTOR = struct.Struct("<4sI")


def members(path: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield name and content of every member in the order of the directory; read each to its end before the next.

    Raises VerificationFailed where a check sum, a size or a header is wrong.
    """
    with path.open("rb") as file, zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            yield info.filename, _inflated(file, info, _content_start(file, info) + info.compress_size)


def _content_start(file: IO[bytes], info: zipfile.ZipInfo) -> int:
    """Check what is said of a member in front of it and behind it; return where its content begins."""
    file.seek(info.header_offset)
    header = file.read(_LOCAL_HEADER)
    flags = int.from_bytes(header[6:8], "little")
    name_length, extra_length = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
    name = file.read(name_length)
    crc = int.from_bytes(header[14:18], "little")
    start = info.header_offset + _LOCAL_HEADER + name_length + extra_length
    if flags & _SIZES_FOLLOW:
        file.seek(start + info.compress_size)
        is_told = crc == 0 and file.read(_DESCRIPTOR.size) == _DESCRIPTOR.pack(b"PK\x07\x08", info.CRC)
    else:
        is_told = crc == info.CRC
    if header[:4] != b"PK\x03\x04" or name.decode() != info.orig_filename or flags != info.flag_bits or not is_told:
        raise VerificationFailed(f"The header of '{info.filename}' contradicts the directory.")
    return start


def _inflated(file: IO[bytes], info: zipfile.ZipInfo, end: int) -> Iterator[bytes]:
    inflate = isal_zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
    position, size, crc = end - info.compress_size, 0, 0
    while position < end:
        file.seek(position)
        packed = file.read(min(_BLOCK, end - position))
        if not packed:
            break
        position += len(packed)
        block = inflate.decompress(packed) if inflate else packed
        size, crc = size + len(block), isal_zlib.crc32(block, crc)
        yield block
    if crc != info.CRC or size != info.file_size or (inflate and not inflate.eof):
        raise VerificationFailed(f"The content of '{info.filename}' does not match its check sum.")
