"""Records of the source database: read-only, page by page along the key, all of one moment.

``with snapshot() as source:`` opens a transaction in which the database does not change, whatever is written to it
meanwhile. ``source.tables`` yields columns; memory holds one page.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from django.db import DatabaseError, InterfaceError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from exports.catalogue import Resource, Source
from exports.conf import conf
from exports.engine import columns
from exports.engine.lexical import Number, folded, text_of
from exports.engine.table import Table
from exports.engine.value_records import ROWS_AT_ONCE, ValueRecords, transposed
from exports.engine.weight import slice_rows
from exports.exceptions import SourceMismatch, SourceUnavailable
from exports.types import Condition, Field

from .connection import ALIAS
from .mismatch import mismatches, was_broken_off, was_lost
from .sql import UNICODE_FOLD, Query, Sql, related

FIRST_PAGE, LARGEST_PAGE, PAGE_BYTES = 2_048, 32_768, 16 * 1024 * 1024
"""Rows of the first page; then as many as weigh so much, for each is some times as heavy before it is columns."""
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
KEYS_AT_ONCE = 5_000
"""Records whose related rows are asked for in one query."""


@contextmanager
def snapshot() -> "Iterator[Snapshot]":
    """Open the source database as it is at this moment.

    Raises:
        SourceUnavailable: it cannot be reached, or went away.
        SourceMismatch: it lacks what a definition names; the field is named.
    """
    connection = connections[ALIAS]
    opened: list[Snapshot] = []
    try:
        connection.close_if_unusable_or_obsolete()
        with transaction.atomic(using=ALIAS):
            _begin(connection)
            opened.append(Snapshot(connection))
            yield opened[0]
    except (DatabaseError, InterfaceError) as error:
        raise _understood(error, connection, opened[0].asked if opened else None) from error


class Snapshot:
    """What may be asked of the source database while it stands still."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self.asked: Query | None = None
        """The last query, for whoever has to say what was wrong with it."""

    def count(self, resource: Resource, conditions: Sequence[Condition]) -> int:
        """Return how many records meet the conditions."""
        return int(self._rows(self._query(resource, conditions).count())[0][0])

    def breakdown(self, resource: Resource, conditions: Sequence[Condition]) -> dict[str | None, int]:
        """Return how many records there are by the text of the resource's ``breakdown`` field."""
        rows = self._rows(self._query(resource, conditions).breakdown(resource.breakdown))
        return {text_of(value): count for value, count in rows}

    def check_columns(self, resource: Resource, fields: Sequence[Field]) -> None:
        """Fail where a column of the fields is not there; no row is read."""
        query = self._query(resource, ())
        names = [field.name for field in fields if field.name in query.source.columns]
        self._rows(query.page(names, None, 0))
        for field in fields:
            if field.name in query.source.related:
                self._rows(
                    related(
                        query.source.related[field.name], [member.name for member in _members(query.source, field)], [0]
                    )
                )

    def tables(
        self, resource: Resource, fields: Sequence[Field], conditions: Sequence[Condition], limit: int | None = None
    ) -> Iterator[Table]:
        """Yield the records that meet the conditions, in the order of the key, at most ``limit``; one table at least.

        Raises:
            SourceMismatch: the key is not different in every row, so that pages along it would lose records.
        """
        query = self._query(resource, conditions)
        if self._rows(query.keyless()):
            raise _bad_key(query.source)
        size, after, left, behind = FIRST_PAGE, None, limit, None
        while True:
            wanted = size if left is None else min(size, left)
            page = self._page(query, fields, after, wanted)
            # What the database takes for the same key would be passed over.
            if behind is not None and page.keys[:1] != [behind]:
                raise _bad_key(query.source)
            table = self._table(query.source, fields, page)
            yield table
            left = None if left is None else left - table.count
            if page.behind is None or left == 0:
                return
            after, behind = page.keys[-1], page.behind
            size = slice_rows(table.row_bytes, most=LARGEST_PAGE, target=PAGE_BYTES)

    def _query(self, resource: Resource, conditions: Sequence[Condition]) -> Query:
        if resource.source is None:
            raise SourceMismatch(f"The records of {resource.name} are in no database; send them with the request.")
        vendor = self._connection.vendor
        self.asked = Query(source=resource.source.variant(vendor), vendor=vendor, conditions=conditions)
        return self.asked

    def _page(self, query: Query, fields: Sequence[Field], after: object, wanted: int) -> "_Page":
        names = [field.name for field in fields if field.name in query.source.columns]
        # The row behind the page tells whether there is more.
        found = transposed(self._each(query.page(names, after, wanted + 1)), 1 + len(names))
        if len(set(found[0])) < len(found[0]):
            raise _bad_key(query.source)
        keys, *values = (column[:wanted] for column in found)
        behind = found[0][wanted] if len(found[0]) > wanted else None
        return _Page(keys=keys, values=dict(zip(names, values, strict=True)), behind=behind)

    def _table(self, source: Source, fields: Sequence[Field], page: "_Page") -> Table:
        listed = [field for field in fields if field.name in source.related]
        nested = {field.name: self._nested(source, field, page.keys) for field in listed}
        return columns.build(ValueRecords({**page.values, **nested}, len(page.keys)), fields, conf.time_zone)

    def _nested(self, source: Source, field: Field, keys: Sequence[object]) -> list[str]:
        """Return the related rows of each record as a JSON array of objects."""
        members, rows = _members(source, field), source.related[field.name]
        names = [member.name for member in members]
        found: dict[object, list[dict[str, Any]]] = defaultdict(list)
        for first in range(0, len(keys), KEYS_AT_ONCE):
            for key, *values in self._rows(related(rows, names, keys[first : first + KEYS_AT_ONCE])):
                found[key].append(dict(zip(names, map(_json_value, members, values), strict=True)))
        if not found.keys() <= set(keys):
            raise SourceMismatch(
                f"The rows of '{field.name}' would be lost: their key '{rows.key}' is not written as "
                f"'{source.key}' is, or of another type."
            )
        return [_ENCODER.encode(found.get(key, [])).decode() for key in keys]

    def _rows(self, sql: Sql) -> list[tuple[Any, ...]]:
        return list(self._each(sql))

    def _each(self, sql: Sql) -> Iterator[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql.text, sql.values)
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                yield from rows


