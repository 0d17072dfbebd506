"""Webhooks and notices in the admin: to be read, never with a secret; to be stopped and told again."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from exports.models import Notice, Webhook
from exports.models.sealed import seal
from tests.made import person

SECRET = "whsec_canary"


def url(model, page, *args):
    return reverse(f"admin:exports_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def webhook(db):
    values = {"sealed_secret": seal(SECRET), "events": ["export.failed"]}
    return Webhook.objects.create(owner="client x", url="https://example.org/hooks/path", **values)


@pytest.fixture
def notice(export, webhook):
    notice = Notice.objects.create(
        export=export, event="failed", channel="webhook", webhook=webhook, recipient=webhook.host, state="given_up"
    )
    notice.log.create(number=1, status=500, error="The receiver answered 500.", seconds=0.1)
    return notice


@pytest.mark.parametrize("model", [Webhook, Notice])
def test_lists_searches_and_rows_open_and_cannot_be_changed(browser, notice, model):
    row = model.objects.get()
    for query in ({}, {"q": "example.org"}, {"q": "x"}):
        assert browser.get(url(model, "changelist"), query).status_code == 200
    page = browser.get(url(model, "change", row.pk))
    assert page.status_code == 200
    assert SECRET not in page.content.decode()
    assert Webhook.objects.get().sealed_secret not in page.content.decode()
    assert browser.post(url(model, "change", row.pk), {"state": "sent", "url": "x"}).status_code == 403
    assert browser.get(url(model, "add")).status_code == 403
    browser.post(url(model, "delete", row.pk), {"post": "yes"})
    assert model.objects.filter(pk=row.pk).exists()


def test_page_of_a_notice_shows_its_attempts_and_links(browser, notice):
    page = browser.get(url(Notice, "change", notice.pk)).content.decode()
    assert "The receiver answered 500." in page
    assert url(Webhook, "change", notice.webhook.pk) in page


def test_operator_pauses_and_resumes(browser, webhook):
    for action, state in (("pause", "paused"), ("resume", "active")):
        chosen = {"action": action, "_selected_action": [webhook.pk]}
        page = browser.post(url(Webhook, "changelist"), chosen, follow=True)
        assert "1 webhook was" in page.content.decode()
        webhook.refresh_from_db()
        assert webhook.state == state
    assert set(LogEntry.objects.values_list("change_message", flat=True)) == {"Paused.", "Resumed."}


def test_operator_has_a_notice_told_again(browser, notice):
    chosen = {"action": "tell_again", "_selected_action": [notice.pk]}
    page = browser.post(url(Notice, "changelist"), chosen, follow=True)
    assert "1 notice is told again." in page.content.decode()
    notice.refresh_from_db()
    assert notice.state == "waiting"


def test_staff_see_their_own_and_may_do_nothing(client, notice):
    staff = person("clerk", "view_webhook", "view_notice", is_staff=True)
    client.force_login(staff)
    for model in (Webhook, Notice):
        row = model.objects.get()
        assert client.get(url(model, "change", row.pk)).status_code == 302
    client.post(url(Webhook, "changelist"), {"action": "pause", "_selected_action": [notice.webhook.pk]})
    Webhook.objects.update(user=staff)
    assert client.get(url(Webhook, "change", notice.webhook.pk)).status_code == 200
    client.post(url(Webhook, "changelist"), {"action": "pause", "_selected_action": [notice.webhook.pk]})
    assert Webhook.objects.get().state == "active"
    assert client.get(url(Notice, "change", notice.pk)).status_code == 302
