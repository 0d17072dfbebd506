"""Webhooks over HTTP: made with a checked address, their secret shown once, tried out, looked after, told again."""

import json
import re

import pytest
from django.utils import timezone
from standardwebhooks.webhooks import Webhook as Reader

from exports.models import ExportRequest, Notice, Webhook
from exports.tasks.messenger import tell_due
from exports.types import Principal
from tests.made import made_export
from tests.receiver import receiving

from .conftest import Caller

LIST = "/api/v1/webhooks"
ALL = ["export.completed", "export.failed", "export.cancelled", "export.expired"]


@pytest.fixture
def receiver(settings):
    settings.EXPORTS_WEBHOOK_NETWORKS = ("127.0.0.1/32",)
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def made(caller, receiver):
    """What a caller is told of the webhook it has made."""
    answer = caller.post({"url": receiver.url(), "description": "Shop"}, LIST)
    assert answer.status_code == 201, answer.content
    return answer.json()


def address(made, rest=""):
    return f"{LIST}/{made['webhook_id']}{rest}"


def ask(caller, method, path, body=None):
    data = None if body is None else json.dumps(body)
    return caller.ask(method, path, {"data": data, "content_type": "application/json"} if data else {})


def test_webhook_is_made_and_its_secret_shown_once(caller, made):
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", made["secret"])
    assert (made["status"], made["events"], made["description"]) == ("active", ALL, "Shop")
    for answer in (caller.get(LIST), caller.get(address(made)), ask(caller, "PATCH", address(made), {})):
        assert answer.status_code == 200
        assert made["secret"][6:].encode() not in answer.content
        assert b"sealed" not in answer.content
    assert [each["webhook_id"] for each in caller.get(LIST).json()["data"]] == [made["webhook_id"]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"),
        ({"url": None}, "url"),
        ({"url": 5}, "url"),
        ({"url": "http://example.org/"}, "url"),
        ({"url": "https://127.0.0.2/"}, "url"),
        ({"url": "https://[::1]/"}, "url"),
        ({"url": "https://169.254.169.254/latest/meta-data"}, "url"),
        ({"url": "https://user:password@example.org/"}, "url"),
        ({"url": "https://127.0.0.1/#x"}, "url"),
        ({"url": "https://127.0.0.1/" + "x" * 1000}, "url"),
        ({"url": "https://127.0.0.1/\0"}, "url"),
        ({"url": "https://unknown.invalid/"}, "url"),
        ({"url": "https://127.0.0.1/", "events": []}, "events"),
        ({"url": "https://127.0.0.1/", "events": ["export.begun"]}, "events"),
        ({"url": "https://127.0.0.1/", "events": "export.failed"}, "events"),
        ({"url": "https://127.0.0.1/", "events": {"a": 1}}, "events"),
        ({"url": "https://127.0.0.1/", "description": "x" * 300}, "description"),
        ({"url": "https://127.0.0.1/", "description": "a\0"}, "description"),
    ],
)
def test_wrong_webhook_is_refused_by_field(caller, receiver, body, field):
    answer = caller.post(body, LIST)
    assert (answer.status_code, answer.json()["details"].get("field", "body")) == (400, field), answer.content
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize("body", ["", "{", "[]", "5", '"x"', "\xff"])
def test_body_that_is_no_object_is_refused(caller, made, method, body):
    path = LIST if method == "POST" else address(made)
    answer = caller.ask(method, path, {"data": body, "content_type": "application/json"})
    assert answer.status_code == 400


def test_changes_are_checked_and_kept(caller, made, receiver):
    changed = ask(caller, "PATCH", address(made), {"events": ["export.failed", "export.failed"], "description": ""})
    assert (changed.json()["events"], changed.json()["description"]) == (["export.failed"], "")
    assert ask(caller, "PATCH", address(made), {"url": "https://10.0.0.1/"}).status_code == 400
    assert ask(caller, "PATCH", address(made), {"status": "disabled"}).status_code == 400
    assert caller.get(address(made)).json()["url"] == receiver.url()


def test_pause_and_disabled_are_ended_by_active(caller, made):
    for before in ("paused", "disabled"):
        Webhook.objects.update(state=before, reason="why", consecutive_failures=7)
        assert ask(caller, "POST", address(made, "/test")).status_code == 409
        answer = ask(caller, "PATCH", address(made), {"status": "active"}).json()
        assert (answer["status"], answer["reason"], answer["consecutive_failures"]) == ("active", "", 0)
    assert ask(caller, "PATCH", address(made), {"status": "paused"}).json()["status"] == "paused"


def test_rotation_shows_a_new_secret_once(caller, made):
    rotated = ask(caller, "POST", address(made, "/rotate"))
    assert rotated.status_code == 200
    assert rotated.json()["secret"] != made["secret"]
    assert rotated.json()["previous_secret_until"] > rotated.json()["created_at"]
    assert "secret" not in caller.get(address(made)).json()


