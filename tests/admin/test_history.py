"""History can be read in the admin, and nobody can change it there."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from exports.exceptions import BuildError
from exports.models import (
    ApiClient,
    Dataset,
    DatasetPiece,
    ExportAnalytics,
    ExportFile,
    ExportLog,
    ExportRequest,
    ExportSchedule,
    ExportTemplate,
    ExportTemplateVersion,
    IdempotencyKey,
    LaneHeartbeat,
    LanguageChoice,
    Notice,
    NoticeAttempt,
    ScheduleLog,
    Webhook,
)
from tests.made import made_export, person

HISTORY = [ExportRequest, ExportFile, ExportLog, ExportAnalytics]


def url(model, page, *args):
    return reverse(f"admin:exports_{model._meta.model_name}_{page}", args=args)


def test_every_model_is_there_and_the_queue_is_not():
    ours = {*HISTORY, ApiClient, Dataset, ExportSchedule, ExportTemplate, LaneHeartbeat, Notice, Webhook}
    assert {model for model in admin.site._registry if model._meta.app_label == "exports"} == ours
    # A key says no more than its export; pieces, versions, attempts and the events of schedules are on the page of what
    # they are of, and a person's language on no page but the person's own.
    elsewhere = {DatasetPiece, ExportTemplateVersion, IdempotencyKey, LanguageChoice, NoticeAttempt, ScheduleLog}
    assert set(apps.get_app_config("exports").get_models()) == ours | elsewhere
    assert not {
        model for model in admin.site._registry if model._meta.app_label in ("django_q", "rest_framework_api_key")
    }


@pytest.mark.parametrize("model", HISTORY)
def test_lists_and_rows_open(browser, export, model):
    row = model.objects.first()
    listed = browser.get(url(model, "changelist"))
    assert listed.status_code == 200
    assert url(model, "change", row.pk) in listed.content.decode()
    assert browser.get(url(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", HISTORY)
@pytest.mark.parametrize("search", ["participants", "asker", "0d", "127.0.0.1"])
def test_search_answers(browser, export, model, search):
    assert browser.get(url(model, "changelist"), {"q": search}).status_code == 200


@pytest.mark.parametrize("model", HISTORY)
def test_history_cannot_be_changed(browser, export, model):
    row = model.objects.first()
    assert browser.get(url(model, "add")).status_code == 403
    assert browser.post(url(model, "change", row.pk), {"state": "failed", "message": "x"}).status_code == 403
    assert browser.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    selected = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    browser.post(url(model, "changelist"), selected)
    assert model.objects.filter(pk=row.pk).exists()


def test_export_links_to_its_rows(browser, export):
    page = browser.get(url(ExportRequest, "change", export.pk)).content.decode()
    linked = [*export.files.all(), *export.events.all(), export.analytics]
    assert all(url(type(row), "change", row.pk) in page for row in linked)
    assert reverse("portal:export", args=[export.public_id]) in page


@pytest.mark.parametrize("model", HISTORY)
def test_staff_see_in_the_admin_what_the_portal_shows_them(client, export, model):
    staff = person("clerk", f"view_{model._meta.model_name}", is_staff=True)
    client.force_login(staff)
    row = model.objects.first()
    assert url(model, "change", row.pk) not in client.get(url(model, "changelist")).content.decode()
    assert client.get(url(model, "change", row.pk)).status_code == 302
    if model is ExportRequest:
        own = made_export(user=staff)
        assert client.get(url(model, "change", own.pk)).status_code == 200


@pytest.mark.parametrize("model", [*HISTORY, ApiClient])
def test_staff_without_permission_see_nothing(client, export, model):
    client.force_login(person("clerk", is_staff=True))
    assert client.get(url(model, "changelist")).status_code == 403


def test_export_shows_who_is_told_of_it_and_how_that_stands(browser):
    export = made_export("processing", notify_email="staff@example.org")
    export.mark_failed(BuildError())
    page = browser.get(url(ExportRequest, "change", export.pk)).content.decode()
    assert page.count("staff@example.org") == 2
    assert "Waiting" in page
