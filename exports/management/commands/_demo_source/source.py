"""All tables of the demo source, and how an empty database gets them."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Protocol

from . import ddl
from .ambassadors import AMBASSADORS
from .ddl import Vendor
from .office import ASSETS, TICKETS
from .participants import PARTICIPANTS
from .payments import PAYMENTS
from .programs import PAYMENT_METHODS, PROGRAM_PAYMENTS, PROGRAMS
from .progress import ESSAYS, PARTICIPANT_STATUSES
from .school import COURSES, GRADES, STUDENTS
from .tables import BATCH, Row, Table
from .users import USERS

VERSION = 1
"""Of the tables and their rows: one more whenever either changes, so that older demos are replaced."""
TABLES: tuple[Table, ...] = (
    PROGRAMS,
    USERS,
    PARTICIPANTS,
    PARTICIPANT_STATUSES,
    ESSAYS,
    PROGRAM_PAYMENTS,
    PAYMENT_METHODS,
    PAYMENTS,
    AMBASSADORS,
    ASSETS,
    TICKETS,
    STUDENTS,
    COURSES,
    GRADES,
)


class Cursor(Protocol):
    """What is asked of a cursor (PEP 249)."""

    def execute(self, statement: str, /) -> Any: ...
    def executemany(self, statement: str, rows: Sequence[Row], /) -> Any: ...


class Connection(Protocol):
    """What is asked of a connection (PEP 249)."""

    def cursor(self) -> Any: ...
    def commit(self) -> None: ...


def statements(vendor: Vendor) -> list[str]:
    """Return what makes the tables and their indexes."""
    return [*_tables(vendor), *_indexes()]


def fill(connection: Connection, vendor: Vendor, participants: int) -> dict[str, int]:
    """Make and fill all tables in an empty database, and return the number of rows of each.

    Rows go in before the indexes are made, a batch at a time, and each table is committed.
    """
    cursor: Cursor = connection.cursor()
    for statement in _tables(vendor):
        cursor.execute(statement)
    counts = {}
    for table in TABLES:
        counts[table.name] = _load(cursor, vendor, table, participants)
        connection.commit()
    for statement in _indexes():
        cursor.execute(statement)
    connection.commit()
    return counts


def _load(cursor: Cursor, vendor: Vendor, table: Table, participants: int) -> int:
    statement, count = ddl.insert(table, vendor), 0
    for batch in _cut(table.rows(participants)):
        cursor.executemany(statement, batch)
        count += len(batch)
    return count


def _cut(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _tables(vendor: Vendor) -> list[str]:
    return [ddl.create_table(table, vendor) for table in TABLES]


def _indexes() -> list[str]:
    return [statement for table in TABLES for statement in ddl.create_indexes(table)]
