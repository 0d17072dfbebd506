"""Databases that live for one test, and what is in them regardless of the server."""

import hashlib
import uuid
from contextlib import closing, contextmanager
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlsplit

from exports.management.commands._demo_source import TABLES
from tests.services import require_service


@contextmanager
def open_database(service):
    """Give the vendor of a server and a connection to an empty database on it, which is dropped afterwards."""
    address, name = require_service(service), f"demo_{uuid.uuid4().hex}"
    connect, vendor = {"mariadb": (mariadb, "mysql"), "postgresql": (postgresql, "postgresql")}[service]
    with closing(connect(address, "")) as server:
        server.cursor().execute(f"CREATE DATABASE {name}")
        try:
            with closing(connect(address, name)) as connection:
                yield vendor, connection
        finally:
            server.cursor().execute(f"DROP DATABASE {name}")


def mariadb(address, name):
    import pymysql

    server = urlsplit(address)
    return pymysql.connect(
        host=server.hostname, port=server.port, user=server.username, password=server.password or "", database=name
    )


def postgresql(address, name):
    import psycopg

    return psycopg.connect(address, dbname=name or "postgres", autocommit=not name)


def digests(connection):
    """Return the number of rows and a digest of the values of each table."""
    cursor = connection.cursor()
    found = {}
    for table in TABLES:
        cursor.execute(f"SELECT {', '.join(table.columns)} FROM {table.name} ORDER BY id")
        rows, digest = cursor.fetchall(), hashlib.sha256()
        for row in rows:
            digest.update(repr([*map(plain, row, table.columns.values())]).encode())
        found[table.name] = len(rows), digest.hexdigest()
    return found


def plain(value, kind):
    """Write a value the way the rows of the demo spell it."""
    if value is None:
        return None
    if kind.startswith("decimal"):
        return f"{Decimal(str(value)):.2f}"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else value
