"""What a source database lacks of what a definition names, found by asking for each expression by itself."""

import sqlite3
from collections.abc import Iterator

from django.db import DatabaseError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

from exports.catalogue.source_schema import TESTED

from .sql import Query, Sql, related

_MYSQL_LOST = (0, 1053, 1927, 2006, 2013)
"""Closed; the server shuts down; killed; gone; lost. PyMySQL then connects anew when it is asked whether it is."""
_MYSQL_BROKEN_OFF = (1205, 1213, 1317, 1969, 3024)
"""Waited too long for a lock; deadlock; interrupted; took longer than MariaDB, or MySQL, allows."""


def was_lost(error: Exception, vendor: str) -> bool:
    """Tell whether a query failed because the connection is no more."""
    return vendor == "mysql" and bool(error.args) and error.args[0] in _MYSQL_LOST


def was_broken_off(error: Exception, vendor: str) -> bool:
    """Tell whether a query failed that may succeed at another time: a lock, a time limit, a replica that moved on."""
    if not isinstance(error, OperationalError):
        return False
    if vendor == "mysql":
        return bool(error.args) and error.args[0] in _MYSQL_BROKEN_OFF
    if vendor == "sqlite":
        return getattr(error.__cause__, "sqlite_errorcode", sqlite3.SQLITE_ERROR) != sqlite3.SQLITE_ERROR
    # What PostgreSQL does not know of, or does not allow, is another kind of error.
    return True


def mismatches(connection: BaseDatabaseWrapper, query: Query) -> Iterator[str]:
    """Yield what is not there, in words that follow "the source database is not as the definition says"."""
    source = query.source
    if not _answers(connection, query.probe("1")):
        yield f"it cannot be read FROM {_one_line(source.from_)}"
        return
    if not _answers(connection, query.probe(source.key)):
        yield f"it has no '{source.key}', the key"
    for field, expression in source.columns.items():
        if not _answers(connection, query.probe(expression)):
            yield f"it has no '{_one_line(expression)}', which the field '{field}' reads"
    if source.where and not _answers(connection, query.probe(f"CASE WHEN {source.where} THEN 1 END")):
        yield f"it cannot be asked WHERE {_one_line(source.where)}"
    for name, text in source.filters.items():
        test = TESTED.sub(lambda tested: f"({tested[1]}) IS NOT NULL", text)
        if not _answers(connection, query.probe(f"CASE WHEN {test} THEN 1 END")):
            yield f"it cannot be asked for the filter '{name}'"
    for name, rows in source.related.items():
        if not _answers(connection, related(rows, list(rows.columns), [None])):
            yield f"it cannot be asked for the rows of '{name}'"


def _answers(connection: BaseDatabaseWrapper, sql: Sql) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql.text, sql.values)
            cursor.fetchall()
    except DatabaseError:
        return False
    return True


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]
