"""Work on finished blocks in a second thread, while the first one makes the next block."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

_WORTH_HANDING_OVER = 1 << 20
"""Bytes; deflating less takes half a millisecond, and handing it over as long."""
_BLOCKS_WAITING = 4
"""Blocks that may wait for the second thread; more would only cost memory."""


class Behind:
    """Calls a function with one block after the other, in order."""

    def __init__(self, take: Callable[[bytes | memoryview], None]) -> None:
        self._take = take
        self._pool: ThreadPoolExecutor | None = None
        self._waiting: deque[Future[None]] = deque()

    def write(self, block: bytes | memoryview) -> None:
        """Append a block, which must not change any more. An error of an earlier block is raised here or at the end."""
        while len(self._waiting) >= _BLOCKS_WAITING:
            self._waiting.popleft().result()
        if len(block) < _WORTH_HANDING_OVER and not self._waiting:
            self._take(block)
            return
        self._pool = self._pool or ThreadPoolExecutor(1, "behind")
        self._waiting.append(self._pool.submit(self._take, block))

    def finish(self) -> None:
        """Wait for every block."""
        while self._waiting:
            self._waiting.popleft().result()
        if self._pool:
            self._pool.shutdown()
