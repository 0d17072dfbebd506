"""A messenger that is killed while it tells somebody: told again, and recognisably the same."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from exports.models import ExportRequest, Notice
from tests.processes import wait_for
from tests.smtp import MailServer

from .cluster import Workers
from .exports import ended, submit


@pytest.fixture
def server(settings) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.EXPORTS_EMAIL_ENABLED = True
        yield server


def told_again_at_once() -> None:
    """Let the claim of the one that was killed lapse."""
    Notice.objects.filter(state="waiting").update(due_at=timezone.now())


def mailed(export: ExportRequest) -> bool:
    return export.notices.filter(state="sent").exists()


def test_killed_messenger_tells_again_under_the_same_id(workers: Workers, server: MailServer) -> None:
    """Its server had taken the mail and it never heard so: the reader gets it twice and the mailbox knows it is one."""
    server.box.holds = True
    workers.start("high", **server.environment)
    export = submit(notify_email="staff@example.org")
    wait_for(lambda: server.box.held.is_set(), 30, "the mail server to be in the middle of it")
    server.box.holds = False
    messenger = next(child for child in workers.supervisor.children() if child.name == "messenger")
    messenger.kill()
    told_again_at_once()
    wait_for(lambda: mailed(export), 30, "the mail to be told")
    first, second = server.box.received
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert second.recipients == ["staff@example.org"]
    assert export.notices.get().attempts == 2


def test_mail_server_that_is_away_keeps_no_export_waiting(workers: Workers, server: MailServer) -> None:
    server.stop()
    workers.start("high", **server.environment)
    export = submit(notify_email="staff@example.org")
    wait_for(lambda: ended(export), 30, "the export")
    wait_for(lambda: export.notices.get().log.exists(), 30, "the first attempt")
    assert export.notices.get().log.get().error.startswith("The mail server could not be spoken to")
    server.start()
    told_again_at_once()
    wait_for(lambda: mailed(export), 30, "the mail to be told")
    assert len(server.box.received) == 1
