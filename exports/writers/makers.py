"""Pieces of a file, made side by side and taken in their order: every core has work, whatever a format costs."""

import os
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

Piece = TypeVar("Piece")

MANY_ROWS = 2048
"""Rows from which on their pieces are worth another thread."""
_MAKERS = max(2, min(4, len(os.sched_getaffinity(0))))
_WAITING = _MAKERS + 1
"""How much may be on its way; more would only cost memory."""


class Makers(Generic[Piece]):
    """Threads that make pieces; whoever puts work in takes what is made, with the function given."""

    def __init__(self, take: Callable[[Piece], None]) -> None:
        self._take = take
        self._pool: ThreadPoolExecutor | None = None
        self._waiting: deque[Future[list[Piece]]] = deque()

    def put(self, pieces: Iterable[Piece], *, rows: int = 0) -> None:
        """Append pieces that hold so many rows; those of many rows are made by another thread, if they are not yet.

        Raises what making or taking an earlier piece raised.
        """
        if rows < MANY_ROWS and not self._waiting:
            self._take_all(pieces)
            return
        self._pool = self._pool or ThreadPoolExecutor(_MAKERS, "maker")
        self._waiting.append(self._pool.submit(list, pieces))
        while len(self._waiting) > _WAITING:
            self._take_all(self._waiting.popleft().result())

    def finish(self) -> None:
        """Take what is left. Raises like ``put``."""
        while self._waiting:
            self._take_all(self._waiting.popleft().result())
        if self._pool:
            self._pool.shutdown()
            self._pool = None

    def _take_all(self, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            self._take(piece)
