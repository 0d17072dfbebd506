"""Who gets a sender: the longest due first, and no owner's webhooks all of them."""

import threading

import pytest

from exports.delivery import notices
from exports.models import Notice, Webhook
from exports.tasks.messenger import SENDERS, SENDERS_OF_ONE, Messenger
from tests.made import made_export
from tests.processes import wait_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def senders(monkeypatch):
    """What is being told; each attempt lasts until the test ends."""
    told, end = [], threading.Event()

    def deliver(notice):
        told.append(notice.recipient)
        end.wait(20)

    monkeypatch.setattr(notices, "deliver", deliver)
    yield told
    end.set()


def waiting(recipient, owner=""):
    webhook = Webhook.objects.create(owner=owner, url="https://example.org/", sealed_secret="x") if owner else None
    export = made_export("failed")
    channel = "webhook" if owner else "email"
    return Notice.objects.create(export=export, event="failed", channel=channel, webhook=webhook, recipient=recipient)


def test_webhooks_of_one_owner_hold_no_more_senders_than_allowed(senders):
    for number in range(8):
        waiting(f"slow {number}", owner="client a")
    waiting("other", owner="client b")
    waiting("mail")
    Messenger().hand_out()
    wait_for(lambda: len(senders) == SENDERS_OF_ONE + 2)
    assert sorted(senders) == ["mail", "other", "slow 0", "slow 1"]
    assert Notice.objects.due().count() == 6


def test_no_more_is_taken_than_there_are_senders(senders):
    for number in range(SENDERS + 3):
        waiting(f"mail {number}")
    Messenger().hand_out()
    assert Notice.objects.due().count() == 3


def test_sender_that_is_done_takes_the_next(monkeypatch):
    told = []
    monkeypatch.setattr(notices, "deliver", lambda notice: told.append(notice.recipient))
    messenger = Messenger()
    for number in range(SENDERS_OF_ONE + 1):
        waiting(f"{number}", owner="client a")

    def all_told():
        messenger.hand_out()
        return len(told) == SENDERS_OF_ONE + 1

    wait_for(all_told)
