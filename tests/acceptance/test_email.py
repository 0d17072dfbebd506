"""From the request to the mail in somebody's mailbox, and by its link to the file: each dialect that knows e-mail."""

import csv
import gzip
import io
import re
import zipfile
from urllib.parse import urlsplit

import pytest

from tests.processes import wait_for
from tests.smtp import MailServer

from .client import Client
from .portal import Portal

PERSON = "ana@example.org"


@pytest.fixture(scope="module")
def server():
    with MailServer() as server:
        yield server


@pytest.fixture(scope="module")
def mailing(tmp_path_factory, server):
    """A running portal with a source database, which sends its mail to a server."""
    running = Portal(tmp_path_factory.mktemp("mailing"), **server.environment)
    running.manage("load_source", "--participants", "8000")
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def caller(mailing):
    """An application that acts for a person with an address."""
    make = f"from django.contrib.auth.models import User; User.objects.create_user('ana', email='{PERSON}')"
    mailing.manage("shell", "-c", make)
    key = mailing.manage("create_api_key", "school", "--user", "ana").splitlines()[-1]
    return Caller(mailing.url, key)


class Caller(Client):
    """An application with a key."""

    def __init__(self, url, key):
        super().__init__(url)
        self._key = key

    def request(self, method, path, body=None, **headers):
        return super().request(method, path, body, X_API_Key=self._key, **headers)


@pytest.mark.parametrize(
    ("path", "body", "recipient", "id"),
    [
        (
            "/api/export",
            {
                "export_type": "participants",
                "format": "csv",
                "template": "summary",
                "delivery_options": {"email_notification": True, "email_address": "admin@example.com"},
            },
            "admin@example.com",
            lambda answer: answer["export_id"],
        ),
        (
            "/api/export",
            {
                "export_type": "participants",
                "format": "csv",
                "large_dataset_options": {"strategy": "multi_file", "chunk_size": 2000, "email_notification": True},
            },
            PERSON,
            lambda answer: answer["export_id"],
        ),
        (
            "/api/v1/tickets/export",
            {"format": "csv", "async": True, "email_notification": True},
            PERSON,
            lambda answer: answer["export_id"],
        ),
        (
            "/api/v1/import-export/exports",
            {"export_type": "students", "export_format": "csv", "notify_email": "user@example.com"},
            "user@example.com",
            lambda answer: answer["data"]["export_id"],
        ),
    ],
    ids=["platform", "platform, many files", "v1", "jobs"],
)
def test_mail_arrives_and_its_link_downloads_the_file(mailing, server, caller, path, body, recipient, id):
    status, answer = caller.call("POST", path, body)
    assert status == 202, answer
    export_id = id(answer)
    (mail,) = wait_for(lambda: [each for each in server.box.received if export_id in each.text], 60, "the mail")
    assert mail.recipients == [recipient]
    assert re.match(r"Your CSV export is ready \([\d,]+ records, [\d.]+ [KM]B\)$", mail.message["Subject"])
    (link,) = set(re.findall(r"http\S+/files/[^\s\"]+", mail.text))
    assert link.startswith(mailing.url)
    content = Client(mailing.url).download(urlsplit(link).path)
    count = int(re.search(r"Rows: ([\d,]+)", mail.text)[1].replace(",", ""))
    assert records_in(content) == count
    _, told = caller.call("GET", f"/api/v1/exports/{export_id}")
    assert told["email_sent_at"]
    assert "@" not in "".join(line for line in mailing.log().splitlines() if "Notice" in line)


def records_in(content):
    """Return how many records a CSV file, or a ZIP of some, holds."""
    if content.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(content))
        return sum(records_in(archive.read(name)) for name in archive.namelist() if name.endswith(".csv"))
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    return len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) - 1


def test_job_says_that_its_owner_was_told(server, caller):
    body = {"export_type": "courses", "export_format": "csv", "notify_email": "user@example.com"}
    job = caller.call("POST", "/api/v1/import-export/exports", body)[1]["data"]
    wait_for(lambda: [each for each in server.box.received if job["export_id"] in each.text], 60, "the mail")
    path = f"/api/v1/import-export/exports/{job['id']}"
    told = wait_for(lambda: (now := caller.call("GET", path)[1]["data"])["notification_sent"] and now, 10)
    assert told["notification_email"] == "user@example.com"
