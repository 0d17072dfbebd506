"""What the formats have in common that are written from front to back, and whose file is its content."""

from typing import IO

from exports.types import Layout

from .base import Writer
from .makers import Makers


class TextWriter(Writer):
    """``self._blocks`` takes what comes next."""

    def __init__(self, file: IO[bytes], layout: Layout, *, first_row: int = 1) -> None:
        super().__init__(file, layout, first_row=first_row)
        self._blocks = Makers(self._append)

    def _close(self) -> tuple[int, int]:
        self._blocks.finish()
        return self.content_size, self.content_crc

    def _append(self, content: bytes) -> None:
        self._measure(content)
        self.file.write(content)
