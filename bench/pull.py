"""Records of a source database into a file: what is measured, and how a program without the portal does it.

The others are given the same SELECT and take a cursor's rows as they come; ``SOURCE_DATABASE_URL`` names the database.
"""

import csv
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from .cases import OPENPYXL, OURS, Case, Target, faster
from .inputs import RESOURCE, Inputs
from .measure import Contender, whole_process
from .sources import DIALECT, TEMPLATE, Server, in_sqlite, select

_AT_ONCE = 2_000
_SQLITE_XLSX, _SQLITE_CSV = f"sqlite3 cursor, {OPENPYXL}", "sqlite3 cursor, csv module"
_NOTE = "Standard template. Ours also keeps the records on disk, types and checks values and reads the file back."


def cases(stack: ExitStack) -> list[Case]:
    """Return the cases of this module; those of a server that does not answer are left out."""
    servers = {
        "mariadb": ("MariaDB", "PyMySQL SSCursor, csv module"),
        "postgresql": ("PostgreSQL", "psycopg named cursor, csv module"),
    }
    there = {name: server for name in servers if (server := Server(stack, name)).answers}
    return [_workbook(), _csv(), *(_server(name, *servers[name], server) for name, server in there.items())]


def _workbook() -> Case:
    return Case(
        "pull-xlsx",
        "Pull from SQLite to a workbook, whole process",
        (ours("excel", in_sqlite), theirs(_SQLITE_XLSX, "to_openpyxl", in_sqlite)),
        (200_000,),
        (Target("200,000 x 11 SQLite to xlsx, against openpyxl", 2.5, 4, faster(OURS, _SQLITE_XLSX, 200_000)),),
        quick=0,
        note=_NOTE,
    )


def _csv() -> Case:
    return Case(
        "pull-csv",
        "Pull from SQLite to CSV, whole process",
        (ours("csv", in_sqlite), theirs(_SQLITE_CSV, "to_csv", in_sqlite)),
        (200_000,),
        quick=0,
        note=f"{_NOTE} The driver, which makes a Python object of each value, takes the largest share of both.",
    )


def _server(name: str, title: str, other: str, server: Server) -> Case:
    return Case(
        f"pull-{name}",
        f"Pull from {title} to CSV, whole process",
        (ours("csv", server.address), theirs(other, "to_csv", server.address)),
        (50_000,),
        note=_NOTE,
    )


def ours(format: str, source: Callable[[Inputs], str]) -> Contender:
    """Return the command that exports from a database."""
    wish = (f"--dialect={DIALECT}", f"--template={TEMPLATE}", f"--format={format}", "--output={output}")
    return Contender(OURS, whole_process("manage.py", "export", RESOURCE, *wish, source=source))


def theirs(title: str, function: str, source: Callable[[Inputs], str]) -> Contender:
    """Return one of the functions below as a command that reads from a database."""
    command = ("-m", "bench.child", f"pull:{function}!", "{inputs.folder}", "{inputs.count}", "{output}")
    return Contender(title, whole_process(*command, source=source))


def to_openpyxl(inputs: Inputs, output: Path) -> None:
    """Write the rows with openpyxl, write-only."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    for row in _rows(inputs):
        sheet.append(row)
    book.save(output)


def to_csv(inputs: Inputs, output: Path) -> None:
    """Write the rows with the standard library."""
    with output.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(_rows(inputs))


def _rows(inputs: Inputs) -> Iterator[tuple[Any, ...]]:
    """Yield the names of the columns, then the rows."""
    address = urlsplit(os.environ["SOURCE_DATABASE_URL"])
    cursor = {"sqlite": _sqlite, "mysql": _mysql, "postgresql": _postgresql}[address.scheme](address)
    cursor.execute(select(inputs))
    rows = cursor.fetchmany(_AT_ONCE)
    # A cursor on the server's side knows the columns once it has rows.
    yield tuple(column[0] for column in cursor.description)
    while rows:
        yield from rows
        rows = cursor.fetchmany(_AT_ONCE)


def _sqlite(address: SplitResult) -> Any:
    import sqlite3

    return sqlite3.connect(address.path.removeprefix("/")).cursor()


def _mysql(address: SplitResult) -> Any:
    import pymysql
    from pymysql.cursors import SSCursor

    return pymysql.connect(
        host=address.hostname,
        port=address.port or 3306,
        user=address.username,
        password=address.password or "",
        database=address.path.strip("/"),
        cursorclass=SSCursor,
    ).cursor()


def _postgresql(address: SplitResult) -> Any:
    import psycopg

    return psycopg.connect(address.geturl()).cursor("records")
