"""How much memory a piece of work takes, watched from within, so that the kernel need not end the worker."""

import resource
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from .exceptions import MemoryExceeded

_STATM = Path("/proc/self/statm")
_PAGE = resource.getpagesize()


def held() -> int:
    """Return the bytes this process holds for itself; elsewhere than on Linux, the most it ever held."""
    try:
        # proc(5): size, resident, shared. What is shared are pages of files, which the kernel takes back as it needs.
        _, resident, shared, *_ = map(int, _STATM.read_bytes().split())
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
    return (resident - shared) * _PAGE


class MemoryWatch(AbstractContextManager["MemoryWatch"]):
    """Gives a piece of work up when the process has grown by more than ``limit`` bytes since the watch began.

    Inside its ``with`` a MemoryError becomes MemoryExceeded too. Without a limit, and in a thread beside others that
    do other work, as in a web server, growth is nobody's in particular and not looked at.
    """

    def __init__(self, limit: int | None, records: int, bite: int, look: Callable[[], int] = held) -> None:
        """``records`` are those of the whole export, ``bite`` how many are taken at a time."""
        is_own = threading.current_thread() is threading.main_thread()
        self._limit = limit if limit and is_own else sys.maxsize
        self._records, self._bite, self._look = records, bite, look
        self._began, self._done = look(), 0

    def __call__(self, rows: int) -> None:
        """Note that so many rows are written. Raises MemoryExceeded."""
        self._done = rows
        grown = self._look() - self._began
        if grown > self._limit:
            raise self._exceeded(rows * self._limit // grown)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, MemoryError):
            # Where not even the first bite went down, half of it may.
            raise self._exceeded(self._done or self._bite // 2) from error

    def _exceeded(self, fitted: int) -> MemoryExceeded:
        fits = _rounded(min(max(fitted, 1), self._records))
        return MemoryExceeded(
            f"The export needs more memory than it may use; {fits:,} of its records at a time would fit.",
            record_count=self._records,
            memory_exceeded=True,
            suggested_chunk_size=fits,
        )


def _rounded(number: int) -> int:
    """Round down to two figures, large numbers to thousands."""
    step = 1
    while step < 1000 and number >= 100 * step:
        step *= 10
    return number - number % step
