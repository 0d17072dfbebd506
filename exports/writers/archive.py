"""A ZIP of finished files and a manifest that says what they are."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec
from isal import isal_zlib

from exports.exceptions import VerificationFailed
from exports.types import CheckedFile

from .unzip import members
from .zip import ZipWriter

MANIFEST = "manifest.json"
_BLOCK = 1 << 20
_WORTH_DEFLATING = {".csv", ".json", ".ndjson"}
"""Everything else is compressed already and would only cost time again."""


@dataclass(frozen=True, kw_only=True)
class ArchivedFile:
    """One finished file of an export."""

    path: Path
    """Where its bytes are."""
    name: str
    """What it is called inside the archive."""
    rows: int
    first_row: int
    """Counted from 1 over the whole export."""
    sha256: str
    size: int


def write_archive(
    file: IO[bytes], files: Sequence[ArchivedFile], *, title: str = "", on_block: Callable[[], None] = lambda: None
) -> None:
    """Write a ZIP of ``files`` into an open binary file from front to back, the manifest last.

    Names must be unique; ``on_block`` is told that the work goes on. Raises OSError where a file cannot be read or
    there is no room, and what ``on_block`` raises.
    """
    archive = ZipWriter(file)
    for each in files:
        if Path(each.name).suffix not in _WORTH_DEFLATING:
            archive.store(each.name, _blocks(each, on_block), size=each.size, crc=_crc(each, on_block))
            continue
        with archive.member(each.name) as member:
            for block in _blocks(each, on_block):
                member.write(block)
    archive.add(MANIFEST, manifest(files, title))
    archive.close()


def _blocks(each: ArchivedFile, on_block: Callable[[], None]) -> Iterator[bytes]:
    with each.path.open("rb") as source:
        while block := source.read(_BLOCK):
            yield block
            on_block()


def _crc(each: ArchivedFile, on_block: Callable[[], None]) -> int:
    crc = 0
    for block in _blocks(each, on_block):
        crc = isal_zlib.crc32(block, crc)
    return crc


def verify_archive(
    path: Path, files: Sequence[ArchivedFile], *, on_block: Callable[[], None] = lambda: None
) -> CheckedFile:
    """Read an archive back and return its size and digest; ``on_block`` is told that the work goes on.

    Raises VerificationFailed unless it holds exactly ``files``, each with the SHA-256 that was found when it was made.
    """
    wanted = {each.name: each.sha256 for each in files}
    found = {name: _sha256(blocks, on_block) for name, blocks in members(path)}
    found.pop(MANIFEST, None)
    if found != wanted:
        raise VerificationFailed("The archive does not hold the files that were put into it.")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return CheckedFile(size=file.tell(), sha256=digest.hexdigest())


def _sha256(blocks: Iterable[bytes], on_block: Callable[[], None]) -> str:
    digest = hashlib.sha256()
    for block in blocks:
        on_block()
        digest.update(block)
    return digest.hexdigest()


def manifest(files: Sequence[ArchivedFile], title: str = "") -> bytes:
    """Return the manifest: JSON with title, total of rows, and name, rows, range, size and SHA-256 of every file."""
    entries = [
        {
            "name": each.name,
            "rows": each.rows,
            "record_range": f"{each.first_row}-{each.first_row + each.rows - 1}" if each.rows else "",
            "size": each.size,
            "sha256": each.sha256,
        }
        for each in files
    ]
    whole = {"title": title, "rows": sum(each.rows for each in files), "files": entries}
    return msgspec.json.format(msgspec.json.encode(whole), indent=2)
