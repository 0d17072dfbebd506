"""Contract 003 over HTTP: assets and tickets of one user, from the request to the file."""

import csv
import io
import json
import re
import time

import openpyxl
import pytest

from .client import Client
from .documents import keys_lacking, printed_answers


@pytest.fixture
def caller(stocked, request):
    """A caller of its own for every test, because five exports a minute are allowed to each."""
    name = f"v1 {request.node.name}"[:50]
    key = re.search(r"\S+\.\S+", stocked.manage("create_api_key", name))[0]
    return Caller(stocked.url, key)


class Caller(Client):
    """An application with a key."""

    def __init__(self, url, key):
        super().__init__(url)
        self._key = key

    def request(self, method, path, body=None, **headers):
        return super().request(method, path, body, X_API_Key=self._key, **headers)

    def export(self, resource="assets", **body):
        return self.request(
            "POST", f"/api/v1/{resource}/export", json.dumps(body).encode(), Content_Type="application/json"
        )

    def ended(self, export_id):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            _, answer = self.call("GET", f"/api/v1/exports/{export_id}")
            if answer["status"] not in ("pending", "processing"):
                return answer
            time.sleep(0.1)
        raise AssertionError(answer)


def lines(body):
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def test_small_export_is_the_file_itself(caller):
    columns = ["id", "name", "asset_tag", "serial_number"]
    answer = caller.export(format="csv", columns=columns, filters={"status_id": 2, "limit": 900})
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert re.search(r'filename="assets_\d{4}-\d\d-\d\d\.csv"', answer.headers["Content-Disposition"])
    assert answer.body.startswith(b"\xef\xbb\xbf")
    table = lines(answer.body)
    assert (table[0], len(table)) == (columns, 901)


def test_medium_export_is_waited_for(caller):
    answer = caller.export("tickets", format="excel")
    assert answer.status == 200
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.body), read_only=True).worksheets[0].values)
    assert (len(rows) - 1, len(rows[0])) == (5_600, 14)


@pytest.mark.parametrize("format", ["csv", "ndjson", "excel"])
def test_queued_export_is_streamed_while_it_is_made(caller, format):
    queued = caller.export("participants", format=format).json
    streamed = caller.get(queued["stream_url"])
    assert (streamed.status, streamed.headers["X-Export-Id"]) == (200, queued["export_id"])
    told = caller.ended(queued["export_id"])
    assert caller.download(told["download_url"]) == streamed.body


def test_large_export_is_queued(caller):
    answer = caller.export("participants", format="csv")
    assert answer.status == 202
    assert answer.headers["Location"] == answer.json["status_url"]
    told = caller.ended(answer.json["export_id"])
    assert (told["status"], told["success_rate"], told["exported_items"] > 50_000) == ("completed", 100.0, True)
    assert len(lines(caller.download(told["download_url"]))) == told["total_items"] + 1


def test_export_is_made_in_the_background_where_that_is_asked_for(caller):
    answer = caller.export(
        "tickets", format="json", columns=["ticket_code"], filters={"is_open": True}, **{"async": True}
    )
    assert (answer.status, answer.json["status"]) == (202, "pending")
    told = caller.ended(answer.json["export_id"])
    records = json.loads(caller.download(told["download_url"]))["records"]
    assert len(records) == told["total_items"]
    status, logs = caller.call("GET", answer.json["logs_url"])
    events = [event["event"] for event in logs["data"]]
    assert (status, events[0], "completed" in events, "downloaded" in events) == (200, "initiated", True, True)
    completed = next(event for event in logs["data"] if event["event"] == "completed")
    assert completed["processed_items"] == told["total_items"]
    assert completed["duration_ms"] > 0


def test_several_values_of_a_filter_are_any_of_them(caller):
    answer = caller.export("tickets", columns=["status_id"], filters={"status_id": [1, 3], "limit": 500})
    assert {row[0] for row in lines(answer.body)[1:]} == {"1", "3"}


@pytest.mark.parametrize(
    ("resource", "body", "field"),
    [
        ("assets", {"columns": ["id", "password"]}, "columns"),
        ("assets", {"filters": {"status_id": "many"}}, "filters.status_id"),
        ("tickets", {"filters": {"user__password": 1}}, "filters.user__password"),
        ("tickets", {"format": "docx"}, "format"),
        ("phones", {}, "export_type"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(caller, resource, body, field):
    answer = caller.export(resource, **body)
    assert (answer.status, list(answer.json["errors"])) == (400, [field])


def test_dry_run_says_what_would_come(caller):
    answer = caller.export("tickets", dry_run=True, filters={"limit": 700}).json
    assert (answer["dry_run"], answer["total_items"], answer["files"]) == (True, 700, 1)
    assert caller.call("GET", "/api/v1/exports")[1]["data"] == []


def test_list_shows_the_callers_own_exports(caller, stocked):
    ids = [
        caller.export(format=format, filters={"limit": 5}).headers["X-Export-Id"] for format in ("csv", "json", "csv")
    ]
    status, answer = caller.call("GET", "/api/v1/exports?format=csv&resource_type=assets&per_page=1")
    assert (status, answer["pagination"]["total"], answer["pagination"]["last_page"]) == (200, 2, 2)
    assert answer["data"][0]["export_id"] == ids[2]
    other = Client(stocked.url)
    assert other.call("GET", f"/api/v1/exports/{ids[0]}")[0] == 404
    assert caller.call("GET", "/api/v1/exports?page=0")[0] == 400
    assert caller.call("GET", "/api/v1/exports?colour=red")[0] == 400


def test_sixth_export_in_a_minute_is_refused(caller):
    answers = [caller.export(filters={"limit": 1}) for _ in range(6)]
    assert [answer.status for answer in answers] == [200] * 5 + [429]
    assert 1 <= int(answers[5].headers["Retry-After"]) <= 60
    left = [re.match(r'"exports";r=(\d);t=\d+$', answer.headers["RateLimit"])[1] for answer in answers]
    assert (left, answers[0].headers["RateLimit-Policy"]) == (["4", "3", "2", "1", "0", "0"], '"exports";q=5;w=60')


def test_finished_export_cannot_be_retried(caller):
    export_id = caller.export(filters={"limit": 1}).headers["X-Export-Id"]
    status, answer = caller.call("POST", f"/api/v1/exports/{export_id}/retry", {})
    assert (status, answer["error_code"]) == (409, "CONFLICT")


def test_answers_that_are_printed_have_their_keys(caller):
    queued = caller.export("tickets", **{"async": True, "filters": {"limit": 20}}).json
    told = caller.ended(queued["export_id"])
    listed = caller.call("GET", "/api/v1/exports")[1]
    logs = caller.call("GET", queued["logs_url"])[1]
    printed = printed_answers("003")
    assert len(printed) == 4
    for each in printed:
        lacking = [keys_lacking(each, answer) for answer in (queued, told, listed, logs)]
        assert [] in lacking, (each, lacking)
