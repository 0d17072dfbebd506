import pytest
from django.test import Client

from tests.made import made_export, person, plain_static  # noqa: F401


@pytest.fixture
def owner(db):
    return person("owner")


@pytest.fixture
def people(owner):
    """Everybody who may come to a page."""
    return {
        "owner": owner,
        "other": person("other"),
        "staff": person("staff", is_staff=True),
        "auditor": person("auditor", "view_all", is_staff=True),
    }


@pytest.fixture
def browser(owner) -> Client:
    """A browser in which the owner has signed in."""
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def export(owner):
    return made_export(user=owner)
