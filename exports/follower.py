"""Reading a file that somebody else is writing: no faster than it grows, and to its end only where it is proven."""

import hashlib
import os
import time
from collections.abc import Callable, Generator, Iterator
from typing import IO

from .exceptions import ExportError, StreamBroken
from .types import StoredFile

HELD = 1 << 14
"""Bytes that leave last, once the whole file is proven: without them it is no file of its format."""
BLOCK = 1 << 18
"""Bytes taken at a time: all that a follower holds."""
LOOK_FIRST, LOOK_LONGEST = 0.02, 0.25
"""Seconds between two looks at a file that does not grow."""
ASK_FIRST, ASK_LONGEST = 0.05, 1.0
"""Seconds between two questions whether it is published; the longest as well while it grows."""


class Follower:
    """The bytes of a growing file; iterate once, then close.

    ``published`` says what the file is once it is proven, None before, and raises StreamBroken where it will not be.
    ``on_end`` is told once how many bytes were read, and why no more; nothing where that was all.
    """

    def __init__(
        self, file: IO[bytes], published: Callable[[], StoredFile | None], on_end: Callable[[int, str], None]
    ) -> None:
        self._file, self._published, self._on_end = file, published, on_end
        self._read, self._digest = 0, hashlib.sha256()
        self._is_over = False
        self._blocks = self._follow()

    def __iter__(self) -> Iterator[bytes]:
        return self._blocks

    def close(self) -> None:
        """Let go of the file; whoever has not read it to its end has gone away."""
        self._blocks.close()
        self._file.close()
        self._end("The caller went away")

    def _follow(self) -> Generator[bytes, None, None]:
        try:
            stored = yield from self._growing()
            yield from self._rest(stored)
        except Exception as error:
            self._end(error.message if isinstance(error, ExportError) else type(error).__name__)
            raise
        self._end("")

    def _growing(self) -> Generator[bytes, None, StoredFile]:
        """Yield what is there until the file is published."""
        grew = asked = time.monotonic()
        while True:
            if block := self._next(os.fstat(self._file.fileno()).st_size - HELD):
                yield block
                grew = time.monotonic()
            else:
                time.sleep(_between(LOOK_FIRST, (time.monotonic() - grew) / 10, LOOK_LONGEST))
            now = time.monotonic()
            if now - asked < (ASK_LONGEST if block else _between(ASK_FIRST, (now - grew) / 4, ASK_LONGEST)):
                continue
            if (stored := self._published()) is not None:
                return stored
            asked = time.monotonic()

    def _rest(self, stored: StoredFile) -> Iterator[bytes]:
        """Yield what is left of a published file. Raises StreamBroken where what was read is not what was proven."""
        while block := self._next(stored.size - HELD):
            yield block
        last = self._next(stored.size)
        if self._read != stored.size or self._digest.hexdigest() != stored.sha256:
            raise StreamBroken("What was sent is not what was published.")
        yield last

    def _next(self, end: int) -> bytes:
        block = self._file.read(max(min(BLOCK, end - self._read), 0))
        self._read += len(block)
        self._digest.update(block)
        return block

    def _end(self, why: str) -> None:
        if not self._is_over:
            self._is_over = True
            self._on_end(self._read, why)


def _between(least: float, value: float, most: float) -> float:
    return min(max(value, least), most)
