"""Webhooks: signed so that others can check it, told once, tried again, given up, and never a secret in sight."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone
from standardwebhooks.webhooks import Webhook as Reader
from standardwebhooks.webhooks import WebhookVerificationError

from exports.delivery import notices
from exports.exceptions import BuildError
from exports.models import ApiClient, ExportRequest, Notice, Webhook
from exports.models.notice import CLAIMED
from exports.tasks.messenger import tell_due
from exports.types import Principal
from tests.made import made_export

pytestmark = pytest.mark.django_db


def read(webhook, request):
    """Return the event that an independent reader finds in a request."""
    return Reader(webhook.signing_secrets()[0]).verify(request.body, request.headers)


def told(receiver):
    """Tell what is due and return what came."""
    tell_due()
    return [json.loads(request.body) for request in receiver.requests]


def test_failed_export_is_told_and_signed(webhook, export, receiver):
    export.mark_failed(BuildError("The file could not be made."))
    tell_due()
    (request,) = receiver.requests
    event = read(webhook, request)
    assert event["type"] == "export.failed"
    assert event["data"]["export_id"] == str(export.public_id)
    assert event["data"]["error"] == {"code": "BUILD_FAILED", "message": "The file could not be made."}
    assert request.headers["content-type"] == "application/json"
    assert request.headers["webhook-id"] == str(Notice.objects.get().public_id)
    assert Notice.objects.get().state == "sent"


def test_completed_export_is_told_with_a_link_that_opens_its_file(webhook, receiver, client, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    export = made_export(client=webhook.client)
    Notice.objects.about(export, "completed")
    (event,) = told(receiver)
    data = event["data"]
    file = export.files.get()
    assert (data["file_size"], data["sha256"]) == (file.size, file.sha256)
    assert data["download_url"] == f"{settings.EXPORTS_PUBLIC_URL}/api/v1/exports/{export.public_id}/download"
    answer = client.get(data["file_url"].removeprefix(settings.EXPORTS_PUBLIC_URL))
    assert b"".join(answer.streaming_content) == b"part 1"


def test_archive_of_many_files_is_what_is_told(webhook, receiver):
    export = made_export(client=webhook.client, parts=3)
    Notice.objects.about(export, "completed")
    (event,) = told(receiver)
    assert event["data"]["file_count"] == 3
    assert event["data"]["sha256"] == export.files.get(kind="archive").sha256


def test_nothing_personal_is_told(webhook, receiver):
    export = made_export(
        client=webhook.client, file_name="List of Siti.csv", requester="Siti", notify_email="siti@example.org",
        filters={"name": "Siti"}, caller_user_id="siti",
    )  # fmt: skip
    for event in ("completed", "failed", "cancelled", "expired"):
        Notice.objects.about(export, event)
    tell_due()
    assert len([r for r in receiver.requests if b"siti" in r.body.lower()]) == 0
    assert len(receiver.requests) == 4


def test_cancelled_and_expired_are_told(webhook, export, receiver):
    export.mark_cancelled(Principal())
    made_export(client=webhook.client).mark_expired()
    assert [event["type"] for event in told(receiver)] == ["export.cancelled", "export.expired"]
    assert "file_url" not in receiver.requests[1].body.decode()


def test_only_what_was_subscribed_is_told_and_only_to_the_owner(made_webhook, export, receiver, may_call_here):
    made_webhook(receiver.url("/other-event"), events=["export.expired"])
    made_webhook(receiver.url("/other-owner"), owner="client other", client=None)
    made_webhook(receiver.url("/paused"), state="paused")
    made_webhook(receiver.url("/wanted"), events=["export.cancelled"])
    export.mark_cancelled(Principal())
    tell_due()
    assert [request.path for request in receiver.requests] == ["/wanted"]


def test_whoever_has_no_webhook_costs_one_query(export, django_assert_num_queries):
    with django_assert_num_queries(1):
        Notice.objects.about(export, "completed")


def test_webhook_of_a_revoked_key_is_told_nothing(webhook, export, receiver):
    Notice.objects.about(export, "failed")
    ApiClient.objects.update(revoked=True)
    Notice.objects.about(export, "cancelled")
    tell_due()
    assert receiver.connections == 0
    assert Notice.objects.get().state == "given_up"


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_every_2xx_is_success(webhook, export, receiver, status):
    receiver.answer = status
    Webhook.objects.update(consecutive_failures=3, failing_since=timezone.now())
    export.mark_cancelled(Principal())
    tell_due()
    webhook.refresh_from_db()
    assert (Notice.objects.get().state, webhook.consecutive_failures, webhook.failing_since) == ("sent", 0, None)
    assert webhook.last_success_at is not None


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 429, 500, 502, 503])
def test_everything_else_is_tried_again_under_the_same_id(webhook, export, receiver, status):
    receiver.answer = status
    export.mark_cancelled(Principal())
    tell_due()
    notice = Notice.objects.get()
    assert (notice.state, notice.log.get().status) == ("waiting", status)
    receiver.answer = 204
    Notice.objects.update(due_at=timezone.now())
    tell_due()
    first, second = receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert [attempt.status for attempt in notice.log.all()] == [status, 204]


def test_ten_attempts_are_spread_over_three_days(webhook, export, receiver, monkeypatch):
    """The clock is moved to each next attempt; the signature carries the time of its attempt."""
    receiver.answer = 500
    export.mark_cancelled(Principal())
    began = now = timezone.now()
    monkeypatch.setattr("exports.models.webhook.conf", type("Conf", (), {"webhook_failing_days": 9}))
    monkeypatch.setattr(timezone, "now", lambda: now)
    while tell_due():
        assert tell_due() == 0
        now = Notice.objects.get().due_at
    notice = Notice.objects.get()
    assert (notice.state, notice.attempts, len(receiver.requests)) == ("given_up", 10, 10)
    assert timedelta(days=3) < now - began < timedelta(days=3.8)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("wish", "least", "most"),
    [
        ("7200", 7200, 7210),
        ("1", 0, 10),
        ("99999999999", 86_400, 86_410),
        (lambda: format_datetime(datetime.now(UTC) + timedelta(hours=3), usegmt=True), 3 * 3600 - 10, 3 * 3600 + 10),
        ("soon", 0, 10),
        ("-5", 0, 10),
        ("\xb2", 0, 10),
    ],
)
def test_retry_after_is_heard_within_bounds(webhook, export, receiver, status, wish, least, most):
    receiver.answer, receiver.headers = status, {"Retry-After": wish() if callable(wish) else wish}
    export.mark_cancelled(Principal())
    tell_due()
    pause = (Notice.objects.get().due_at - timezone.now()).total_seconds()
    assert least - 5 <= pause <= most


def test_retry_after_of_another_status_is_not_heard(webhook, export, receiver):
    receiver.answer, receiver.headers = 404, {"Retry-After": "7200"}
    export.mark_cancelled(Principal())
    tell_due()
    assert Notice.objects.get().due_at - timezone.now() < timedelta(seconds=10)


def test_410_disables_the_webhook_and_what_waited_is_given_up(webhook, export, receiver):
    receiver.answer = 410
    Notice.objects.about(export, "expired")
    Notice.objects.about(export, "failed")
    tell_due()
    webhook.refresh_from_db()
    assert (webhook.state, webhook.reason) == ("disabled", "The receiver answered 410 Gone.")
    assert len(receiver.requests) == 1
    assert set(Notice.objects.values_list("state", flat=True)) == {"given_up"}
    Notice.objects.about(export, "cancelled")
    assert Notice.objects.count() == 2


def test_webhook_that_takes_nothing_for_days_is_disabled(webhook, export, receiver):
    receiver.answer = 500
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=4.9))
    Notice.objects.about(export, "failed")
    tell_due()
    webhook.refresh_from_db()
    assert webhook.state == "active"
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=5.1))
    Notice.objects.update(due_at=timezone.now())
    tell_due()
    webhook.refresh_from_db()
    assert (webhook.state, webhook.reason[:24]) == ("disabled", "Nothing was taken since ")
    webhook.resume()
    assert (webhook.state, webhook.reason, webhook.consecutive_failures) == ("active", "", 0)


def test_paused_webhook_is_told_afterwards(webhook, export, receiver):
    Notice.objects.about(export, "failed")
    webhook.pause()
    assert tell_due() == 0
    webhook.resume()
    assert tell_due() == 1
    assert len(receiver.requests) == 1


def test_both_secrets_sign_for_a_day_after_rotation(webhook, export, receiver):
    (old,) = webhook.signing_secrets()
    new = webhook.rotate()
    Notice.objects.about(export, "failed")
    tell_due()
    (request,) = receiver.requests
    assert len(request.headers["webhook-signature"].split(" ")) == 2
    for secret in (old, new):
        assert Reader(secret).verify(request.body, request.headers)
    Webhook.objects.update(previous_until=timezone.now())
    Notice.objects.about(export, "cancelled")
    tell_due()
    request = receiver.requests[1]
    assert Reader(new).verify(request.body, request.headers)
    with pytest.raises(WebhookVerificationError):
        Reader(old).verify(request.body, request.headers)


def test_previous_secret_is_erased_after_a_day(webhook):
    webhook.rotate()
    assert Webhook.objects.forget_previous() == 0
    Webhook.objects.update(previous_until=timezone.now())
    assert Webhook.objects.forget_previous() == 1
    assert Webhook.objects.get().sealed_previous == ""


def test_secrets_outlive_a_new_secret_key(webhook, export, receiver, settings):
    (secret,) = webhook.signing_secrets()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of fifty characters that nobody has guessed"
    assert webhook.signing_secrets() == [secret]
    Webhook.objects.seal_anew()
    sealed = Webhook.objects.get().sealed_secret
    Webhook.objects.seal_anew()
    assert Webhook.objects.get().sealed_secret == sealed
    settings.SECRET_KEY_FALLBACKS = []
    webhook.refresh_from_db()
    assert webhook.signing_secrets() == [secret]


def test_lost_secret_key_is_said_and_not_the_receivers_fault(webhook, export, receiver, settings):
    settings.SECRET_KEY = "another key of fifty characters that nobody has guessed"
    Notice.objects.about(export, "failed")
    tell_due()
    webhook.refresh_from_db()
    assert Notice.objects.get().log.get().error == "The secret cannot be read: was SECRET_KEY changed?"
    assert (receiver.connections, webhook.consecutive_failures) == (0, 0)


def test_notice_of_a_messenger_that_was_killed_is_told_again(webhook, export, receiver):
    Notice.objects.about(export, "failed")
    assert Notice.objects.claim_next()
    assert tell_due() == 0
    Notice.objects.update(due_at=timezone.now() - CLAIMED)
    assert tell_due() == 1


def test_what_was_sent_is_told_again_under_the_same_id_with_a_plan_of_its_own(webhook, export, receiver):
    Notice.objects.about(export, "failed")
    tell_due()
    notice = Notice.objects.get()
    receiver.answer = 500
    assert notice.tell_again()
    tell_due()
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.attempts_of_plan) == ("waiting", 2, 1)
    assert notice.due_at - timezone.now() < timedelta(seconds=7)
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1


def test_what_is_far_off_can_be_brought_forward_and_what_is_under_way_is_left_alone(webhook, export):
    Notice.objects.about(export, "failed")
    notice = Notice.objects.claim_next()
    assert not notice.tell_again()
    Notice.objects.update(due_at=timezone.now() + timedelta(hours=20))
    assert notice.tell_again()
    assert Notice.objects.due().count() == 1


def test_bystander_signature_is_refused(webhook, export, receiver):
    """The reader is one that refuses: a changed body, ID or time does not pass."""
    Notice.objects.about(export, "failed")
    tell_due()
    (request,) = receiver.requests
    reader = Reader(webhook.signing_secrets()[0])
    for body, headers in (
        (request.body + b" ", request.headers),
        (request.body, {**request.headers, "webhook-id": "another"}),
        (request.body, {**request.headers, "webhook-timestamp": str(int(request.headers["webhook-timestamp"]) + 1)}),
    ):
        with pytest.raises(WebhookVerificationError):
            reader.verify(body, headers)


def test_address_and_secret_are_in_no_log(webhook, export, receiver, caplog):
    caplog.set_level("DEBUG")
    Webhook.objects.update(url=receiver.url("/canary-path?canary=query"))
    receiver.answer, receiver.headers = 503, {"Bad Header\r\n canary": "canary"}
    Notice.objects.about(export, "failed")
    tell_due()
    receiver.stop()
    Notice.objects.update(due_at=timezone.now())
    tell_due()
    errors = [attempt.error for attempt in Notice.objects.get().log.all()]
    assert len(errors) == 2
    text = "\n".join([caplog.text, *errors])
    assert "canary" not in text
    assert webhook.signing_secrets()[0] not in text


def test_channel_of_every_notice_is_known():
    assert set(notices.CHANNELS) == set(Notice.Channel)


def test_export_that_cannot_be_told_about_is_still_finished(webhook, export, receiver):
    """A webhook that is deleted at the moment of an event must not undo the event: its row stays."""
    webhook.delete_for_owner()
    export.mark_cancelled(Principal())
    assert ExportRequest.objects.get().state == "cancelled"
    assert Webhook.objects.get().sealed_secret == ""
