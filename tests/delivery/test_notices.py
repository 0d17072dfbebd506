"""Notices: one for each event, told by one process at a time, tried again over three days."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from exports.delivery import notices
from exports.exceptions import BuildError, NotDelivered
from exports.models import ExportRequest, Notice
from exports.types import Principal
from tests.made import made_export

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def export():
    export = made_export()
    ExportRequest.objects.update(state="processing", notify_email="staff@example.org")
    export.refresh_from_db()
    return export


@pytest.fixture
def notice(export):
    export.mark_failed(BuildError())
    return Notice.objects.get()


@pytest.fixture
def channel(monkeypatch):
    """Let the channel end as the test says."""
    monkeypatch.setattr(notices, "import_string", lambda path: send)
    return ends


ends = []


def send(notice):
    outcome = ends.pop()
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def test_event_that_was_rolled_back_is_told_to_nobody(export):
    with transaction.atomic():
        export.mark_failed(BuildError())
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_lost_race_is_told_to_nobody(export):
    export.mark_cancelled(Principal())
    assert not export.mark_failed(BuildError())
    assert not Notice.objects.filter(event="failed").exists()


def test_notice_is_claimed_by_one(notice):
    same = Notice.objects.get()
    assert [notice.claim(), same.claim()] == [True, False]
    assert Notice.objects.claim_next() is None


def test_what_was_taken_is_sent_once(notice, channel):
    channel.append(250)
    notices.deliver(Notice.objects.claim_next())
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == ("sent", 1)
    assert [(each.number, each.status, each.error) for each in notice.log.all()] == [(1, 250, "")]


@pytest.mark.parametrize(
    ("outcome", "state", "error"),
    [
        (NotDelivered("The server is away.", status=503), "waiting", "The server is away."),
        (NotDelivered("Gone.", status=410, for_good=True), "given_up", "Gone."),
        (ValueError("secret"), "waiting", "ValueError"),
    ],
)
def test_what_nobody_took_is_tried_again_or_given_up(notice, channel, outcome, state, error):
    channel.append(outcome)
    notices.deliver(Notice.objects.claim_next())
    notice.refresh_from_db()
    assert (notice.state, notice.log.get().error) == (state, error)


def test_late_word_of_a_lost_claim_changes_nothing(notice):
    late = Notice.objects.claim_next()
    Notice.objects.update(due_at=NOW)
    again = Notice.objects.claim_next()
    assert late.note(seconds=0.1, error="", again_at=None) is False
    assert again.note(seconds=0.1, error="", again_at=None) is True


def test_attempts_spread_over_three_days():
    moments = [NOW]
    while (at := notices.next_attempt(len(moments), moments[-1])) is not None:
        moments.append(at)
    assert len(moments) == 10
    assert timedelta(days=3) <= moments[-1] - NOW <= timedelta(days=3.8)
