import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, label_for_field
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from exports.models import ApiClient, ExportAnalytics, ExportFile, ExportLog, ExportRequest, LaneHeartbeat

MODELS = [ExportRequest, ExportFile, ExportLog, ExportAnalytics, ApiClient, LaneHeartbeat]
THE_SAME = {"program", "format", "host", "SHA-256"}
"""Words that Indonesian has taken over."""


def labels(model, request):
    model_admin = admin.site._registry[model]
    shown = [*model_admin.list_display, *flatten_fieldsets(model_admin.get_fieldsets(request))]
    return {name: str(label_for_field(name, model, model_admin)) for name in shown}


@pytest.mark.parametrize("model", MODELS)
def test_every_label_is_indonesian(superuser, model):
    request = RequestFactory().get("/")
    request.user = superuser
    english = labels(model, request)
    with translation.override("id"):
        indonesian = labels(model, request)
        name, plural = str(model._meta.verbose_name), str(model._meta.verbose_name_plural)
    assert [name for name, label in english.items() if label == indonesian[name] and label not in THE_SAME] == []
    assert name != model._meta.verbose_name
    assert plural != model._meta.verbose_name_plural


def test_list_is_indonesian(browser, export):
    url = reverse("admin:exports_exportlog_changelist")
    html = browser.get(url, headers={"Accept-Language": "id"}).content.decode()
    for words in ("Portal Ekspor YBB: administrasi", "Diminta", "alamat jaringan", "Asked for by a test"):
        assert words.lower() in html.lower()


def test_wrong_network_is_refused_in_indonesian(browser):
    wrong = {"name": "shop", "programs": "[]", "networks": '["somewhere"]'}
    response = browser.post(reverse("admin:exports_apiclient_add"), wrong, headers={"Accept-Language": "id"})
    assert "bukan jaringan seperti 10.0.0.0/8." in response.content.decode()