@dataclass(frozen=True, kw_only=True)
class _Page:
    """Some rows that follow one another."""

    keys: list[Any]
    values: Mapping[str, Sequence[Any]]
    """By field, one a row."""
    behind: Any
    """The key of the row behind them; None where there is none."""


def _begin(connection: BaseDatabaseWrapper) -> None:
    """Have everything read in this transaction be of its first moment."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        elif connection.vendor == "mysql":
            # Said each time: PyMySQL connects anew on its own, and Django says it to the first connection only.
            cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        elif connection.vendor == "sqlite":
            connection.connection.create_function(UNICODE_FOLD, 1, _folded, deterministic=True)


def _bad_key(source: Source) -> SourceMismatch:
    return SourceMismatch(
        f"The key '{source.key}' of the source is empty or the same in several rows; "
        "records would be lost. A table that is joined may multiply them."
    )


def _folded(value: object) -> str | None:
    text = text_of(value)
    return None if text is None else folded(text)


def _members(source: Source, field: Field) -> list[Field]:
    members = field.related.fields if field.related else ()
    return [member for member in members if member.name in source.related[field.name].columns]


def _json_value(member: Field, value: object) -> object:
    """Return a database's value as JSON knows it: numbers keep their digits, whatever the engine calls them."""
    if member.kind.is_number and value is not None and _NUMBER.fullmatch(text := text_of(value) or ""):
        return Number(text)
    return text_of(value) if isinstance(value, (Decimal, float, date)) else value


def _raw_number(value: object) -> msgspec.Raw:
    if isinstance(value, Number):
        return msgspec.Raw(str.encode(value))
    raise SourceMismatch(f"A value of type {type(value).__name__} cannot be exported; let the source cast it to text.")


_ENCODER = msgspec.json.Encoder(enc_hook=_raw_number)


def _understood(
    error: Exception, connection: BaseDatabaseWrapper, asked: Query | None
) -> SourceUnavailable | SourceMismatch:
    """Say whether the database is away or is another one than the definition thinks, and what it lacks."""
    if asked is None or was_lost(error, connection.vendor) or not connection.is_usable():
        connection.close()
        return SourceUnavailable()
    if was_broken_off(error, connection.vendor):
        return SourceUnavailable("The source database broke a query off, for a lock or a time limit. Try again later.")
    wrong = next(mismatches(connection, asked), f"it refused a query ({type(error).__name__})")
    return SourceMismatch(f"The source database is not as the definition says: {wrong}.")
