"""The demo's tables in each database that a source may be, as the portal sees them."""

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from django.db import connections
from django.db.utils import load_backend

from exports import service
from exports.engine import columns
from exports.management.commands._demo_source import fill
from exports.sources.connection import ALIAS, source_settings
from exports.tasks.run import run_export
from exports.types import ExportSpec
from tests.demo_databases import open_database
from tests.sources.things import Things, definitions

PARTICIPANTS = 600
SERVICES = {"mysql": "mariadb", "postgresql": "postgresql"}


@pytest.fixture(scope="session", params=["sqlite", *SERVICES])
def filled(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """An engine, a connection that may write to the demo's tables in it, and the settings that open them."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("source") / "source.sqlite3"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            fill(connection, "sqlite", PARTICIPANTS)
            yield "sqlite", connection, {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}
        return
    with open_database(SERVICES[request.param]) as (vendor, connection):
        fill(connection, vendor, PARTICIPANTS)
        connection.autocommit(True) if vendor == "mysql" else connection.set_autocommit(True)
        yield vendor, connection, {"ENGINE": f"django.db.backends.{vendor}", **address_of(vendor, connection)}


@pytest.fixture
def source(filled: tuple[str, Any, dict[str, Any]], db: None) -> Iterator[Any]:
    """Open the tables as the source database; returns the connection that may write to them."""
    _, connection, parsed = filled
    with opened_source(parsed):
        yield connection


@pytest.fixture
def vendor(filled: tuple[str, Any, dict[str, Any]]) -> str:
    return filled[0]


@pytest.fixture
def wish(principal: Any) -> Any:
    """Return a maker of wishes whose records are in the source database: ``wish("payments", format="csv")``."""

    def make(resource: str = "participants", **said: Any) -> ExportSpec:
        return ExportSpec(**{"dialect": "platform", "resource": resource, "principal": principal, **said})

    return make


@pytest.fixture(scope="session")
def with_things(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The folder of definitions in which one file was added."""
    return definitions(tmp_path_factory.mktemp("things"))


@pytest.fixture(scope="session")
def tables(filled: tuple[str, Any, dict[str, Any]]) -> Iterator[Things]:
    """Tables that are made once, for that takes servers longest."""
    made = Things(filled[1], filled[0])
    yield made
    made.drop()


@pytest.fixture
def things(source: Any, tables: Things, with_things: Any, settings: Any) -> Things:
    """Empty tables of a resource that one more definition file declares."""
    settings.EXPORTS_TEMPLATES_DIR = with_things
    tables.empty()
    return tables


@pytest.fixture
def export(wish: Any) -> Any:
    """Return a maker of exports that have ended: ``export("things", format="csv")``."""

    def make(resource: str = "things", **said: Any) -> Any:
        made = service.submit(wish(resource, **said))
        run_export(made.pk)
        made.refresh_from_db()
        return made

    return make


@pytest.fixture
def records(principal: Any) -> Any:
    """Return a reader of the records of an export, whatever number of files they are in."""

    def read(made: Any) -> list[dict[str, Any]]:
        assert made.state == "completed", (made.error_code, made.error_message)
        found: list[dict[str, Any]] = []
        for part in made.files.parts().ready():
            with service.open_file(made, principal, number=part.number).file as file:
                text = file.read()
            found += json.loads(text)["records"] if made.format == "json" else map(json.loads, text.splitlines())
        return found

    return read


@pytest.fixture
def header(principal: Any) -> Any:
    """Return a reader of the headers of a CSV file."""

    def read(made: Any) -> list[str]:
        with service.open_file(made, principal).file as file:
            return next(csv.reader([file.readline().decode("utf-8-sig")]))

    return read


@pytest.fixture
def at_page(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what has something done before the n-th page becomes columns, and then says which pages did."""

    def arrange(page: int, change: Callable[[], Any]) -> list[Any]:
        build, pages = columns.build, []

        def build_and_change(*arguments: Any) -> Any:
            pages.append(arguments)
            if len(pages) == page:
                change()
            return build(*arguments)

        monkeypatch.setattr(columns, "build", build_and_change)
        return pages

    return arrange


@contextmanager
def opened_source(parsed: dict[str, Any], zone: str = "UTC") -> Iterator[None]:
    """Have this thread know a source database, for a while; Django allows tests connections made like this."""
    known = connections.configure_settings({"default": {}, ALIAS: source_settings(parsed, zone)})[ALIAS]
    outer = getattr(connections._connections, ALIAS, None)
    connection = load_backend(known["ENGINE"]).DatabaseWrapper(known, ALIAS)
    connections[ALIAS] = connection
    try:
        yield
    finally:
        connection.close()
        if outer:
            connections[ALIAS] = outer
        else:
            del connections[ALIAS]


def address_of(vendor: str, connection: Any) -> dict[str, Any]:
    if vendor == "mysql":
        user, password = connection.user.decode(), connection.password.decode()
        address = {"HOST": connection.host, "PORT": connection.port, "NAME": connection.db.decode()}
    else:
        user, password = connection.info.user, connection.info.password
        address = {"HOST": connection.info.host, "PORT": connection.info.port, "NAME": connection.info.dbname}
    return {**address, "USER": user, "PASSWORD": password}
