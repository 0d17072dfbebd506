"""Reading a ZIP back with isal, distrusting every byte of it."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from isal import isal_zlib

from exports.exceptions import VerificationFailed

_BLOCK = 1 << 17
"""Small enough that what comes out of it, ten times as much, stays near the processor: half the time of a megabyte."""
_LOCAL_HEADER = 30


def members(path: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield name and content of every member in the order of the directory; read each to its end before the next.

    Raises VerificationFailed where a check sum, a size or a header is wrong.
    """
    with path.open("rb") as file, zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            yield info.filename, _inflated(file, info, _content_start(file, info) + info.compress_size)


def _content_start(file: IO[bytes], info: zipfile.ZipInfo) -> int:
    """Check the header in front of a member against the directory and return where its content begins."""
    file.seek(info.header_offset)
    header = file.read(_LOCAL_HEADER)
    name_length, extra_length = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
    name = file.read(name_length)
    crc = int.from_bytes(header[14:18], "little")
    if header[:4] != b"PK\x03\x04" or name.decode() != info.orig_filename or crc != info.CRC:
        raise VerificationFailed(f"The header of '{info.filename}' contradicts the directory.")
    return info.header_offset + _LOCAL_HEADER + name_length + extra_length


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
