"""A client that is killed at any point, and sends its request again with the same key, has one export."""

import json
import socket
import time
from itertools import count
from urllib.parse import urlsplit

import pytest

from tests.acceptance.client import Client

RECORDS = [{"id": number, "name": f"Asset {number}" * 20} for number in range(1, 1_501)]
STUDENTS = [{"id": number, "full_name": f"Student {number}"} for number in range(1, 1_501)]
CALLS = {
    "ybb": ("/api/ybb/export/participants", {"data": STUDENTS, "format": "csv"}),
    "platform": ("/api/export", {"export_type": "assets", "data": RECORDS, "format": "csv"}),
    "v1": ("/api/v1/assets/export", {"data": RECORDS, "format": "csv"}),
    "jobs": ("/api/v1/import-export/exports", {"export_type": "assets", "data": RECORDS, "export_format": "csv"}),
}
"""Where a dialect is spoken, and what is said."""
MOMENTS = {
    "in the headers": lambda request, head: (request[: head // 2], 0),
    "in the body": lambda request, head: (request[: (head + len(request)) // 2], 0),
    "before the last byte": lambda request, head: (request[:-1], 0),
    "before the answer": lambda request, head: (request, 0),
    "in the answer": lambda request, head: (request, 20),
}
"""When it is killed: what it has sent by then, and how many bytes it has read."""
numbers = count(1)


@pytest.fixture
def key(portal):
    """The key of a client of the test's own."""
    return portal.manage("create_api_key", f"killed {next(numbers)}").splitlines()[-1]


def raw(url, path, body, headers):
    """Return a request as it goes over the wire, and where its body begins."""
    known = {"Host": urlsplit(url).netloc, "Content-Type": "application/json", "Content-Length": len(body), **headers}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in known.items()), "", ""]
    head = "\r\n".join(lines).encode()
    return head + body, len(head)


def call_and_die(url, sent, read):
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
        connection.sendall(sent)
        if read:
            assert connection.recv(read)


def call_until_accepted(client, path, body, headers):
    """Do what the portal asks of somebody who comes too early."""
    while (answer := client.request("POST", path, body, Content_Type="application/json", **headers)).status == 409:
        time.sleep(float(answer.headers["Retry-After"]))
    return answer


@pytest.mark.parametrize("dialect", CALLS)
def test_killed_client_that_comes_again_has_one_export(portal, key, dialect):
    path, wish = CALLS[dialect]
    client, body = Client(portal.url), json.dumps(wish).encode()
    for made, (moment, cut) in enumerate(MOMENTS.items(), start=1):
        headers = {"X-API-Key": key, "Idempotency-Key": moment}
        call_and_die(portal.url, *cut(*raw(portal.url, path, body, headers)))
        first, again = (call_until_accepted(client, path, body, headers) for _ in range(2))
        assert first.status in (200, 202), (moment, first.body)
        assert again.status in (200, 202), (moment, again.body)
        known = client.get("/api/v1/exports", X_API_Key=key).json
        assert known["pagination"]["total"] == made, moment
