import pytest
from django.test import Client

from tests.made import made_analytics, made_export, person, plain_static  # noqa: F401


@pytest.fixture
def superuser(db):
    return person("root", is_staff=True, is_superuser=True)


@pytest.fixture
def browser(superuser) -> Client:
    """A browser in which the superuser has signed in."""
    client = Client()
    client.force_login(superuser)
    return client


@pytest.fixture
def export(superuser):
    export = made_export(user=person("asker"), parts=2)
    made_analytics(export)
    return export
