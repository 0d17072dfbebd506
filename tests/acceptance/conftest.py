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
