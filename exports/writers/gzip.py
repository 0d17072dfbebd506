"""Any format inside gzip (RFC 1952): ``gzipped(XlsxWriter)`` is the writer of ``.xlsx.gz`` files."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import IO, ClassVar, cast

import polars as pl
from isal import isal_zlib

from exports.types import Layout, WrittenFile

from .base import Writer

GZIP = 16 + isal_zlib.MAX_WBITS
"""Window bits that ask zlib for the header and trailer of gzip, check sum included."""
_LEVEL = 2
_BLOCK = 1 << 20


@cache
def gzipped(inner: type[Writer]) -> type["GzipWriter"]:
    """Return the writer of a format inside gzip."""
    look = {"extension": f"{inner.extension}.gz", "max_columns": inner.max_columns}
    return type(f"Gzip{inner.__name__}", (GzipWriter,), {"inner": inner, **look})


class GzipWriter(Writer):
    """Lets another writer write and packs what it wrote; ``gzipped`` makes one for each format."""

    media_type = "application/gzip"
    inner: ClassVar[type[Writer]]

    def __init__(self, file: IO[bytes], layout: Layout, *, first_row: int = 1) -> None:
        super().__init__(file, layout, first_row=first_row)
        self._packer = _Packer(file)
        self._inner = self.inner(cast(IO[bytes], self._packer), layout, first_row=first_row)

    def close(self) -> WrittenFile:
        """Finish the file; content and warnings are the inner format's, size and check sum those of the gzip."""
        written = self._inner.close()
        file_size, file_crc = self._close()
        self.file.flush()
        return replace(written, file_size=file_size, file_crc=file_crc)

    def _write(self, rows: pl.DataFrame) -> None:
        self._inner.write(rows)

    def _write_related(self, place: int, rows: pl.DataFrame) -> None:
        self._inner.write_related(place, rows)

    def _close(self) -> tuple[int, int]:
        return self._packer.finish()


class _Packer:
    """Takes blocks like a file and deflates them."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._deflate = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, GZIP)
        self._size = self._crc = 0

    def write(self, block: bytes | memoryview) -> None:
        """Append a block."""
        self._append(self._deflate.compress(block))

    def flush(self) -> None:
        """Do nothing: gzip can only be finished."""

    def finish(self) -> tuple[int, int]:
        """Write the trailer; return size and CRC-32 of the file."""
        self._append(self._deflate.flush())
        return self._size, self._crc

    def _append(self, packed: bytes) -> None:
        self._size, self._crc = self._size + len(packed), isal_zlib.crc32(packed, self._crc)
        self._file.write(packed)


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """Inflate a file into a private one beside it, which is gone at the end.

    Raises EOFError where the file ends early or goes on after its trailer, and zlib's error where it is damaged.
    """
    inflate = isal_zlib.decompressobj(GZIP)
    with path.open("rb") as packed, tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp") as plain:
        while block := packed.read(_BLOCK):
            plain.write(inflate.decompress(block))
        if not inflate.eof or inflate.unused_data:
            raise EOFError("The gzip stream does not end where the file ends.")
        plain.flush()
        yield Path(plain.name)
