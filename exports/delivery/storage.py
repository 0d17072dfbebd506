"""Files on disk: written privately, proven, then published in one step.

Publication is: write to a temporary file (mode 0600, in the export's own folder), fsync, read back and verify, rename,
fsync the folder. Only then does a conditional UPDATE make the file known. No path is ever made from user text: a key is
the export's id and a name made here. A temporary file has the name of the file it is to become, the token of its
claim in it, so that whoever reads it while it grows knows whose it is.
"""

import errno
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from exports.conf import conf
from exports.exceptions import FileNotFound, StorageFull

STAGED = "records-"
"""What the name of a folder of staged columns begins with."""
TEMPORARY_SUFFIX = ".tmp"
_privately = partial(os.open, mode=0o600)


def folder(public_id: uuid.UUID) -> Path:
    """Return the folder of one export; two letters of its id spread the folders."""
    return Path(conf.storage_dir) / public_id.hex[:2] / public_id.hex


def free_bytes() -> int:
    """Return how many bytes the storage has room for."""
    directory = Path(conf.storage_dir).absolute()
    # It may not have been made yet.
    return shutil.disk_usage(next(path for path in (directory, *directory.parents) if path.exists())).free


def make_folder(public_id: uuid.UUID) -> Path:
    """Create the folder of one export.

    Raises:
        StorageFull: the disk has less room than ``EXPORTS_MIN_FREE_BYTES``.
    """
    path = folder(public_id)
    with _full_disk_told():
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if free_bytes() < conf.min_free_bytes:
        raise StorageFull
    return path


@contextmanager
def temporary(public_id: uuid.UUID, key: str) -> Iterator[IO[bytes]]:
    """Open the private temporary file that is to become ``key``; it is gone at the end unless it was published.

    Raises:
        StorageFull: the disk filled up, at any moment until the end.
    """
    make_folder(public_id)
    unfinished = _unfinished(key)
    with _full_disk_told(), open(unfinished, "x+b", opener=_privately) as file:
        try:
            yield file
        finally:
            unfinished.unlink(missing_ok=True)


def _unfinished(key: str) -> Path:
    return path(f"{key}{TEMPORARY_SUFFIX}")


@contextmanager
def _full_disk_told() -> Iterator[None]:
    """Say in the portal's own words that there is no room."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull from error
        raise


def flush(file: IO[bytes]) -> None:
    """Put everything that was written onto the disk."""
    file.flush()
    os.fsync(file.fileno())


def publish(temporary_path: Path, key: str) -> None:
    """Give a flushed and verified file its final name."""
    final = path(key)
    temporary_path.rename(final)
    _sync(final.parent)


def _sync(path: Path) -> None:
    """Put a file, or what a folder says of its files, onto the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def removed_on_error(key: str | None) -> Iterator[None]:
    """Delete a file again when what should make it known fails.

    It belongs inside the transaction, not around it: when COMMIT itself breaks off, only the database knows whether the
    file is known now. Then it stays; one that nobody knows of is deleted with its export's folder.
    """
    try:
        yield
    except BaseException:
        if key:
            remove(key)
        raise


@contextmanager
def folder_removed_on_error(public_id: uuid.UUID) -> Iterator[None]:
    """Delete what an export has stored when it cannot be accepted; inside the transaction, as ``removed_on_error``."""
    try:
        yield
    except BaseException:
        remove_folder(public_id)
        raise


def part_key(public_id: uuid.UUID, number: int, extension: str, token: uuid.UUID | None) -> str:
    """Return the key of a file that holds records, made by the holder of a claim."""
    return _key(public_id, f"part-{number:04}", extension, token)


def archive_key(public_id: uuid.UUID, token: uuid.UUID | None) -> str:
    """Return the key of an archive, made by the holder of a claim."""
    return _key(public_id, "archive", ".zip", token)


def _key(public_id: uuid.UUID, stem: str, extension: str, token: uuid.UUID | None) -> str:
    # With the claim's token in it, two workers can never write to the same name.
    return f"{public_id.hex[:2]}/{public_id.hex}/{stem}-{(token or uuid.uuid4()).hex[:12]}{extension}"


def path(key: str) -> Path:
    """Return where a file is."""
    return Path(conf.storage_dir) / key


@contextmanager
def staging(public_id: uuid.UUID) -> Iterator[Path]:
    """Open a new, private folder for staged columns; at the end it is on the disk, or gone where something went wrong.

    Nobody knows of it before its name is on the export's row. Raises StorageFull at any moment until the end.
    """
    staged = make_folder(public_id) / f"{STAGED}{uuid.uuid4().hex[:12]}"
    try:
        with _full_disk_told():
            staged.mkdir(mode=0o700)
            yield staged
            for path in (*staged.iterdir(), staged, staged.parent):
                _sync(path)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise


@contextmanager
def staged_removed_on_error(public_id: uuid.UUID, name: str) -> Iterator[None]:
    """Delete staged columns that cannot be made known; inside the transaction, as ``removed_on_error``."""
    try:
        yield
    except BaseException:
        shutil.rmtree(folder(public_id) / name, ignore_errors=True)
        raise


def staged_files(public_id: uuid.UUID, name: str) -> list[Path]:
    """Return the files of staged columns, in order."""
    return sorted((folder(public_id) / name).iterdir())


def share_staged(public_id: uuid.UUID, other: uuid.UUID, name: str) -> None:
    """Let another export have the staged columns of this one too, without a copy.

    Raises:
        FileNotFound: they are not there any more.
    """
    shared = make_folder(other) / name
    try:
        shared.mkdir(mode=0o700)
        for file in staged_files(public_id, name):
            (shared / file.name).hardlink_to(file)
    except FileNotFoundError as error:
        remove_folder(other)
        raise FileNotFound from error


def open_file(key: str) -> IO[bytes]:
    """Open a published file; an open file stays readable to its end, even when it is deleted meanwhile.

    Raises:
        FileNotFound: it is not there any more.
    """
    try:
        return path(key).open("rb")
    except FileNotFoundError as error:
        raise FileNotFound from error


def open_unfinished(key: str) -> IO[bytes]:
    """Open a file that is still being written; it stays readable when it is published, or given up.

    Raises:
        FileNotFound: nobody writes it here: not begun, published, given up, or on a host that shares no folder.
    """
    try:
        return _unfinished(key).open("rb")
    except FileNotFoundError as error:
        raise FileNotFound from error


def remove(key: str) -> None:
    """Delete one file, if it is there."""
    path(key).unlink(missing_ok=True)


def remove_folder(public_id: uuid.UUID) -> None:
    """Delete everything an export has stored."""
    shutil.rmtree(folder(public_id), ignore_errors=True)


def remove_staged(public_id: uuid.UUID) -> None:
    """Delete what a finished export was made of: its staged columns, and what workers that died had begun to write."""
    for staged in folder(public_id).glob(f"{STAGED}*"):
        shutil.rmtree(staged, ignore_errors=True)
    for unfinished in folder(public_id).glob(f"*{TEMPORARY_SUFFIX}"):
        unfinished.unlink(missing_ok=True)
