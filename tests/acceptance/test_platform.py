"""Contract 002 over HTTP, from the request to the downloaded file, with a real web server and real workers."""

import gzip
import io
import json
import re
import time
import zipfile
from urllib.parse import urlsplit

import openpyxl
import pytest

from .client import Client
from .documents import examples, keys_lacking, php


@pytest.fixture
def platform(stocked):
    return Caller(stocked.url)


class Caller(Client):
    """An application that sends filters."""

    def __init__(self, url):
        super().__init__(url)
        self.url = url

    def ask(self, **body):
        return self.call("POST", "/api/export", {"export_type": "participants", **body})

    def finished(self, **body):
        """Return the answer that PHP would act on: that of the call, or of the status it polls."""
        status, answer = self.ask(**body)
        deadline = time.monotonic() + 60
        while answer["status"] == "processing" and time.monotonic() < deadline:
            assert (status, bool(answer["progress"]["current_operation"])) in ((202, True), (200, True))
            time.sleep(0.1)
            status, answer = self.call("GET", f"/api/export/{answer['data']['export_id']}/status")
        assert (status, answer["status"]) == (200, "success"), answer
        return answer

    def follow(self, url):
        """Return what a browser gets, which sends no key."""
        return self.download(urlsplit(url).path)


def rows(body):
    return list(openpyxl.load_workbook(io.BytesIO(body), read_only=True).worksheets[0].values)


def test_small_export_is_answered_with_its_file(platform):
    status, answer = platform.ask(program_id=1, filters={"limit": 20}, template="summary")
    assert (status, answer["status"], answer["data"]["record_count"]) == (200, "success", 20)
    assert answer["data"]["file_url"].startswith("http")
    table = rows(platform.follow(answer["data"]["file_url"]))
    assert table[0] == ("Name", "Email", "Country", "Category", "Status")
    assert len(table) == 21
    assert keys_lacking(examples("002", "Success Response (Small to Medium Datasets)")[0], answer) == []


def test_medium_export_is_made_in_the_background(platform):
    status, answer = platform.ask(program_id=1, template="summary")
    assert (status, answer["status"]) == (202, "processing")
    assert keys_lacking(examples("002", "Processing Response (Large Datasets)")[0], answer) == []
    assert keys_lacking(examples("002", "Progress Tracking for Large Exports")[0], answer) == []
    answer = platform.finished(program_id=1, template="summary")
    assert answer["data"]["file_name"].endswith(".xlsx")


def test_large_export_is_one_compressed_file(platform):
    answer = platform.finished(program_id=2, template="standard")
    assert answer["export_strategy"] == "compressed_single"
    assert answer["data"]["file_name"].endswith(".xlsx.gz")
    printed = examples("002", "3. Compressed Single File (For datasets 10k-50k)")[0]["response"]
    assert keys_lacking(printed, answer["data"]) == []
    table = rows(gzip.decompress(platform.follow(answer["data"]["file_url"])))
    assert len(table) - 1 == answer["data"]["record_count"] > 10_000


def test_large_export_is_left_unpacked_where_that_is_asked_for(platform):
    answer = platform.finished(program_id=2, large_dataset_options={"compression": "none"})
    assert (answer["export_strategy"], answer["data"]["file_name"][-5:]) == ("single_file", ".xlsx")
    assert len(rows(platform.follow(answer["data"]["file_url"]))) - 1 == answer["data"]["record_count"] > 10_000


@pytest.mark.parametrize("format", ["excel", "csv"])
def test_extra_large_export_is_streamed_where_that_is_asked_for(platform, format):
    wish = {"program_id": 3, "format": format, "large_dataset_options": {"strategy": "streaming"}}
    status, answer = platform.ask(**wish)
    assert (status, answer["status"], answer["export_strategy"]) == (202, "processing", "streaming")
    printed = examples("002", "2. Streaming Export (Alternative for very large datasets)")[0]["response"]
    assert keys_lacking(printed, answer) == []
    assert keys_lacking({name: printed[name] for name in printed if name != "status"}, answer["data"]) == []
    if format == "excel":
        assert answer["content_type"] == printed["content_type"]
    assert answer["stream_url"].startswith(f"{platform.url}/streams/")
    streamed = platform.get(urlsplit(answer["stream_url"]).path)
    assert (streamed.status, streamed.headers["Content-Type"]) == (200, answer["content_type"])
    deadline = time.monotonic() + 60
    while answer["status"] == "processing" and time.monotonic() < deadline:
        _, answer = platform.call("GET", f"/api/export/{streamed.headers['X-Export-Id']}/status")
    assert (answer["status"], answer["export_strategy"]) == ("success", "streaming")
    assert platform.follow(answer["data"]["file_url"]) == streamed.body
    assert platform.follow(answer["data"]["stream_url"]) == streamed.body
    if format == "excel":
        assert len(rows(streamed.body)) - 1 == answer["data"]["record_count"] > 15_000


