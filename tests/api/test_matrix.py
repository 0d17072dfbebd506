"""Who may call what: every route of the URL configuration, every method, every principal."""

import json
import re
import uuid

import msgspec
import pytest

from exports.api.urls import urlpatterns
from exports.catalogue import TemplateDef
from exports.delivery import links
from exports.models import ApiClient, Dataset, ExportTemplate, Notice, Webhook
from exports.models.dataset import lifetime_end
from exports.models.sealed import seal
from exports.models.webhook import new_secret
from exports.types import Principal
from tests.made import made_export, made_schedule, person

from .conftest import Caller

OPEN, KEY, LINK = "open to all", "any key", "a signed link"
OWN = ("own export", "own job", "own upload", "own template", "own schedule", "own webhook")
EXPORT, JOB, DATASET, TEMPLATE, SCHEDULE, WEBHOOK = OWN
PAGE = "a person who has signed in"
MATRIX = {
    "health": OPEN,
    "^api(?:/|$)": OPEN,
    "^api/v1(?:/|$)": OPEN,
    "^api/v1/(?:import-export|export-jobs)(?:/|$)": OPEN,
    "files/<str:token>": LINK,
    "streams/<str:token>": LINK,
    "api/ybb/templates": KEY,
    "api/ybb/templates/<str:resource>": KEY,
    "api/ybb/status-mappings": KEY,
    "api/ybb/export/<str:resource>": KEY,
    "api/ybb/export/<str:export_id>/status": EXPORT,
    "api/ybb/export/<str:export_id>/download": EXPORT,
    "api/ybb/export/<str:export_id>/download/zip": EXPORT,
    "api/ybb/export/<str:export_id>/download/batch/<int:number>": EXPORT,
    "api/export": KEY,
    "api/export/estimate": KEY,
    "api/export/queue/status": KEY,
    "api/export/stats": KEY,
    "api/export/<str:export_id>": EXPORT,
    "api/export/<str:export_id>/status": EXPORT,
    "api/export/<str:export_id>/stream": EXPORT,
    "api/export/<str:export_id>/chunks": EXPORT,
    "api/export/<str:export_id>/resume": EXPORT,
    "api/export/<str:export_id>/download": EXPORT,
    "api/export/<str:export_id>/download/zip": EXPORT,
    "api/export/<str:export_id>/download/batch/<int:number>": EXPORT,
    "api/templates": KEY,
    "api/templates/<str:template_id>": TEMPLATE,
    "api/v1/<str:resource>/export": KEY,
    "api/v1/exports": KEY,
    "api/v1/exports/<str:export_id>": EXPORT,
    "api/v1/exports/<str:export_id>/stream": EXPORT,
    "api/v1/exports/<str:export_id>/logs": EXPORT,
    "api/v1/exports/<str:export_id>/retry": EXPORT,
    "api/v1/exports/<str:export_id>/download": EXPORT,
    "api/v1/exports/<str:export_id>/download/zip": EXPORT,
    "api/v1/exports/<str:export_id>/download/batch/<int:number>": EXPORT,
    "api/v1/import-export/exports": KEY,
    "api/v1/import-export/exports/<int:number>": JOB,
    "api/v1/import-export/schedules": KEY,
    "api/v1/import-export/schedules/preview": KEY,
    "api/v1/import-export/schedules/<int:number>": SCHEDULE,
    "api/v1/import-export/schedules/<int:number>/run": SCHEDULE,
    "api/v1/import-export/schedules/<int:number>/pause": SCHEDULE,
    "api/v1/import-export/schedules/<int:number>/resume": SCHEDULE,
    "api/v1/import-export/schedules/<int:number>/runs": SCHEDULE,
    "api/v1/export-jobs/<int:number>/download": JOB,
    "api/v1/datasets": KEY,
    "api/v1/datasets/<str:dataset_id>": DATASET,
    "api/v1/datasets/<str:dataset_id>/close": DATASET,
    "api/v1/datasets/<str:dataset_id>/pieces/<int:number>": DATASET,
    "api/schema": KEY,
    "api/docs": PAGE,
    "api/v1/webhooks": KEY,
    "api/v1/webhooks/<str:webhook_id>": WEBHOOK,
    "api/v1/webhooks/<str:webhook_id>/rotate": WEBHOOK,
    "api/v1/webhooks/<str:webhook_id>/test": WEBHOOK,
    "api/v1/webhooks/<str:webhook_id>/deliveries": WEBHOOK,
    "api/v1/webhooks/<str:webhook_id>/deliveries/<str:delivery_id>/redeliver": WEBHOOK,
}
BOARD = msgspec.to_builtins(TemplateDef(description="", fields=("id",), headers=("No",), records_per_file=1_000))
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
CASES = [(route, method) for route in MATRIX for method in METHODS]
OWNED = [(route, method) for route, method in CASES if MATRIX[route] in OWN]


@pytest.fixture
def owner(new_client):
    """A client with an export of two files, an upload, a template, a schedule, and a webhook that was told of it."""
    client, key = new_client("Owner")
    owner = Caller(key)
    owner.export = made_export(client=client, parts=2, retention_hours=24)
    owner.dataset = Dataset.objects.create(
        owner=owner.export.owner, client=client, catalogue="platform", resource="tickets", expires_at=lifetime_end()
    )
    owner.template = ExportTemplate.objects.create(
        owner=owner.export.owner, client=client, catalogue="platform", resource="tickets", name="board"
    )
    owner.template.add_version(BOARD, Principal(client=client))
    owner.webhook = Webhook.objects.create(
        owner=owner.export.owner, client=client, url="https://example.org/hooks", sealed_secret=seal(new_secret())
    )
    owner.delivery = Notice.objects.create(
        export=owner.export, event="completed", channel="webhook", webhook=owner.webhook, state="given_up"
    )
    owner.schedule = made_schedule(client=client)
    return owner


