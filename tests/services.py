"""Servers and programs that some tests need: found, or the test skips and says why.

``require_service("redis")`` returns the address, or the path of the program. With ``REQUIRE_SERVICES=1``, as in
`.ci/run`, what is missing fails the test instead. The clients' own variables (``PGHOST`` …) name another server.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest


def require_service(name: str) -> str:
    """Return where the service is; skip the test, or fail it under ``REQUIRE_SERVICES=1``, where it is not."""
    address, reason = find(name)
    if not reason:
        return address
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(f"{name} is required and missing: {reason}", pytrace=False)
    pytest.skip(f"needs {name}: {reason}", allow_module_level=True)


@cache
def find(name: str) -> tuple[str, str]:
    """Return the address and no reason, or no address and the reason."""
    try:
        return SERVICES[name](), ""
    except Exception as error:
        return "", f"{type(error).__name__}: {error}".strip()


def postgresql() -> str:
    """Address of a database in which the tests may create others."""
    import psycopg

    host = os.environ.get("PGHOST", "127.0.0.1")
    port = os.environ.get("PGPORT", "5432")
    user = os.environ.get("PGUSER", "postgres")
    password = os.environ.get("PGPASSWORD", "")
    address = f"postgresql://{user}{':' * bool(password)}{password}@{host}:{port}/postgres"
    psycopg.connect(address, connect_timeout=3).close()
    return address


def mariadb() -> str:
    """Address of a server on which the tests may create databases."""
    import pymysql

    host = os.environ.get("MYSQL_HOST", "127.0.0.1")
    port = os.environ.get("MYSQL_TCP_PORT", "3306")
    password = os.environ.get("MYSQL_PWD", "")
    pymysql.connect(host=host, port=int(port), user="root", password=password, connect_timeout=3).close()
    return f"mysql://root{':' * bool(password)}{password}@{host}:{port}"


def redis() -> str:
    """Address of a server; each test uses keys of its own."""
    import redis as client

    address = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
    with client.Redis.from_url(address, socket_timeout=3) as connection:
        connection.ping()
    return address


def postgresql_server() -> str:
    """Folder of the programs that make and start a PostgreSQL server; Debian keeps them off PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    found = shutil.which("pg_ctl", path=os.pathsep.join([os.environ["PATH"], *map(str, reversed(folders))]))
    if found is None:
        raise FileNotFoundError("pg_ctl is neither on PATH nor in /usr/lib/postgresql")
    return str(Path(found).parent)


def tmpfs() -> str:
    """Kind of a disk that may be mounted here, for root may not everywhere."""
    with tempfile.TemporaryDirectory() as folder:
        mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]
        subprocess.run(mount, check=True, stderr=subprocess.DEVNULL, timeout=10)
        subprocess.run(["umount", folder], check=True, timeout=10)
    return "tmpfs"


def php() -> str:
    """Path of a PHP that can speak HTTP."""
    path = program("php")()
    subprocess.run([path, "-r", "exit(extension_loaded('curl') ? 0 : 1);"], check=True, timeout=10)
    return path


def program(*names: str) -> Callable[[], str]:
    """Return a search for the first of these programs on PATH."""

    def find_program() -> str:
        for name in names:
            if path := shutil.which(name):
                return path
        raise FileNotFoundError(f"{' or '.join(names)} is not on PATH")

    return find_program


SERVICES: dict[str, Callable[[], str]] = {
    "postgresql": postgresql,
    "postgresql-server": postgresql_server,
    "mariadb": mariadb,
    "redis": redis,
    "redis-server": program("redis-server"),
    "tmpfs": tmpfs,
    "chromium": program("chromium", "chromium-browser"),
    "php": php,
    "libreoffice": program("soffice", "libreoffice"),
    "poppler": program("pdftotext"),
    "gettext": program("xgettext"),
    "openssl": program("openssl"),
}
