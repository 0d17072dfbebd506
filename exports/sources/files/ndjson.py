"""Newline-delimited JSON: a record a line; empty lines are none."""

from collections.abc import Iterator

from exports.engine import nesting
from exports.engine.decode import Source, decode_each

from .base import Batches
from .blocks import LONGEST, blocks, too_long


class NdjsonBatches(Batches):
    """Lines may end in CRLF too."""

    def _read(self) -> Iterator[Source]:
        for block in blocks(self.file, _end, lambda: self.count + 1):
            lines = [line for line in block.split(b"\n") if line.strip(b" \t\r")]
            for first in range(0, len(lines), self.rows):
                some = self._taken(lines[first : first + self.rows])
                yield decode_each(some, self.fields, self.count + 1, above=nesting.RECORD)

    def _taken(self, lines: list[bytes]) -> list[bytes]:
        for row, line in enumerate(lines, start=self.count + 1):
            if len(line) > LONGEST:
                raise too_long(row)
        return lines


def _end(text: bytes, whole: bool) -> int:
    return len(text) if whole else text.rfind(b"\n") + 1