def test_secret_is_nowhere_in_the_database(made):
    (row,) = Webhook.objects.values()
    assert made["secret"][6:] not in str(row)
    assert Webhook.objects.get().signing_secrets() == [made["secret"]]


def test_test_event_arrives_and_is_logged(caller, made, receiver):
    answer = ask(caller, "POST", address(made, "/test"))
    assert (answer.status_code, answer.json()["event"], answer.json()["status"]) == (202, "webhook.test", "waiting")
    assert ask(caller, "POST", address(made, "/test")).json()["delivery_id"] == answer.json()["delivery_id"]
    tell_due()
    (request,) = receiver.requests
    assert Reader(made["secret"]).verify(request.body, request.headers)["type"] == "webhook.test"
    (delivery,) = caller.get(answer["Location"]).json()["data"]
    assert (delivery["status"], delivery["export_id"], delivery["next_attempt_at"]) == ("sent", None, None)
    (attempt,) = delivery["attempts"]
    assert (attempt["number"], attempt["status"], attempt["error"]) == (1, 204, "")


def test_failed_test_event_is_not_tried_again(caller, made, receiver):
    receiver.answer = 500
    ask(caller, "POST", address(made, "/test"))
    tell_due()
    (delivery,) = caller.get(address(made, "/deliveries")).json()["data"]
    assert (delivery["status"], delivery["attempts"][0]["error"]) == ("given_up", "The receiver answered 500.")


def test_export_of_the_caller_is_told_and_told_again(caller, made, receiver):
    export = made_export("processing", client=Webhook.objects.get().client)
    export.mark_cancelled(Principal())
    tell_due()
    (delivery,) = caller.get(address(made, "/deliveries") + "?status=sent").json()["data"]
    assert delivery["export_id"] == str(export.public_id)
    again = ask(caller, "POST", address(made, f"/deliveries/{delivery['delivery_id']}/redeliver"))
    assert (again.status_code, again.json()["status"]) == (202, "waiting")
    tell_due()
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
    assert len(caller.get(address(made, "/deliveries")).json()["data"][0]["attempts"]) == 2


def test_delivery_of_another_webhook_cannot_be_told_again(caller, made, receiver):
    other = caller.post({"url": receiver.url()}, LIST).json()
    delivery = ask(caller, "POST", address(other, "/test")).json()["delivery_id"]
    answer = ask(caller, "POST", address(made, f"/deliveries/{delivery}/redeliver"))
    assert (answer.status_code, answer.json()["message"]) == (404, "Delivery not found")


def test_log_has_pages(caller, made):
    webhook = Webhook.objects.get()
    Notice.objects.bulk_create(
        Notice(event="test", channel="webhook", webhook=webhook, state="sent", sent_at=timezone.now())
        for _ in range(30)
    )
    page = caller.get(address(made, "/deliveries") + "?page=2&per_page=25").json()
    assert (len(page["data"]), page["pagination"]["total"]) == (5, 30)
    assert caller.get(address(made, "/deliveries") + "?owner=x").status_code == 400


def test_log_takes_few_queries_however_long_it_is(caller, made, django_assert_max_num_queries):
    webhook = Webhook.objects.get()
    for _ in range(20):
        Notice.objects.about(made_export(client=webhook.client), "completed")
    with django_assert_max_num_queries(12):
        assert len(caller.get(address(made, "/deliveries")).json()["data"]) == 20


def test_deleted_webhook_is_gone_and_told_nothing(caller, made, receiver):
    ask(caller, "POST", address(made, "/test"))
    assert ask(caller, "DELETE", address(made)).status_code == 204
    assert tell_due() == 0
    assert caller.get(address(made)).status_code == 404
    assert ask(caller, "PATCH", address(made), {"status": "active"}).status_code == 404
    assert caller.get(LIST).json()["data"] == []
    assert receiver.connections == 0


def test_owner_has_a_limit_of_its_own(caller, made, receiver, settings, new_client):
    settings.EXPORTS_MAX_WEBHOOKS = 2
    assert caller.post({"url": receiver.url()}, LIST).status_code == 201
    refused = caller.post({"url": receiver.url()}, LIST)
    assert (refused.status_code, refused.json()["details"]["limit"]) == (409, 2)
    assert Caller(new_client("Other")[1]).post({"url": receiver.url()}, LIST).status_code == 201
    ask(caller, "DELETE", address(made))
    assert caller.post({"url": receiver.url()}, LIST).status_code == 201


def test_export_posted_through_the_api_is_told_to_its_owner_only(caller, made, receiver, new_client):
    caller.export()
    Caller(new_client("Other")[1]).export()
    tell_due()
    (request,) = receiver.requests
    event = Reader(made["secret"]).verify(request.body, request.headers)
    assert (event["type"], event["data"]["state"]) == ("export.completed", "completed")
    assert event["data"]["export_id"] in [str(each.public_id) for each in ExportRequest.objects.all()]