@pytest.fixture
def stranger(new_client):
    return Caller(new_client("Stranger")[1])


def path(route, number, schedule, **ids):
    filled = route
    known = {"<str:resource>": "participants", "<str:token>": "x", "^api(?:/|$)": "api/nowhere"}
    known |= {name: "api/v1/import-export" for name in MATRIX if name.startswith("^api/v1")}
    known |= {f"<str:{name}>": str(value) for name, value in ids.items()}
    for name, value in known.items():
        filled = filled.replace(name, value)
    numbers = {JOB: number, SCHEDULE: schedule}
    return f"/{filled.replace('<int:number>', str(numbers.get(MATRIX[route], 1)))}"


def own(route, owner):
    return path(
        route,
        owner.export.pk,
        owner.schedule.pk,
        export_id=owner.export.public_id,
        dataset_id=owner.dataset.public_id,
        template_id=owner.template.public_id,
        webhook_id=owner.webhook.public_id,
        delivery_id=owner.delivery.public_id,
    )


def missing(route):
    ids = ("export_id", "dataset_id", "template_id", "webhook_id", "delivery_id")
    return path(route, 10**9, 10**9, **{name: uuid.uuid4() for name in ids})


def said(answer):
    """Return what somebody learns from an answer."""
    body = getattr(answer, "file", None) or answer.content
    text = re.sub(rb'"request_id": ?"[^"]*"', b"", body)
    return answer.status_code, re.sub(rb"[0-9a-f-]{36}", b"", text)


def states(owner):
    """Return all that a stranger could have changed."""
    kept = ("state", "sealed_secret", "url")
    rows = (owner.export, owner.schedule, owner.delivery)
    return [
        *(type(row).objects.values_list("state", flat=True).get(pk=row.pk) for row in rows),
        *Webhook.objects.values_list(*kept),
    ]


def test_every_route_has_an_entry():
    assert {str(pattern.pattern) for pattern in urlpatterns} == set(MATRIX)


@pytest.mark.parametrize(("route", "method"), CASES)
def test_without_a_key_nothing_but_the_open_answers(owner, route, method):
    status = Caller().request(method, own(route, owner)).status_code
    refused = {OPEN: (200, 404, 405), LINK: (200, 404, 405), PAGE: (302, 405)}
    assert status in refused.get(MATRIX[route], (401, 405))


@pytest.mark.parametrize(("route", "method"), OWNED)
def test_what_is_somebody_elses_answers_as_if_it_were_not_there(owner, stranger, route, method):
    body = json.dumps({})
    asked = {"data": body, "content_type": "application/json"} if method in ("POST", "PUT", "PATCH") else {}
    before = states(owner)
    theirs, nobodys = stranger.ask(method, own(route, owner), asked), stranger.ask(method, missing(route), asked)
    assert said(theirs) == said(nobodys)
    assert theirs.status_code in (404, 405)
    assert states(owner) == before


@pytest.mark.parametrize("route", [route for route in MATRIX if MATRIX[route] in OWN])
def test_owner_gets_in(owner, route):
    assert owner.request("GET", own(route, owner)).status_code in (200, 405)


@pytest.mark.parametrize("route", [route for route in MATRIX if MATRIX[route] in (EXPORT, JOB)])
def test_auditor_sees_every_export(owner, new_client, route):
    auditor = Caller(new_client("Auditor", user=person("auditor", "view_all"))[1])
    assert auditor.request("GET", own(route, owner)).status_code in (200, 405)


def test_auditor_looks_at_schedules_and_changes_none(owner, new_client):
    auditor = Caller(new_client("Auditor", user=person("auditor", "view_all"))[1])
    for route, method in OWNED:
        if MATRIX[route] == SCHEDULE:
            answer = auditor.ask(method, own(route, owner), {"data": "{}", "content_type": "application/json"})
            assert answer.status_code in ((200, 405) if method in ("GET", "HEAD") else (404, 405)), (route, method)


def test_link_opens_its_file_and_no_other(owner):
    token = links.token(owner.export.public_id, 2, owner.export.expires_at)
    answer = Caller().get(f"/files/{token}")
    assert (answer.status_code, answer.file) == (200, b"part 2")
    assert owner.export.events.get(event="downloaded").actor == "signed link"


def test_look_at_a_link_is_no_download(owner):
    """Chats and mail programs look at links by HEAD before anybody follows them."""
    token = links.token(owner.export.public_id, 2, owner.export.expires_at)
    answer = Caller().request("HEAD", f"/files/{token}")
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(len(b"part 2")))
    assert not owner.export.events.filter(event="downloaded").exists()


def test_link_opens_its_stream_and_no_file(owner):
    token = links.token(owner.export.public_id, links.STREAM, owner.export.expires_at)
    answer = Caller().get(f"/streams/{token}")
    assert (answer.status_code, answer.file) == (200, b"archive 1")
    assert owner.export.events.get(event="downloaded").actor == "signed link"
    assert Caller().get(f"/files/{token}").status_code == 404
    assert (
        Caller().get(f"/streams/{links.token(owner.export.public_id, 1, owner.export.expires_at)}").status_code == 404
    )


def test_revoked_key_opens_nothing(owner, new_client):
    ApiClient.objects.update(revoked=True)
    assert owner.request("GET", "/api/v1/exports").status_code == 401
