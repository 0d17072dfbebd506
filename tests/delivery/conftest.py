from collections.abc import Iterator

import pytest

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
