import html
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from exports.models import ApiClient

ADD = reverse("admin:exports_apiclient_add")
LIST = reverse("admin:exports_apiclient_changelist")


def added(browser, **values):
    return browser.post(ADD, {"name": "shop", "programs": "[]", "networks": "[]"} | values)


def test_key_is_shown_once_and_works(browser):
    response = added(browser, programs="[7]", networks='["10.0.0.0/8"]')
    key = re.search(r"<code>(\w+\.\w+)</code>", response.content.decode())[1]
    client = ApiClient.objects.get_from_key(key)
    assert (client.name, client.programs, client.networks) == ("shop", [7], ["10.0.0.0/8"])
    assert "no-store" in response["Cache-Control"]
    for page in (LIST, reverse("admin:exports_apiclient_change", args=[client.pk])):
        assert key not in html.unescape(browser.get(page).content.decode())
    assert not any(key in f"{entry.object_repr}{entry.change_message}" for entry in LogEntry.objects.all())
    assert not any(key in cookie.value for cookie in browser.cookies.values())


def test_empty_lists_mean_everything(browser):
    added(browser, programs="", networks="")
    client = ApiClient.objects.get()
    assert (client.programs, client.networks) == ([], [])


@pytest.mark.parametrize("wrong", [{"networks": '["10.0.0.0/99"]'}, {"programs": '["seven"]'}, {"name": ""}])
def test_wrong_values_are_refused(browser, wrong):
    assert added(browser, **wrong).status_code == 200
    assert not ApiClient.objects.exists()


def test_change_keeps_the_key(browser):
    client, key = ApiClient.objects.create_key(name="shop")
    url = reverse("admin:exports_apiclient_change", args=[client.pk])
    browser.post(url, {"name": "store", "programs": "[1]", "networks": "[]"})
    assert ApiClient.objects.get_from_key(key).name == "store"


def test_revoked_key_is_useless_for_good(browser):
    client, key = ApiClient.objects.create_key(name="shop")
    page = browser.post(LIST, {"action": "revoke", "_selected_action": [client.pk]}, follow=True)
    assert "1 key was revoked." in page.content.decode()
    assert not ApiClient.objects.is_valid(key)
    assert LogEntry.objects.filter(object_repr="shop", change_message="Revoked the key.").exists()


def test_client_is_never_deleted(browser):
    client, _key = ApiClient.objects.create_key(name="shop")
    browser.post(reverse("admin:exports_apiclient_delete", args=[client.pk]), {"post": "yes"})
    browser.post(LIST, {"action": "delete_selected", "_selected_action": [client.pk], "post": "yes"})
    assert ApiClient.objects.filter(pk=client.pk).exists()