@pytest.mark.parametrize(("program", "template", "size"), [(3, "standard", 5_000), (None, "summary", 15_000)])
def test_extra_large_export_is_many_files(platform, program, template, size):
    answer = platform.finished(program_id=program, template=template)
    data = answer["data"]
    assert answer["export_strategy"] == "multi_file"
    assert {file["record_count"] for file in data["individual_files"][:-1]} == {size}
    assert keys_lacking(examples("002", "Success Response (Large Datasets - Multi-file)")[0], answer) == []
    with zipfile.ZipFile(io.BytesIO(platform.follow(data["archive"]["zip_file_url"]))) as archive:
        assert [file["file_name"] for file in data["individual_files"]] == archive.namelist()[:-1]
    assert data["individual_files"][0]["file_name"] == f"participants_batch_1_of_{data['total_files']}.xlsx"
    assert len(rows(platform.follow(data["individual_files"][-1]["file_url"]))) - 1 == data["total_records"] % size
    status, listed = platform.call("GET", f"/api/export/{data['export_id']}/chunks")
    assert (status, {chunk["status"] for chunk in listed["chunks"]}) == (200, {"ready"})


REQUESTS = {
    "Participants Export Request": {"category": "fully_funded", "form_status": "2", "payment_status": "success"},
    "Payments Export Request": {"status": "2", "payment_method": "1", "payment_category": "registration"},
    "Ambassadors Export Request": {"status": "1", "min_referrals": 1},
}


@pytest.mark.parametrize("heading", REQUESTS)
def test_request_as_it_is_printed_is_understood(platform, heading):
    (body,) = examples("002", heading)
    dates = {"start": "2024-01-01", "end": "2027-01-01"}
    chosen = {"date_range": dates, "amount_range": {"min": "0", "max": 99_999_999.5}, "limit": 500, **REQUESTS[heading]}
    # What is printed names the choices or the type of each value.
    filters = {name: chosen.get(name, "all") for name in body["filters"]}
    answer = platform.finished(**{**body, "filters": filters})
    assert answer["metadata"]["filters_applied"] == filters
    assert answer["data"]["record_count"] > 0
    everything = platform.finished(**{**body, "filters": dict.fromkeys(body["filters"], "all")})
    assert everything["data"]["record_count"] > answer["data"]["record_count"]


def test_large_dataset_request_as_it_is_printed_is_understood(platform):
    (body,) = examples("002", "Large Dataset Request Format")
    body["large_dataset_options"] |= {"strategy": "multi_file", "chunk_size": 2_000, "compression": "zip"}
    body["delivery_options"] |= {"email_notification": False, "retention_days": 2}
    answer = platform.finished(**body)
    assert answer["data"]["individual_files"][0]["record_count"] == 2_000
    kept = time.mktime(time.strptime(answer["data"]["expires_at"], "%Y-%m-%dT%H:%M:%SZ")) - time.timezone - time.time()
    assert 47 * 3600 < kept <= 48 * 3600


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"filters": {"sort": 1}}, "filters.sort"),
        ({"filters": {"form_status": "9"}}, "filters.form_status"),
        ({"options": {"sort_by": "user__password"}}, "options.sort_by"),
        ({"large_dataset_options": {"chunk_size": 7}}, "large_dataset_options.chunk_size"),
        ({"large_dataset_options": {"strategy": "fast"}}, "large_dataset_options.strategy"),
        ({"large_dataset_options": {"compression": "rar"}}, "large_dataset_options.compression"),
        (
            {"large_dataset_options": {"strategy": "streaming", "compression": "gzip"}},
            "large_dataset_options.compression",
        ),
        ({"delivery_options": {"retention_days": "7"}}, "delivery_options.retention_days"),
        ({"template": "fancy"}, "template"),
        ({"program_id": "all"}, "program_id"),
    ],
)
def test_what_is_wrong_is_named(platform, wish, field):
    status, answer = platform.ask(**wish)
    assert (status, answer["status"], answer["details"]["field"]) == (400, "error", field)
    assert keys_lacking(examples("002", "Error Response")[0], answer) == []


