"""An installation of its own for every test, shared with the workers it starts."""

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import environ
import psycopg
import pytest
import redis
from django.conf import settings as project
from django.db import connections
from django.db.utils import load_backend
from django_q.conf import Conf

from tests.services import require_service

from . import settings as faults
from .cluster import ROOT, Workers


@dataclass(frozen=True)
class Installation:
    """Where one installation keeps what."""

    directory: Path
    database: str
    """As in DATABASE_URL."""
    redis: str = ""

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DATA_DIR": str(self.directory),
            "DATABASE_URL": self.database,
            "REDIS_URL": self.redis,
            "SECRET_KEY": project.SECRET_KEY,
            "LOG_LEVEL": "INFO",
        }

    def migrate(self) -> None:
        subprocess.run(
            [sys.executable, "-W", "ignore", "manage.py", "migrate", "--skip-checks", "--verbosity", "0"],
            cwd=ROOT,
            env={**os.environ, **self.environment, "DJANGO_SETTINGS_MODULE": "tests.faults.settings"},
            check=True,
        )


@pytest.fixture
def installation(request: pytest.FixtureRequest) -> Installation:
    """SQLite with the queue in the database, or what the test names: ``on_postgresql``, ``on_redis``."""
    return request.getfixturevalue(getattr(request, "param", "on_sqlite"))


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("migrated")
    Installation(directory, f"sqlite:///{directory / 'db.sqlite3'}").migrate()
    return directory / "db.sqlite3"


@pytest.fixture
def on_sqlite(tmp_path: Path, migrated_sqlite: Path) -> Installation:
    shutil.copy(migrated_sqlite, tmp_path / "db.sqlite3")
    return Installation(tmp_path, f"sqlite:///{tmp_path / 'db.sqlite3'}")


@pytest.fixture(scope="session")
def migrated_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with new_database() as address:
        Installation(tmp_path_factory.mktemp("migrated"), address).migrate()
        yield address


@pytest.fixture
def on_postgresql(tmp_path: Path, migrated_postgresql: str) -> Iterator[Installation]:
    with new_database(template=migrated_postgresql.rpartition("/")[2]) as address:
        yield Installation(tmp_path, address)


@contextmanager
def new_database(template: str = "template1") -> Iterator[str]:
    server, name = require_service("postgresql"), f"faults_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def broker() -> Iterator[redis.Redis]:
    """An empty Redis database of this test process's own."""
    number = 8 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8
    address = f"{require_service('redis').rpartition('/')[0]}/{number}"
    with redis.Redis.from_url(address) as broker:
        broker.flushdb()
        yield broker
        broker.flushdb()


@pytest.fixture
def on_redis(on_sqlite: Installation, broker: redis.Redis) -> Installation:
    where = broker.get_connection_kwargs()
    address = f"redis://{where['host']}:{where['port']}/{where['db']}"
    return Installation(on_sqlite.directory, on_sqlite.database, address)


@pytest.fixture
def workers(
    installation: Installation, settings, monkeypatch: pytest.MonkeyPatch, django_db_blocker
) -> Iterator[Workers]:
    """Workers that are not started yet; the test itself sees their database, queue and files."""
    settings.EXPORTS_STORAGE_DIR = installation.directory / "files"
    settings.EXPORTS_LEASE_SECONDS = faults.EXPORTS_LEASE_SECONDS
    settings.EXPORTS_MIN_FREE_BYTES = faults.EXPORTS_MIN_FREE_BYTES
    settings.Q_CLUSTER = queue(installation)
    monkeypatch.setattr(Conf, "ORM", settings.Q_CLUSTER.get("orm"))
    monkeypatch.setattr(Conf, "REDIS", installation.redis)
    workers = Workers(installation.environment, installation.directory / "workers.log")
    with django_db_blocker.unblock(), connected(installation):
        yield workers
        workers.destroy()
    print(workers.log.read_text()[-20_000:] if workers.log.exists() else "")


def queue(installation: Installation) -> dict[str, object]:
    rest = {key: value for key, value in project.Q_CLUSTER.items() if key not in ("orm", "redis")}
    return {**rest, **({"redis": installation.redis} if installation.redis else {"orm": "default"})}


@contextmanager
def connected(installation: Installation) -> Iterator[None]:
    """Make the installation's database this thread's default one."""
    options = environ.Env.db_url_config(installation.database)
    if "sqlite" in options["ENGINE"]:
        options["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20}
    full = connections.configure_settings({"default": options})["default"]
    before = connections["default"]
    connections["default"] = load_backend(full["ENGINE"]).DatabaseWrapper(full, "default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = before
