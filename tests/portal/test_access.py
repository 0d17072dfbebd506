"""Every route of the portal, asked by everybody: what is not yours looks like what does not exist."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from exports.models import ExportLog
from exports.portal.urls import urlpatterns
from tests.made import PASSWORD, made_export

EXPORT_ROUTES = {
    "export": ("get", 200),
    "live": ("get", 286),
    "cancel": ("post", 302),
    "resume": ("post", 302),
    "delete": ("post", 302),
    "download": ("get", 200),
    "download-archive": ("get", 410),
    "download-part": ("get", 200),
}
"""Method, and the answer for somebody who may see the (finished, single-file) export."""
OPEN_ROUTES = {"login", "logout", "language", "history"}


def address(name, public_id):
    number = {"number": 1} if name == "download-part" else {}
    return reverse(f"portal:{name}", kwargs={"public_id": public_id, **number})


def without_token(response):
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)


def ask(client, name, public_id):
    response = getattr(client, EXPORT_ROUTES[name][0])(address(name, public_id))
    b"".join(response)  # a file that is not read to its end stays open
    return response.status_code


def test_every_route_is_tested_here():
    assert {pattern.name for pattern in urlpatterns} == OPEN_ROUTES | set(EXPORT_ROUTES)


@pytest.mark.parametrize("name", EXPORT_ROUTES)
@pytest.mark.parametrize("who", ["owner", "auditor"])
def test_route_answers_who_may_see_the_export(client, people, export, who, name):
    client.force_login(people[who])
    assert ask(client, name, export.public_id) == EXPORT_ROUTES[name][1]


@pytest.mark.parametrize("name", EXPORT_ROUTES)
@pytest.mark.parametrize("who", ["other", "staff"])
def test_foreign_export_is_answered_like_a_missing_one(client, people, export, who, name):
    client.force_login(people[who])
    send = getattr(client, EXPORT_ROUTES[name][0])
    foreign, missing = send(address(name, export.public_id)), send(address(name, uuid.uuid4()))
    assert foreign.status_code == missing.status_code == 404
    assert without_token(foreign) == without_token(missing)


@pytest.mark.parametrize("name", EXPORT_ROUTES)
def test_anonymous_is_sent_to_the_login(client, export, name):
    response = getattr(client, EXPORT_ROUTES[name][0])(address(name, export.public_id))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("portal:login"))


@pytest.mark.parametrize(("name", "method"), [(name, method) for name, (method, _status) in EXPORT_ROUTES.items()])
def test_other_methods_are_refused(browser, export, name, method):
    for other in {"get", "post", "put", "delete"} - {method}:
        assert getattr(browser, other)(address(name, export.public_id)).status_code == 405


def test_signed_out_poll_reloads_the_page_instead_of_nesting_the_login(client, export):
    response = client.get(address("live", export.public_id), headers={"HX-Request": "true"})
    assert response["HX-Refresh"] == "true"
    assert b"<form" not in response.content


def test_cancel_needs_a_token(owner, export):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    assert client.post(address("cancel", export.public_id)).status_code == 403


def test_login_and_logout(client, people):
    response = client.post(reverse("portal:login"), {"username": "owner", "password": PASSWORD})
    assert response["Location"] == reverse("portal:history")
    assert client.get(reverse("portal:logout")).status_code == 405
    assert client.post(reverse("portal:logout"))["Location"] == reverse("portal:login")
    assert client.get(reverse("portal:history")).status_code == 302


def test_pages_are_not_kept_by_caches(browser, export):
    for url in (reverse("portal:history"), address("export", export.public_id), address("download", export.public_id)):
        response = browser.get(url)
        b"".join(response)  # a file that is not read to its end stays open
        assert "no-store" in response["Cache-Control"]


def test_pages_forbid_inline_script_and_style(browser, export):
    policy = browser.get(reverse("portal:history"))["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_auditor_cancels_and_the_log_says_who(client, people, owner):
    export = made_export("queued", user=owner)
    client.force_login(people["auditor"])
    client.post(address("cancel", export.public_id))
    export.refresh_from_db()
    assert export.state == "cancelled"
    assert ExportLog.objects.filter(export=export, event="cancelled", actor="auditor").exists()
