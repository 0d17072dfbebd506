"""Text read back from content streams, by what the fonts of the file say that their codes stand for."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import TypeAlias

from exports.exceptions import VerificationFailed

from .parsing import Objects
from .syntax import entry, numbers, references

Row: TypeAlias = dict[int, str]
"""Column -> its text in one record, the lines of the cell one after the other."""
Marked: TypeAlias = dict[int, str]
"""Mark on a page -> the text it holds."""

_MAPPED = re.compile(rb"<([0-9a-f]+)> <([0-9a-f]*)>\n")
_HEADER = re.compile(rb" 1 0 0 1 (\d+) \d+ cm (?:/Artifact<</Type/Pagination>>BDC /H(\d+) Do)?")
_TOKEN = re.compile(
    rb"(?P<begin>BT)"
    rb"|/(?:H1|P|TH|TD)<</MCID (?P<mark>\d+)>>BDC"
    rb"|(?P<unmarked>EMC)"
    rb"|(?P<row>[\n\t])"
    rb"| (?P<x>-?\d+) -?\d+ Td"
    rb"|/(?P<font>\w+) \d+ Tf"
    rb"|\((?P<codes>[^()]*)\)Tj"
    rb"|/Span<</ActualText<feff(?P<told>[0-9a-f]*)>>>BDC.*?EMC"
    rb"|\[(?P<placed>[^\]]*)\]TJ"
    rb"|<(?P<box>[0-9a-f]+)>Tj",
    re.DOTALL,
)


class Extraction:
    """Reads the pages and header rows of one file."""

    def __init__(self, objects: Objects) -> None:
        self._fonts = {name: _texts(objects, font) for name, font in objects.resources(b"Font").items()}
        forms = objects.resources(b"XObject")
        bands = [forms[b"H%d" % number] for number in range(len(forms))]
        self._headers = [objects.stream(form) for form in bands]
        self._borders = [_borders(objects[form]) for form in bands]

    def header(self) -> Row:
        """Return the headers of all columns."""
        found: Row = {}
        for stream, borders in zip(self._headers, self._borders, strict=True):
            found |= next(self._scan(stream, borders, 0, {}))
        return found

    def columns(self, band: int) -> list[int]:
        """Return the columns of a band from left to right."""
        return [column for column, _ in self._borders[band]]

    def rows(self, body: bytes, band: int, *, first: bool) -> tuple[list[Row], Marked]:
        """Return the records in the body of a page of a band, and what its marks hold.

        The first page has the header row itself, the others repeat it as something not to be read again.
        """
        match = _HEADER.search(body)
        if match is None or match[2] != (None if first else b"%d" % band):
            raise VerificationFailed("A page has no header row.")
        marked: Marked = {}
        return list(self._scan(body, self._borders[band], -int(match[1]), marked))[1:], marked

    def _scan(self, stream: bytes, borders: list[tuple[int, int]], left: int, marked: Marked) -> Iterator[Row]:
        """Yield what stands before the first record, then each record."""
        row: Row = {}
        mark: int | None = None
        rights = [right for _, right in borders]
        x = column = 0
        font: dict[bytes, str] = {}
        for match in _TOKEN.finditer(stream):
            kind = str(match.lastgroup)
            value = match[kind]
            if kind == "row":
                yield row
                row = {}
            elif kind == "begin":
                x = left
            elif kind == "x":
                x += int(value)
                column = borders[bisect_right(rights, x)][0]
            elif kind == "font":
                font = self._fonts[value]
            elif kind == "mark":
                marked[mark := int(value)] = ""
            elif kind == "unmarked":
                mark = None
            else:
                text = _READ[kind](value, font)
                row[column] = row.get(column, "") + text
                if mark is not None:
                    marked[mark] += text
        yield row


def _codes(value: bytes, font: dict[bytes, str]) -> str:
    size = len(next(iter(font)))
    return "".join(font[value[at : at + size]] for at in range(0, len(value), size))


def _hexadecimal(value: bytes, font: dict[bytes, str]) -> str:
    return _codes(bytes.fromhex(value.decode()), font)


def _placed(value: bytes, font: dict[bytes, str]) -> str:
    return "".join(_hexadecimal(codes, font) for codes in re.findall(rb"<(\w+)>", value))


def _told(value: bytes, font: dict[bytes, str]) -> str:
    return bytes.fromhex(value.decode()).decode("utf-16-be")


_READ = {"codes": _codes, "told": _told, "placed": _placed, "box": _hexadecimal}


def _texts(objects: Objects, font: int) -> dict[bytes, str]:
    """Return what the codes of a font stand for."""
    mapped = objects.stream(references(entry(objects[font], b"ToUnicode"))[0])
    return {
        bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be")
        for code, text in _MAPPED.findall(mapped)
    }


def _borders(form: bytes) -> list[tuple[int, int]]:
    """Return column and right border, from left to right, of a header row."""
    listed = numbers(entry(form, b"YBBColumns"))
    return list(zip(listed[::2], listed[1::2], strict=True))
