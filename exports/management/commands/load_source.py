"""Makes the demo source: the database, in one SQLite file, that the portal pulls records from."""

import os
import sqlite3
import tempfile
import time
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ._demo_source import VERSION, fill

FEW, MOST = 25_000, 1_000_000
OURS = 0x59424244
"""The application id in the file's header ("YBBD"), so that nobody else's database is ever replaced."""
FORGOTTEN = 3_600
"""Seconds after which an unfinished file that nobody wrote to is what a killed run left."""


class Command(BaseCommand):
    """Leaves a file that is large enough as it is; makes another one beside it and renames it where it is not."""

    help = "Make the demo source: a SQLite database of a youth-summit platform, filled with made-up people."

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the size and the place."""
        default = Path(settings.DATA_DIR) / "source.sqlite3"
        parser.add_argument(
            "--participants", type=participants, default=FEW, help=f"how many, up to {MOST:,} (%(default)s)"
        )
        parser.add_argument("--file", type=Path, default=default, help="where the database is kept (%(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the file unless it is there."""
        file, wanted = options["file"], options["participants"]
        found = participants_in(file)
        if found >= wanted:
            self.stdout.write(f"{file} has {found:,} participants already and is left as it is.")
            return
        started = time.monotonic()
        try:
            counts = make(file, wanted)
        except (OSError, sqlite3.Error) as error:
            raise CommandError(f"{file} could not be made: {error}.") from error
        for table, count in counts.items():
            self.stdout.write(f"{table:<22}{count:>11,}")
        self.stdout.write(f"Made {file} in {time.monotonic() - started:.1f} s.")


def participants(text: str) -> int:
    """Return a number of participants that can be made."""
    count = int(text) if text.isdecimal() else 0
    if not 1 <= count <= MOST:
        raise ArgumentTypeError(f"'{text}' is not a number from 1 to {MOST:,}")
    return count


def participants_in(file: Path) -> int:
    """Return how many participants the file holds, 0 where it has to be made anew; refuse what is not a demo source."""
    if not file.exists() or (file.is_file() and not file.stat().st_size):
        return 0
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            count = _count(connection) if (application, version) == (OURS, VERSION) else 0
    except sqlite3.DatabaseError as error:
        raise CommandError(f"{file} is not a demo source and is left alone: {error}.") from error
    if application != OURS:
        raise CommandError(f"{file} is not a demo source and is left alone. Name another file with --file.")
    return count


def _count(connection: sqlite3.Connection) -> int:
    try:
        return int(connection.execute("SELECT count(*) FROM participants").fetchone()[0])
    except sqlite3.DatabaseError:  # damaged since
        return 0


def make(file: Path, count: int) -> dict[str, int]:
    """Write the database and put it in the place of the file; return the number of rows of each table."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with unfinished(file) as temporary:
        with closing(sqlite3.connect(temporary)) as connection:
            # Nobody sees the file before it is whole, so there is nothing to roll back to.
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536")
            counts = fill(connection, "sqlite", count)
            connection.executescript(f"PRAGMA application_id = {OURS}; PRAGMA user_version = {VERSION}")
            connection.execute("PRAGMA journal_mode = WAL")
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        # A log of the old database would be taken for one of the new.
        for ending in ("-wal", "-shm"):
            file.with_name(file.name + ending).unlink(missing_ok=True)
        temporary.replace(file)
    return counts


@contextmanager
def unfinished(file: Path) -> Iterator[Path]:
    """Give a file beside another one that is removed unless it took its place."""
    for left in file.parent.glob(f"{file.name}.*.part"):
        if left.stat().st_mtime < time.time() - FORGOTTEN:
            left.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.", suffix=".part")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
