from collections.abc import Iterator

import pytest

from exports.models import ApiClient, Webhook
from exports.models.sealed import seal
from exports.models.webhook import new_secret
from exports.types import Principal
from tests.made import made_export
from tests.receiver import receiving
from tests.smtp import MailServer


@pytest.fixture
def mail_server(settings) -> Iterator[MailServer]:
    """A mail server, to which the portal sends what it has to say."""
    with MailServer() as server:
        for name, value in server.settings.items():
            setattr(settings, name, value)
        yield server


@pytest.fixture
def box(mail_server):
    """What the mail server received and answers."""
    return mail_server.box


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def may_call_here(settings):
    settings.EXPORTS_WEBHOOK_NETWORKS = ("127.0.0.1/32",)


@pytest.fixture
def api_client(db):
    return ApiClient.objects.create_key(name="shop")[0]


@pytest.fixture
def export(api_client):
    """An export of the client's that is being made."""
    return made_export("processing", client=api_client)


@pytest.fixture
def made_webhook(api_client):
    """Return a maker of webhooks, as if their address had been checked: ``made_webhook(url)``."""

    def make(url, **values):
        wanted = {"owner": Principal(client=api_client).owner, "client": api_client, "events": Webhook.Event.values}
        return Webhook.objects.create(url=url, sealed_secret=seal(new_secret()), **{**wanted, **values})

    return make


@pytest.fixture
def webhook(made_webhook, receiver, may_call_here):
    """A webhook of the client's whose receiver answers 204."""
    return made_webhook(receiver.url())
