"""Databases to pull from: the demo's tables, in SQLite beside a run's other inputs, or on a server that answers."""

import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
from typing import Any

from .inputs import Inputs, wish
from .measure import ROOT

DIALECT, TEMPLATE = "platform", "standard"
_DATABASE = {"mysql": "SELECT DATABASE()", "postgresql": "SELECT current_database()"}
"""What asks for the name of the database one is connected to."""
_STATISTICS = {"sqlite": "ANALYZE", "mysql": "ANALYZE TABLE participants, payments", "postgresql": "ANALYZE"}
"""What tells the planner how many rows there are, as a database that lives on finds out by itself."""


def in_sqlite(inputs: Inputs) -> str:
    """Return the address of a file with as many participants as there are records."""
    path = inputs.folder / f"{inputs.count}.sqlite3"
    if not path.exists():
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
            _fill(connection, "sqlite", inputs)
            connection.execute("PRAGMA journal_mode = WAL")
    return f"sqlite:///{path}"


class Server:
    """A server on which databases are made when they are asked for, and dropped with ``stack``."""

    def __init__(self, stack: ExitStack, service: str) -> None:
        self._stack, self._service = stack, service
        self._addresses: dict[int, str] = {}

    @property
    def answers(self) -> bool:
        """Whether it is there."""
        from tests.services import find

        return bool(find(self._service)[0])

    def address(self, inputs: Inputs) -> str:
        """Return the address of a database with as many participants as there are records."""
        if inputs.count not in self._addresses:
            self._addresses[inputs.count] = self._made(inputs)
        return self._addresses[inputs.count]

    def _made(self, inputs: Inputs) -> str:
        from tests.demo_databases import open_database
        from tests.services import find

        vendor, connection = self._stack.enter_context(open_database(self._service))
        _fill(connection, vendor, inputs)
        cursor = connection.cursor()
        cursor.execute(_DATABASE[vendor])
        server = find(self._service)[0].removesuffix("/postgres")
        return f"{server}/{cursor.fetchone()[0]}"


def select(inputs: Inputs) -> str:
    """Return the statement that asks for what the template shows, all of it at once."""
    path = inputs.folder / "select.sql"
    if not path.exists():
        # In a process of its own, whose memory is not counted for the one that asks.
        done = subprocess.run([sys.executable, "-m", "bench.sources"], cwd=ROOT, check=True, stdout=subprocess.PIPE)
        path.write_bytes(done.stdout)
    return path.read_text()


def _fill(connection: Any, vendor: Any, inputs: Inputs) -> None:
    from exports.management.commands._demo_source import fill

    fill(connection, vendor, inputs.count)
    cursor = connection.cursor()
    # As many are exported as there are: a figure for each record.
    cursor.execute("UPDATE participants SET is_deleted = 0")
    cursor.execute(_STATISTICS[vendor])
    connection.commit()
    # Made now, so that nobody's time counts it.
    select(inputs)


def _select() -> str:
    wanted = wish(DIALECT, TEMPLATE, None)
    from exports.sources.sql import Query

    # The key comes first without being asked for.
    names = [column.name for column in wanted.columns if column.name != "id"]
    return Query(source=wanted.resource.source, vendor="sqlite").page(names, None, sys.maxsize).text


if __name__ == "__main__":
    sys.stdout.write(_select())
