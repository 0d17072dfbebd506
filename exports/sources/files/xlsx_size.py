"""What a workbook would take in memory, found out before it is read.

A file of a few kilobytes may inflate to gigabytes, and one of two cells may lay claim to the 17 billion between them:
calamine makes room for every cell up to the last.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from exports.exceptions import InvalidFile, TooManyBytes, TooManyValues

MOST_BYTES = 384 << 20
"""All members of a workbook, inflated: some 450,000 records of 15 columns."""
MOST_CELLS = 8_000_000
"""Rows times columns of a sheet, empty cells included."""
_BLOCK = 1 << 20
_LONGEST_TAG = 1 << 10
# Every tag of a cell, prefixed or not, and the reference it gives; none where it has no place or another spelling.
_CELL = re.compile(
    rb'<(?:[^\s<>/:]*:)?c(?=[\s/>])(?:(?:\s+[\w:.-]+="[^"<>]*")*?\s+r="([A-Z]{1,3})([0-9]{1,7})")?', re.ASCII
)
_ORDINARY_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')


def check(file: IO[bytes]) -> None:
    """Refuse a workbook that is damaged or too large, and go back to the beginning of the file.

    Raises InvalidFile, TooManyBytes, or TooManyValues where a sheet reaches too far.
    """
    size = 0
    try:
        with zipfile.ZipFile(file) as archive:
            for member in archive.infolist():
                reach = _Reach()
                for block in _inflated(archive, member):
                    size += len(block)
                    if size > MOST_BYTES:
                        raise TooManyBytes(f"The workbook unpacks to more than {MOST_BYTES:,} bytes; send it as CSV.")
                    reach.look(block)
                reach.check()
    # An entry that is encrypted is a RuntimeError, one that is packed otherwise NotImplementedError, which is one too.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, struct.error) as error:
        raise InvalidFile(f"The file is no workbook (.xlsx), or it is damaged: {error}.") from error
    file.seek(0)


def _inflated(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile("it is packed in an unusual way")
    # What the directory says of the size may be a lie: read until the data end, where the check sum is compared.
    member.file_size = MOST_BYTES + 1
    with archive.open(member) as content:
        while block := content.read(_BLOCK):
            yield block


class _Reach:
    """How far the cells of one member go, seen in its XML."""

    def __init__(self) -> None:
        self._rest = b""
        self._is_sheet = False
        self._columns: set[bytes] = set()
        self._last_row = 0

    def look(self, block: bytes) -> None:
        """Take the next piece of the member."""
        text = self._rest + block
        # A tag that is cut in two is looked at with the next piece; a longer one than any cell's never is.
        cut = text.rfind(b"<")
        whole = cut < 0 or len(text) - cut > _LONGEST_TAG
        self._rest = b"" if whole else text[cut:]
        self._count(text if whole else text[:cut])

    def check(self) -> None:
        """Raise TooManyValues or InvalidFile for a sheet that calamine should not be given."""
        self._count(self._rest)
        if not self._is_sheet:
            return
        if b"" in self._columns:
            raise InvalidFile("Cells of a sheet do not say where they are; save it again with a spreadsheet program.")
        if self._last_row * max(map(_number, self._columns), default=0) > MOST_CELLS:
            raise TooManyValues(f"A sheet reaches over more than {MOST_CELLS:,} cells; send it as CSV.")

    def _count(self, text: bytes) -> None:
        self._is_sheet |= b"sheetData" in text
        cells = _ORDINARY_CELL.findall(text)
        # The pattern for every spelling takes three times as long.
        if len(cells) < text.count(b"<c") + text.count(b":c"):
            cells = _CELL.findall(text)
        if cells:
            self._columns |= {column for column, _ in cells}
            self._last_row = max(self._last_row, *(int(row or 0) for row in {row for _, row in cells}))


def _number(letters: bytes) -> int:
    """Return the number of a column, counted from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
