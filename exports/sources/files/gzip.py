"""Files inside gzip (RFC 1952), inflated as they are read."""

import gzip
import io
import zlib
from typing import IO, Any, cast

from isal import igzip, igzip_lib

from exports.exceptions import InvalidFile, TooManyBytes

_BLOCK = 1 << 20


def inflated(file: IO[bytes], limit: int) -> IO[bytes]:
    """Return a reader of what a gzip file holds, several streams behind one another included; it cannot seek.

    Its ``read`` raises InvalidFile where the file is damaged, cut or no gzip file, and TooManyBytes when more than
    ``limit`` bytes come out.
    """
    return cast(IO[bytes], io.BufferedReader(_Inflated(file, limit), _BLOCK))


class _Inflated(io.RawIOBase):
    """Counts what comes out, and says in our words what is wrong."""

    def __init__(self, file: IO[bytes], limit: int) -> None:
        self._gzip = igzip.IGzipFile(fileobj=file, mode="rb")  # type: ignore[no-untyped-call]
        self._limit, self._size = limit, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            count = self._gzip.readinto(buffer)
        except (gzip.BadGzipFile, EOFError, zlib.error, igzip_lib.IsalError) as error:  # type: ignore[misc]
            raise InvalidFile(f"The gzip file is damaged or cut: {error}.") from error
        self._size += count
        if self._size > self._limit:
            raise TooManyBytes(f"The file holds more than {self._limit:,} bytes inside its gzip; send a smaller one.")
        return count
