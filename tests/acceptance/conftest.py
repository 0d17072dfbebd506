import pytest

from .client import Client
from .portal import Portal


@pytest.fixture(scope="session")
def portal(tmp_path_factory):
    """A running portal that trusts this machine."""
    running = Portal(tmp_path_factory.mktemp("portal"))
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def client(portal):
    return Client(portal.url)


@pytest.fixture(scope="session")
def stocked(tmp_path_factory):
    """A running portal with a source database: programmes of some 5,600, 11,200, 16,800 and 22,400 participants."""
    running = Portal(tmp_path_factory.mktemp("stocked"))
    running.manage("load_source", "--participants", "56000")
    try:
        running.start()
        yield running
    finally:
        running.stop()
