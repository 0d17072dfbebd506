"""HTTP itself: addresses, methods, headers, caches, and what happens when the portal has too much to do."""

import errno
import re

import pytest
from django.db import OperationalError
from django.utils import timezone

from exports.api.dialects.ybb import Ybb
from exports.api.errors import STATUS
from exports.engine.table import Table
from exports.exceptions import TooManyAtOnce
from exports.models import ApiClient, ExportFile, ExportLog, ExportRequest
from exports.writers.base import Writer

from .conftest import Caller

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def download(caller):
    return caller.export(filename="Report é.xlsx")["data"]["download_url"]


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/nope", "/api/ybb/export/x/download/batch/one", "/api/ybb/templates/"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "HEAD"])
def test_unknown_address_answers_in_the_error_shape(path, method):
    answer = Caller().request(method, path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/json")
    if method != "HEAD":
        assert (answer.json()["message"], answer.json()["error_code"]) == (
            "There is nothing at this address.",
            "NO_SUCH_ADDRESS",
        )


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/ybb/export/participants", "POST"),
        ("PUT", "/api/ybb/export/participants", "POST"),
        ("POST", "/api/ybb/templates", "GET, HEAD"),
        ("DELETE", "/api/ybb/export/x/download", "GET, HEAD"),
        ("OPTIONS", "/api/ybb/export/x/status", "GET, HEAD"),
        ("POST", "/health", "GET, HEAD"),
    ],
)
def test_other_methods_are_refused_in_the_error_shape(caller, method, path, allowed):
    answer = caller.request(method, path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    assert answer.json()["message"] == (
        f"Method {method} is not allowed at this address. Use {allowed.replace(', ', ' or ')}."
    )


@pytest.mark.parametrize("accept", [XLSX, "application/zip", "text/html", "*/*", ""])
def test_download_does_not_depend_on_what_is_accepted(caller, download, accept):
    answer = caller.get(download, HTTP_ACCEPT=accept)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, XLSX)


def test_error_is_json_and_english_whatever_is_accepted():
    answer = Caller().get("/api/ybb/templates?format=html", HTTP_ACCEPT="text/html", HTTP_ACCEPT_LANGUAGE="id")
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/json")
    assert answer.json()["message"].startswith("No API key was sent.")


def test_head_of_a_download_is_no_download(caller, download):
    head, got = caller.request("HEAD", download), caller.get(download)
    assert head.content == b""
    for name in ("Content-Length", "Content-Type", "Content-Disposition"):
        assert head.headers[name] == got.headers[name]
    assert ExportLog.objects.filter(event="downloaded").count() == ExportFile.objects.get().downloads == 1


def test_answers_stay_out_of_caches(caller, download):
    for answer in (caller.get(download), caller.get("/api/ybb/templates"), Caller().get(download)):
        assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "name", ['a";x="b.xlsx', "a\r\nSet-Cookie: x=1.xlsx", "a\u2028b; filename=c.exe", "%0d%0a.xlsx", "é" * 100]
)
def test_stored_name_cannot_break_out_of_the_header(caller, download, name):
    ExportRequest.objects.update(file_name=name + ".xlsx")
    header = caller.get(download).headers["Content-Disposition"]
    assert re.fullmatch(r"attachment; filename=\"[^\"\\%]*\"(; filename\*=UTF-8''[A-Za-z0-9._%-]*)?", header)


def test_name_beyond_ascii_is_sent_in_both_spellings(caller, download):
    header = caller.get(download).headers["Content-Disposition"]
    assert header == "attachment; filename=\"Report _.xlsx\"; filename*=UTF-8''Report%20%C3%A9.xlsx"


def under_way(count):
    client = ApiClient.objects.first()
    ExportRequest.objects.bulk_create(
        ExportRequest(
            *(), dialect="ybb", catalogue="ybb", resource="participants", template="standard", format="excel",
            file_name="x.xlsx", sheet_name="x", strategy="single_file", lane="high", record_count=1, parts_total=1,
            created_at=timezone.now(), client=client, owner=f"client {client.prefix}",
            state=ExportRequest.State.PROCESSING,
        )
        for _ in range(count)
    )  # fmt: skip


@pytest.mark.parametrize(("active", "status"), [(9, 200), (10, 503)])
def test_ten_exports_at_once_are_taken(caller, storage, active, status):
    under_way(active)
    answer = caller.post({"data": [{"id": 1}]})
    assert answer.status_code == status
    if status == 503:
        assert int(answer.headers["Retry-After"]) >= 1
        assert (answer.json()["message"], answer.json()["error_type"]) == ("Service temporarily unavailable", "timeout")
        assert answer.json()["error_code"] == "TOO_MANY_EXPORTS"
        assert (ExportRequest.objects.count(), storage.exists()) == (active, False)


def test_database_that_does_not_answer_is_a_503(caller, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("database is locked: INSERT 'Siti'")

    monkeypatch.setattr(ExportRequest, "save", fail)
    answer = caller.post({"data": [{"id": 1}]})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json()["message"] == "Service temporarily unavailable"


def test_disk_without_room_is_a_507_and_nothing_is_kept(caller, settings, storage):
    settings.EXPORTS_MIN_FREE_BYTES = 2**60
    answer = caller.post({"data": [{"id": 1}]})
    assert (answer.status_code, answer.json()["error_code"]) == (507, "STORAGE_FULL")
    assert answer.headers["Retry-After"] == "60"
    assert ExportRequest.objects.count() == 0
    assert [path for path in storage.rglob("*") if path.is_file()] == []


def full(*args, **kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_disk_that_fills_up_with_the_records_is_a_507_and_nothing_is_kept(caller, monkeypatch, storage):
    monkeypatch.setattr(Table, "save", full)
    answer = caller.post({"data": [{"id": 1}]})
    assert (answer.status_code, answer.json()["error_code"]) == (507, "STORAGE_FULL")
    assert ExportRequest.objects.count() == 0
    assert [path for path in storage.rglob("*") if path.is_file()] == []


def test_disk_that_fills_up_with_the_file_is_a_507(caller, monkeypatch):
    monkeypatch.setattr(Writer, "write", full)
    answer = caller.post({"data": [{"id": 1}]})
    assert (answer.status_code, answer.json()["error_code"]) == (507, "STORAGE_FULL")


def test_wrong_host_is_told_in_the_error_shape(client):
    answer = client.get("/api/ybb/templates", headers={"host": "portal.example"})
    assert answer.status_code == 400
    assert "not called 'portal.example' (ALLOWED_HOSTS)" in answer.json()["message"]


def test_dialect_may_answer_with_the_status_that_its_clients_know():
    """Document 001's PHP gives up at a 4xx; whoever knows 429 gets that."""
    usual = next(status for kind, status in STATUS if issubclass(TooManyAtOnce, kind))
    assert (usual, Ybb.statuses[TooManyAtOnce]) == (429, 503)
