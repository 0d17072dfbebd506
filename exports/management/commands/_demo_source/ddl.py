"""The statements that make a table, in the SQL of three databases."""

from collections.abc import Iterator
from typing import Literal

from .tables import Table

Vendor = Literal["sqlite", "mysql", "postgresql"]

TYPES: dict[Vendor, dict[str, str]] = {
    "sqlite": {
        "integer": "INTEGER",
        "text": "VARCHAR({size})",
        "longtext": "TEXT",
        "decimal": "NUMERIC",
        "date": "TEXT",
        "datetime": "TEXT",
    },
    "mysql": {
        "integer": "INTEGER",
        "text": "VARCHAR({size})",
        "longtext": "LONGTEXT",
        "decimal": "DECIMAL({size})",
        "date": "DATE",
        "datetime": "DATETIME",
    },
    "postgresql": {
        "integer": "INTEGER",
        "text": "VARCHAR({size})",
        "longtext": "TEXT",
        "decimal": "NUMERIC({size})",
        "date": "DATE",
        "datetime": "TIMESTAMP",
    },
}
ENDINGS: dict[Vendor, str] = {"sqlite": "", "mysql": " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4", "postgresql": ""}
PLACEHOLDERS: dict[Vendor, str] = {"sqlite": "?", "mysql": "%s", "postgresql": "%s"}


def create_table(table: Table, vendor: Vendor) -> str:
    """Return the statement that makes the table with its primary key alone: rows load faster without indexes."""
    key, *_ = table.columns
    columns = [f"{name} {_type(kind, vendor)}" for name, kind in table.columns.items()]
    return f"CREATE TABLE {table.name} ({', '.join(columns)}, PRIMARY KEY ({key})){ENDINGS[vendor]}"


def create_indexes(table: Table) -> Iterator[str]:
    """Yield the statements that make its indexes; the three databases agree on them."""
    for column in table.unique:
        yield f"CREATE UNIQUE INDEX {table.name}_{column} ON {table.name} ({column})"
    for columns in table.indexes:
        yield f"CREATE INDEX {table.name}_{'_'.join(columns)} ON {table.name} ({', '.join(columns)})"


def insert(table: Table, vendor: Vendor) -> str:
    """Return the statement that adds one row."""
    values = ", ".join([PLACEHOLDERS[vendor]] * len(table.columns))
    return f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({values})"  # noqa: S608 - names of this package


def _type(kind: str, vendor: Vendor) -> str:
    """Return the declaration of a kind such as ``text(40) null``."""
    named = kind.removesuffix(" null")
    name, _, size = named.rstrip(")").partition("(")
    return TYPES[vendor][name].format(size=size) + ("" if kind != named else " NOT NULL")
