"""Streams of what needs no worker to wait for, and of what never comes."""

import pytest

from exports.api import views
from exports.exceptions import StorageFull
from exports.models import ExportRequest
from tests.made import made_export

from .conftest import Caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(new_client):
    """Make exports of a client; return them with the client's caller."""
    client, key = new_client("Owner")
    return lambda state, **values: (made_export(state, client=client, **values), Caller(key))


def stream(caller, export, method="GET", **headers):
    return caller.request(method, f"/api/v1/exports/{export.public_id}/stream", **headers)


def test_small_export_is_streamed_as_it_is_downloaded(caller):
    data = caller.export(format="csv")["data"]
    whole = caller.get(data["download_url"])
    path = f"/api/export/{data['export_id']}/stream"
    streamed = caller.get(path)
    same = ("Content-Length", "Content-Disposition", "ETag", "Repr-Digest", "Accept-Ranges", "Content-Type")
    assert (streamed.file, [streamed[name] for name in same]) == (whole.file, [whole[name] for name in same])
    assert streamed["X-Export-Id"] == data["export_id"]
    assert caller.get(path, HTTP_RANGE="bytes=0-2").file == whole.file[:3]
    head = caller.request("HEAD", path)
    assert (head["Content-Length"], head.content) == (whole["Content-Length"], b"")
    assert ExportRequest.objects.get().events.filter(event="downloaded").count() == 3


def test_stream_of_many_files_is_their_archive(own):
    export, caller = own("completed", parts=2)
    assert stream(caller, export).file == b"archive 1"


@pytest.mark.parametrize("state", ["failed", "cancelled", "expired"])
def test_what_has_no_files_is_not_found(own, state):
    export, caller = own(state)
    answer = stream(caller, export)
    assert (answer.status_code, answer.json()["error_code"]) == (404, "EXPORT_NOT_FOUND")
    assert export.events.get(event="denied").actor == "Owner"


def test_many_files_without_an_archive_are_not_waited_for(own):
    export, caller = own("processing", parts=2, archive=False)
    answer = stream(caller, export)
    assert (answer.status_code, answer.json()["error_code"]) == (404, "FILE_NOT_FOUND")
    assert "no archive" in answer.json()["message"]


def test_what_only_waits_is_told_at_once_to_whoever_looks(own):
    export, caller = own("queued")
    answer = stream(caller, export, "HEAD")
    assert (answer.status_code, answer["Location"]) == (202, f"/api/v1/exports/{export.public_id}")


def test_call_whose_export_fails_before_the_first_byte_says_so(caller, monkeypatch):
    submit = views.service.submit

    def submit_and_fail(spec):
        export = submit(spec)
        export.mark_failed(StorageFull())
        return export

    monkeypatch.setattr(views.service, "submit", submit_and_fail)
    body = {"format": "csv", "data": [{"name": "Ana"}] * 1_000}
    answer = caller.post(body, path="/api/v1/participants/export")
    assert (answer.status_code, answer["Content-Type"], answer.json()["error_code"]) == (
        500,
        "application/json",
        "STORAGE_FULL",
    )
