"""Webhooks from the request to the receiver: real web server, supervisor and messenger, real TLS, real PHP."""

import json
import re
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook as Reader

from tests.processes import wait_for
from tests.receiver import made_certificate, receiving
from tests.services import require_service

from .client import Client
from .portal import Portal

ROOT = Path(__file__).parents[2]
RECORDS = [{"id": 1, "first_name": "Ana"}]
WEBHOOKS = "/api/v1/webhooks"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return made_certificate(tmp_path_factory.mktemp("tls"), "localhost")


@pytest.fixture(scope="module")
def portal(tmp_path_factory, authority):
    """A portal that may call this machine and trusts an authority of our own."""
    environment = {"WEBHOOK_NETWORKS": "127.0.0.0/8", "SSL_CERT_FILE": str(authority[0]), "LOG_LEVEL": "DEBUG"}
    running = Portal(tmp_path_factory.mktemp("webhooks"), **environment)
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture
def client(portal):
    """A caller whose webhooks of earlier tests are gone."""
    client = Client(portal.url)
    _, listed = client.call("GET", WEBHOOKS)
    for webhook in listed["data"]:
        client.request("DELETE", f"{WEBHOOKS}/{webhook['webhook_id']}")
    return client


def made(client, url, **fields):
    status, webhook = client.call("POST", WEBHOOKS, {"url": url, **fields})
    assert status == 201, webhook
    return webhook


def deliveries(client, webhook):
    return client.call("GET", webhook["deliveries_url"])[1]["data"]


def test_export_is_told_over_tls_and_an_independent_reader_takes_it(portal, client, authority):
    with receiving(certificate=authority[1]) as receiver:
        webhook = made(client, receiver.url(host="localhost", scheme="https"))
        export = client.export("participants", RECORDS)["data"]
        (request,) = receiver.wait(1)
        event = Reader(webhook["secret"]).verify(request.body, request.headers)
        assert (event["type"], event["data"]["export_id"]) == ("export.completed", export["export_id"])
        by_link = client.download(event["data"]["file_url"].removeprefix(portal.url))
        assert by_link == client.download(export["download_url"])
        (delivery,) = wait_for(lambda: [d for d in deliveries(client, webhook) if d["status"] == "sent"])
        assert [attempt["status"] for attempt in delivery["attempts"]] == [204]
    assert client.request("DELETE", f"/api/export/{export['export_id']}").status == 200


def test_secret_is_in_clear_neither_on_the_disk_nor_in_a_log(portal, client):
    with receiving() as receiver:
        webhook = made(client, receiver.url())
        rotated = client.call("POST", f"{WEBHOOKS}/{webhook['webhook_id']}/rotate")[1]
        client.call("POST", f"{WEBHOOKS}/{webhook['webhook_id']}/test")
        (request,) = receiver.wait(1)
        for each in (webhook, rotated):
            assert Reader(each["secret"]).verify(request.body, request.headers)["type"] == "webhook.test"
    kept = [path.read_bytes() for path in portal.folder.rglob("*") if path.is_file()]
    assert any(webhook["webhook_id"].replace("-", "").encode() in content for content in kept)
    for each in (webhook, rotated):
        assert not any(each["secret"].removeprefix("whsec_").encode() in content for content in kept)


def test_what_a_killed_messenger_was_telling_is_told_again_under_the_same_id(portal, client):
    with receiving() as receiver:
        receiver.answer = lambda connection: time.sleep(30)
        made(client, receiver.url())
        client.export("participants", RECORDS)
        receiver.wait(1)
        (messenger,) = portal.messengers()
        messenger.kill()
        receiver.answer = 204
        # The clock is moved to the end of the claim.
        portal.manage(
            "shell", "-c", "from exports.models import Notice; Notice.objects.update(due_at='2026-01-01T00:00:00Z')"
        )
        receiver.wait(2)
        assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
        assert portal.messengers() != [messenger]


def test_slow_receivers_of_one_owner_hold_up_nobody_else(portal, client):
    with receiving() as slow, receiving() as fast:
        slow.answer = lambda connection: time.sleep(8)
        for path in ("/a", "/b", "/c", "/d", "/e", "/f", "/g"):
            made(client, slow.url(path))
        key = portal.manage("create_api_key", "another").splitlines()[-1]
        body = json.dumps({"url": fast.url()}).encode()
        answer = client.request("POST", WEBHOOKS, body, Content_Type="application/json", X_API_Key=key)
        webhook = answer.json
        client.export("participants", RECORDS)
        slow.wait(2)
        started = time.monotonic()
        client.request("POST", f"{WEBHOOKS}/{webhook['webhook_id']}/test", X_API_Key=key)
        fast.wait(1)
        assert time.monotonic() - started < 4
        assert len(slow.requests) == 2


def test_php_of_the_page_takes_a_real_delivery_and_refuses_a_forged_one(portal, client, tmp_path):
    php = require_service("php")
    (snippet,) = re.findall(r"```php\n(.*?)```", (ROOT / "docs/webhooks.md").read_text(), re.DOTALL)
    keep = "file_put_contents(getenv('KEEP'), \"$id {$event['type']}\\n\", FILE_APPEND);\n"
    (tmp_path / "hooks.php").write_text(snippet + keep)
    with receiving() as free:
        port = free.port
    webhook = made(client, f"http://127.0.0.1:{port}/hooks.php")
    kept = tmp_path / "kept"
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [php, "-d", "error_reporting=-1", "-S", f"127.0.0.1:{port}", "-t", str(tmp_path)],
            env={"WEBHOOK_SECRET": webhook["secret"], "KEEP": str(kept)}, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        wait_for(lambda: "started" in (tmp_path / "log").read_text())
        export = client.export("participants", RECORDS)["data"]
        (delivery,) = wait_for(lambda: [d for d in deliveries(client, webhook) if d["status"] == "sent"])
        assert delivery["export_id"] == export["export_id"]
        assert kept.read_text() == f"{delivery['delivery_id']} export.completed\n"
        # With another secret the same server refuses what the portal sends.
        client.call("POST", f"{WEBHOOKS}/{webhook['webhook_id']}/rotate")
        client.call("POST", f"{WEBHOOKS}/{webhook['webhook_id']}/test")
        assert wait_for(lambda: "webhook.test" in kept.read_text())
        forged = Client(f"http://127.0.0.1:{port}")
        headers = {"webhook_id": "x", "webhook_timestamp": str(int(time.time())), "webhook_signature": "v1,x v1,"}
        assert forged.request("POST", "/hooks.php", b"{}", **headers).status == 400
        assert forged.request("POST", "/hooks.php", b"{}").status == 400
        assert not re.search(r"Warning|Deprecated|Notice|Fatal", (tmp_path / "log").read_text())
    finally:
        server.kill()
        server.wait()


def test_two_messengers_at_once_tell_each_event_once(portal, client):
    portal.start_workers()
    wait_for(lambda: len(portal.messengers()) == 2)
    with receiving() as receiver:
        webhook = made(client, receiver.url())
        for _ in range(30):
            client.export("participants", RECORDS)
        receiver.wait(30)
        wait_for(lambda: all(d["status"] == "sent" for d in deliveries(client, webhook)))
        told = Counter(request.headers["webhook-id"] for request in receiver.requests)
        assert (len(told), set(told.values())) == (30, {1})
