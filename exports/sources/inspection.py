"""Is the source database what the definitions say, and quick to ask? For whoever sets it up."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from exports.catalogue import Resource
from exports.catalogue.source_schema import Index
from exports.exceptions import SourceUnavailable

from .connection import ALIAS
from .mismatch import mismatches
from .sql import Query


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """What was found out about the source of one resource."""

    resource: Resource
    problems: tuple[str, ...]
    """What the database lacks; exports fail at it."""
    duplicates: int
    """Rows whose key another row has too; exports refuse to lose them."""
    missing_indexes: tuple[str, ...]
    """What would make queries quick, as the SQL that makes it."""
    records: int | None
    """How many there are; None where they cannot be asked for."""

    @property
    def is_sound(self) -> bool:
        """Whether its records can be exported."""
        return not self.problems and not self.duplicates


def inspect(resource: Resource) -> Inspection:
    """Ask the source database for everything that a resource names; only counts are read.

    Raises:
        SourceUnavailable: it cannot be reached.
        ValueError: the resource has no source.
    """
    if resource.source is None:
        raise ValueError(f"The resource '{resource.name}' has no source.")
    connection = connections[ALIAS]
    try:
        connection.ensure_connection()
    except (DatabaseError, InterfaceError) as error:
        raise SourceUnavailable from error
    query = Query(source=resource.source.variant(connection.vendor), vendor=connection.vendor)
    problems = tuple(mismatches(connection, query))
    records, keys = (0, 0) if problems else _counts(connection, query)
    return Inspection(
        resource=resource,
        problems=problems,
        duplicates=records - keys,
        missing_indexes=tuple(_missing_indexes(connection, query.source.indexes)),
        records=None if problems else records,
    )


def _counts(connection: BaseDatabaseWrapper, query: Query) -> tuple[int, int]:
    """Return how many rows and how many different keys there are; a key that is null is none."""
    sql = query.keys()
    with transaction.atomic(using=ALIAS), connection.cursor() as cursor:
        cursor.execute(sql.text, sql.values)
        rows, keys = cursor.fetchone()
    return rows, keys


def _missing_indexes(connection: BaseDatabaseWrapper, wanted: tuple[Index, ...]) -> Iterator[str]:
    for index in wanted:
        wanted_columns = list(index.columns)
        if not any(there[: len(wanted_columns)] == wanted_columns for there in _indexes(connection, index.table)):
            name = "_".join((index.table, *index.columns))
            yield f"CREATE INDEX {name} ON {index.table} ({', '.join(index.columns)});"


def _indexes(connection: BaseDatabaseWrapper, table: str) -> Iterator[list[str]]:
    with connection.cursor() as cursor:
        try:
            constraints = connection.introspection.get_constraints(cursor, table)
        except DatabaseError:
            return
    for constraint in constraints.values():
        if constraint["index"] or constraint["unique"] or constraint["primary_key"]:
            yield constraint["columns"]
