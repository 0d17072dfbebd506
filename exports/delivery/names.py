"""What files and sheets are called: the caller's wish where it is safe, the contract's words otherwise.

A file name is only ever shown; where a file is stored never depends on it (``storage``).
"""

import re
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import quote

from exports.exceptions import InvalidFilename, InvalidSheetName
from exports.types import MEDIA_TYPES, Format, sheet_name_problem

FILENAME_BYTES = 255
"""What file systems hold; letters beyond ASCII take two to four each."""

_RESERVED = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f]')
# Marks that change the direction of text can make 'gpj.exe' look like 'exe.jpg'.
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_ENDINGS = {*MEDIA_TYPES, ".xls", ".pdf"}


def checked_filename(name: str, format: Format, limit: int) -> str:
    """Return a caller's file name with the format's extension, at most ``limit`` characters and 255 bytes long.

    Raises:
        InvalidFilename: it is a path, is a device of Windows, or has characters no file system takes (document 000,
            "Enhanced Error Display").
    """
    found = _RESERVED.search(name) or _DIRECTION.search(name)
    if found:
        raise InvalidFilename(
            f"Field 'filename' must not contain {_shown(found.group())}. "
            'Avoid paths and the characters < > : " / \\ | ? *',
            field="filename",
        )
    stem = _without_extension(name.strip(" ."))
    if not stem or _DEVICES.fullmatch(stem):
        raise InvalidFilename(f"Field 'filename' holds '{name}', which is no name for a file.", field="filename")
    return _cut(stem, limit - len(format.extension)).rstrip(" .") + format.extension


def default_filename(pattern: str, resource: str, template: str, day: date, format: Format) -> str:
    """Return the name of a file nobody named, by the pattern of its dialect's policy."""
    return pattern.format(resource=resource, template=template, date=day.isoformat()) + format.extension


def packed_filename(name: str, format: Format) -> str:
    """Return a file's name with ``.gz`` behind it, where its format is another one inside gzip."""
    return name if name.endswith(format.extension) else f"{name}.gz"


def part_filename(resource: str, number: int, of: int, format: Format) -> str:
    """Return the name of one file of a split export (document 001, "Large Exports")."""
    return f"{resource}_batch_{number}_of_{of}{format.extension}"


def archive_filename(resource: str) -> str:
    """Return the name of the ZIP of a split export (document 001, "Large Exports")."""
    return f"{resource}_complete_export.zip"


def checked_sheet_name(name: str) -> str:
    """Return a caller's sheet name.

    Raises:
        InvalidSheetName: Excel would refuse it or repair the file.
    """
    problem = sheet_name_problem(name)
    if problem:
        raise InvalidSheetName(f"Field 'sheet_name' {problem}", field="sheet_name")
    return name


def media_type(name: str) -> str:
    """Return what HTTP calls a file of this name."""
    return MEDIA_TYPES[PurePosixPath(name).suffix.lower()]


def content_disposition(name: str) -> str:
    """Return the header that makes a browser save a file under this name (RFC 6266, RFC 8187)."""
    plain = re.sub(r'[^\x20-\x7e]|["\\%]', "_", name)
    header = f'attachment; filename="{plain}"'
    return header if plain == name else f"{header}; filename*=UTF-8''{quote(name, safe='')}"


def _cut(stem: str, limit: int) -> str:
    room = FILENAME_BYTES - max(len(format.extension) for format in Format)
    return stem[:limit].encode()[:room].decode(errors="ignore")


def _without_extension(name: str) -> str:
    """Take off one ending that is a format's, and ``.gz`` behind it."""
    stem = name[: -len(".gz")] if name.lower().endswith(".gz") else name
    path = PurePosixPath(stem)
    return path.stem.rstrip(" .") if path.suffix.lower() in _ENDINGS else stem


def _shown(character: str) -> str:
    return f"the character {character}" if character.isprintable() else f"the character U+{ord(character):04X}"
