"""The lines of a CSV text: where they end, and whether its quotes are what RFC 4180 makes them.

All of it is arithmetic on the positions of a few characters. Once a text was looked at like this, there is one way to
read it, and a fast parser that would let other texts through can be trusted with it.
"""

from functools import cached_property
from typing import Any, cast

import numpy as np

Positions = np.ndarray[Any, np.dtype[np.int64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

_LF, _CR, _QUOTE = b"\n"[0], b"\r"[0], b'"'[0]


class Lines:
    """Lines of a CSV text from the beginning of one; a line end inside quotes ends none."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self._bytes = np.frombuffer(text, np.uint8)

    @property
    def first_end(self) -> int:
        """Where the first line ends, its line end included; 0 where it does not."""
        return int(self.ends[0]) if len(self.ends) else 0

    @property
    def last_end(self) -> int:
        """Where the last whole line ends, its line end included; 0 where none does."""
        if not len(self._quotes):
            return self.text.rfind(b"\n") + 1
        return int(self.ends[-1]) if len(self.ends) else 0

    @cached_property
    def ends(self) -> Positions:
        """Where each whole line ends, its line end included."""
        return self._outside(_LF) + 1

    @cached_property
    def blank(self) -> Mask:
        """Which of those lines hold nothing."""
        lengths = np.diff(self.ends, prepend=0) - 1
        return cast(Mask, (lengths == 0) | ((lengths == 1) & (self._bytes[self.ends - 2] == _CR)))

    def without_blank(self) -> bytes:
        """Return the text without lines that hold nothing."""
        if b"\n\n" not in self.text and b"\n\r\n" not in self.text and self.text[:1] not in (b"\n", b"\r"):
            return self.text
        starts = [0, *self.ends.tolist()]
        kept = [self.text[starts[line] : starts[line + 1]] for line in np.flatnonzero(~self.blank)]
        return b"".join(kept) + self.text[starts[-1] :]

    def flaw(self, delimiter: str, *, whole: bool) -> tuple[int, str] | None:
        """Return where the text is no CSV and what is wrong there; ``whole`` if nothing follows it."""
        flaws = [*self._quote_flaws(ord(delimiter), whole), *self._return_flaws(whole)]
        return min(flaws, default=None)

    def too_wide(self, delimiter: str, cells: int) -> tuple[int, str] | None:
        """Return where the first cell too many stands, if a line has more than ``cells``, and what is wrong there."""
        delimiters = self._outside(ord(delimiter))
        before = np.searchsorted(delimiters, [0, *self.ends, len(self.text)])
        wide = np.flatnonzero(np.diff(before) >= cells)
        if not len(wide):
            return None
        found = int(np.diff(before)[wide[0]]) + 1
        extra = int(delimiters[before[wide[0]] + cells - 1]) + 1
        return extra, f"the line has {found} cells, but the header has {cells}."

    def place(self, position: int, delimiter: str) -> tuple[int, int]:
        """Return in which line, and in which cell of it, a position is; both from 0."""
        line = int(np.searchsorted(self.ends, position, side="right"))
        start = int(self.ends[line - 1]) if line else 0
        delimiters = self._outside(ord(delimiter))
        return line, int(((delimiters >= start) & (delimiters < position)).sum())

    @cached_property
    def _quotes(self) -> Positions:
        return self._all(_QUOTE) if b'"' in self.text else np.empty(0, np.int64)

    def _all(self, byte: int) -> Positions:
        return cast(Positions, np.flatnonzero(self._bytes == byte))

    def _outside(self, byte: int) -> Positions:
        """Return where a character stands that is not inside quotes: as many of them before it are even."""
        found = self._all(byte)
        return found[np.searchsorted(self._quotes, found) % 2 == 0] if len(self._quotes) else found

    def _quote_flaws(self, delimiter: int, whole: bool) -> list[tuple[int, str]]:
        """Every other quote opens a cell, or follows the one before to stand for a quote; the others close one."""
        opening, closing = self._quotes[::2], self._quotes[1::2]
        before = self._bytes[opening[opening > 0] - 1]
        astray = opening[opening > 0][~np.isin(before, (delimiter, _LF, _QUOTE))]
        closed = closing[closing + 1 < len(self.text)]
        after = self._bytes[closed + 1]
        left = closed[~np.isin(after, (delimiter, _LF, _CR, _QUOTE))]
        flaws = [(int(astray[0]), "has a quote inside a cell that does not begin with one.")] if len(astray) else []
        flaws += [(int(left[0]), "goes on behind its closing quote.")] if len(left) else []
        if whole and len(opening) > len(closing):
            flaws.append((int(opening[-1]), "opens a quote that is never closed."))
        return flaws

    def _return_flaws(self, whole: bool) -> list[tuple[int, str]]:
        if self.text.count(b"\r") == self.text.count(b"\r\n"):
            return []
        returns = self._outside(_CR)
        # What follows the very last one is not known before the end of the file.
        known = returns if whole else returns[returns + 1 < len(self.text)]
        bare = known[(known + 1 == len(self.text)) | (self._bytes[np.minimum(known + 1, len(self.text) - 1)] != _LF)]
        return [(int(bare[0]), "has a carriage return outside quotes; lines end in LF or CRLF.")] if len(bare) else []