def test_records_may_come_along(platform):
    records = [{"participant_id": 7, "name": "Ana", "form_status": 2, "essays": [{"question": "Why?", "answer": "=1"}]}]
    status, answer = platform.ask(data=records, template="detailed", format="json")
    assert status == 200
    (record,) = json.loads(platform.follow(answer["data"]["file_url"]))["records"]
    assert (record["participant_id"], record["name"], record["form_status"]) == (7, "Ana", "Submitted")
    assert record["essays"] == records[0]["essays"]


def test_estimate_is_what_then_comes(platform):
    body = {"export_type": "participants", "program_id": 1, "template": "summary"}
    status, estimate = platform.call("POST", "/api/export/estimate", body)
    answer = platform.finished(**body)
    assert (status, estimate["estimated_records"]) == (200, answer["data"]["record_count"])
    assert estimate["recommended_strategy"] == answer["export_strategy"]


def test_deleted_export_is_gone_and_its_links_with_it(platform):
    _, answer = platform.ask(filters={"limit": 5})
    data = answer["data"]
    assert platform.call("DELETE", f"/api/export/{data['export_id']}")[0] == 200
    assert platform.get(urlsplit(data["file_url"]).path).status == 404
    status, after = platform.call("GET", f"/api/export/{data['export_id']}/status")
    assert (status, after["status"], after["error_code"]) == (200, "error", "EXPIRED")


def test_bent_link_opens_nothing(platform):
    _, answer = platform.ask(filters={"limit": 5})
    path = urlsplit(answer["data"]["file_url"]).path
    for place in range(len("/files/"), len(path)):
        bent = path[:place] + ("A" if path[place] != "A" else "B") + path[place + 1 :]
        assert platform.get(bent).status == 404, bent


def test_templates_are_those_that_are_printed(platform):
    (printed,) = examples("002", "Template System")
    status, answer = platform.call("GET", "/api/templates")
    assert status == 200
    for name, template in printed["templates"].items():
        ours = answer["templates"][name]
        assert ours["max_records_single_file"] == template["max_records_single_file"]
        assert set(template.get("include_related", [])) <= set(ours["include_related"])
        headers = dict(zip(ours["fields"], ours["headers"], strict=True))
        assert {field: headers[field] for field in template["fields"]} == dict(
            zip(template["fields"], template["headers"], strict=True)
        )


def test_queue_and_totals_are_told(platform):
    before = platform.call("GET", "/api/export/stats")[1]["data"]["exports"]
    answer = platform.finished(program_id=1, template="summary")
    status, stats = platform.call("GET", "/api/export/stats")
    after = stats["data"]["exports"]
    assert (status, after["completed"] - before["completed"]) == (200, 1)
    assert after["records"] - before["records"] == answer["data"]["record_count"]
    (printed,) = examples("002", "Resource Limits and Thresholds")
    assert (
        stats["data"]["format_limits"]["excel"]["max_sheets_per_file"]
        == printed["format_limits"]["excel"]["max_sheets_per_file"]
    )
    status, queue = platform.call("GET", "/api/export/queue/status")
    (printed,) = examples("002", "Export Queue Management")
    assert (status, queue["data"]["max_queue_size"]) == (200, printed["queue_config"]["max_queue_size"])
    assert set(queue["data"]["priority_levels"]) == set(printed["queue_config"]["priority_levels"])


def test_finished_export_cannot_be_resumed(platform):
    _, answer = platform.ask(filters={"limit": 5})
    status, refused = platform.call("POST", f"/api/export/{answer['data']['export_id']}/resume", {})
    assert (status, refused["error_code"]) == (409, "CONFLICT")


def test_addresses_that_the_php_calls_are_there(platform):
    (printed,) = {*re.findall(r'"(/api/export/{\$exportId}/\w+)"', php("002", "checkExportProgress"))}
    status, answer = platform.call("GET", printed.replace("{$exportId}", "0" * 32))
    assert (status, answer["status"]) == (404, "error")
    assert "'/api/export/estimate'" in php("002", "queueLargeExport")
