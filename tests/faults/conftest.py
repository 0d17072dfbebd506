"""An installation of its own for every test, shared with the workers it starts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from . import installation as places
from .cluster import Workers
from .installation import Installation, inside
from .servers import Redis


@pytest.fixture
def installation(request: pytest.FixtureRequest) -> Installation:
    """SQLite with the queue in the database, or what the test names: ``on_postgresql``, ``on_redis``."""
    return request.getfixturevalue(getattr(request, "param", "on_sqlite"))


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Installation]:
    with places.on_sqlite(tmp_path) as installation:
        yield installation


@pytest.fixture
def on_postgresql(tmp_path: Path) -> Iterator[Installation]:
    with places.on_postgresql(tmp_path) as installation:
        yield installation


@pytest.fixture
def on_redis(tmp_path: Path) -> Iterator[Installation]:
    with places.on_redis(tmp_path) as installation:
        yield installation


@pytest.fixture
def broker(installation: Installation) -> Redis:
    """The Redis server of the test's installation."""
    assert installation.broker
    return installation.broker


@pytest.fixture
def workers(installation: Installation, django_db_blocker: pytest.FixtureRequest) -> Iterator[Workers]:
    """Workers that are not started yet; the test itself sees their database, queue and files."""
    with django_db_blocker.unblock(), inside(installation) as workers:
        yield workers
    print(workers.log.read_text()[-20_000:] if workers.log.exists() else "")
