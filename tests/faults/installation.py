"""Installations to break: each with a database, a queue and files of its own, and nothing of anybody else's."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from unittest import mock

import environ
from django.conf import settings as project
from django.db import connections
from django.db.utils import load_backend
from django.test import override_settings
from django_q.conf import Conf

from tests.services import require_service

from .cluster import ROOT, Workers
from .servers import Postgres, Redis

# A process that was started in another room, such as gunicorn, has to find the package of the tests.
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "PYTHONPATH": str(ROOT)}


@dataclass(frozen=True)
class Installation:
    """Where one installation keeps what."""

    directory: Path
    database: str
    """As in DATABASE_URL."""
    redis: str = ""
    database_server: Postgres | None = None
    """What may be restarted; None for a file, and for a server that others use too."""
    broker: Redis | None = None
    more: Mapping[str, str] = field(default_factory=dict)
    """Variables that a test wants otherwise."""

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DATA_DIR": str(self.directory),
            "DATABASE_URL": self.database,
            "REDIS_URL": self.redis,
            "SECRET_KEY": project.SECRET_KEY,
            "LOG_LEVEL": "INFO",
            **SETTINGS,
            **self.more,
        }

    @property
    def files(self) -> Path:
        return self.directory / "files"

    def migrate(self) -> None:
        subprocess.run(
            [sys.executable, "-W", "ignore", "manage.py", "migrate", "--skip-checks", "--verbosity", "0"],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            check=True,
        )


@contextmanager
def on_sqlite(directory: Path) -> Iterator[Installation]:
    shutil.copy(migrated_sqlite(), directory / "db.sqlite3")
    yield Installation(directory, f"sqlite:///{directory / 'db.sqlite3'}")


@contextmanager
def on_postgresql(directory: Path) -> Iterator[Installation]:
    original = migrated_postgresql()
    with public_folder() as folder:
        server = Postgres(require_service("postgresql-server"), folder / "data")
        server.copy(original)
        try:
            server.start()
            yield Installation(directory, server.address, database_server=server)
        finally:
            server.destroy()


@contextmanager
def on_redis(directory: Path) -> Iterator[Installation]:
    """The queue in Redis, all else in SQLite."""
    server = Redis(require_service("redis-server"), directory)
    with on_sqlite(directory) as installation:
        server.start()
        try:
            yield replace(installation, redis=server.address, broker=server)
        finally:
            server.kill()


PLACES: dict[str, Callable[[Path], AbstractContextManager[Installation]]] = {
    "sqlite": on_sqlite,
    "postgresql": on_postgresql,
    "redis": on_redis,
}
NEEDED = {"postgresql": "postgresql-server", "redis": "redis-server"}
"""The service that a place cannot do without."""


@contextmanager
def inside(installation: Installation) -> Iterator[Workers]:
    """Let this process see an installation's database, queue and files; return its workers, not started yet."""
    from . import settings as faults

    workers = Workers(installation.environment, installation.directory / "workers.log")
    storage = {name: getattr(faults, f"EXPORTS_{name}") for name in ("LEASE_SECONDS", "MIN_FREE_BYTES")}
    with ExitStack() as stack:
        stack.enter_context(
            override_settings(
                EXPORTS_STORAGE_DIR=installation.files,
                Q_CLUSTER=queue(installation),
                **{f"EXPORTS_{name}": value for name, value in storage.items()},
            )
        )
        stack.enter_context(mock.patch.object(Conf, "ORM", None if installation.redis else "default"))
        stack.enter_context(mock.patch.object(Conf, "REDIS", installation.redis))
        stack.enter_context(connected(installation))
        stack.callback(workers.destroy)
        yield workers


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


# Made once, then copied.


@cache
def migrated_sqlite() -> Path:
    path = originals() / "db.sqlite3"
    if not path.exists():
        Installation(originals(), f"sqlite:///{path}").migrate()
    return path


@cache
def migrated_postgresql() -> Path:
    path = originals() / "postgresql"
    if not path.exists():
        server = Postgres(require_service("postgresql-server"), path)
        server.create()
        server.start()
        try:
            Installation(originals(), server.address).migrate()
        finally:
            server.stop("fast")
    return path


@cache
def originals() -> Path:
    """Return the folder of what is copied; ``FAULTS_ORIGINALS`` lets several processes share one."""
    if given := os.environ.get("FAULTS_ORIGINALS"):
        return Path(given)
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    folder.chmod(0o711)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def public_folder() -> Iterator[Path]:
    """A temporary folder through which PostgreSQL's own user finds its way."""
    with tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name)
