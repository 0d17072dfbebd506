"""Templates of one's own over HTTP, from POST to the downloaded file, with a real web server and real workers."""

import csv
import io
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import openpyxl
import pytest

from .client import Client
from .portal import Portal

HEADERS = ["Applicant", "Home country", "No.", "State of the form"]
BOARD = {
    "export_type": "participants",
    "fields": ["full_name", "nationality", "id", "form_status"],
    "headers": HEADERS,
    "description": "For the board",
    "max_records_single_file": 20_000,
    "recommended_chunk_size": 5_000,
}


@pytest.fixture(scope="module")
def stocked(tmp_path_factory):
    """A running portal with a source database: some 600 participants in the first programme, 1,200 in the second."""
    running = Portal(tmp_path_factory.mktemp("templates"))
    running.manage("load_source", "--participants", "6000")
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture
def client(stocked):
    return Client(stocked.url)


def finished(client, answer):
    """Return the answer once the files are there."""
    deadline = time.monotonic() + 60
    while answer["status"] == "processing" and time.monotonic() < deadline:
        time.sleep(0.1)
        _, answer = client.call("GET", f"/api/export/{answer['data']['export_id']}/status")
    assert answer["status"] == "success", answer
    return answer


def test_header_row_is_the_templates_headers_in_order(client):
    status, made = client.call("POST", "/api/templates", {**BOARD, "template": "board"})
    assert (status, made["data"]["version"]) == (201, 1)
    _, listed = client.call("GET", "/api/templates")
    assert listed["templates"]["participants_board"]["headers"] == HEADERS
    wish = {"export_type": "participants", "program_id": 1, "template": "board", "filters": {"limit": 50}}
    status, answer = client.call("POST", "/api/export", wish)
    assert (status, answer["metadata"]["template_version"]) == (200, 1)
    book = openpyxl.load_workbook(io.BytesIO(client.download(urlsplit(answer["data"]["file_url"]).path)))
    rows = list(book.worksheets[0].values)
    assert (list(rows[0]), len(rows)) == (HEADERS, 51)
    assert {row[3] for row in rows[1:]} <= {"Not Started", "On Progress", "Submitted"}
    assert ("Template", "board, version 1") in [row[:2] for row in book["About"].values]


def test_template_that_changes_while_an_export_waits_does_not_reach_it(stocked, client):
    client.call("POST", "/api/templates", {**BOARD, "template": "waiting"})
    wish = {"export_type": "participants", "program_id": 2, "template": "waiting", "format": "csv"}
    stocked.pause_workers()
    try:
        status, answer = client.call("POST", "/api/export", wish)
        assert (status, answer["status"]) == (202, "processing")
        status, changed = client.call("POST", "/api/templates", {**BOARD, "template": "waiting", "headers": [*"ABCD"]})
        assert (status, changed["data"]["version"]) == (200, 2)
        assert client.request("DELETE", f"/api/templates/{changed['template_id']}").status == 200
    finally:
        stocked.resume_workers()
    answer = finished(client, answer)
    text = client.download(urlsplit(answer["data"]["file_url"]).path).decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(text))) == HEADERS
    assert answer["metadata"]["template_version"] == 1
    status, refused = client.call("POST", "/api/export", wish)
    assert (status, refused["details"]["field"]) == (400, "template")


def test_versions_that_are_saved_at_once_get_numbers_of_their_own(stocked):
    def save(letter):
        return Client(stocked.url).call("POST", "/api/templates", {**BOARD, "template": "busy", "description": letter})

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(save, "abcdef"))
    assert sorted(status for status, _ in answers) == [200] * 5 + [201]
    assert sorted(answer["data"]["version"] for _, answer in answers) == [1, 2, 3, 4, 5, 6]


def test_key_without_sensitive_values_gets_a_mask_and_is_told(stocked):
    key = stocked.manage("create_api_key", "outside", "--hide-sensitive").splitlines()[-1]
    body = b'{"columns": ["id", "birthdate"], "format": "csv", "filters": {"limit": 20}}'
    answer = Client(stocked.url).request(
        "POST", "/api/v1/participants/export", body, Content_Type="application/json", X_API_Key=key
    )
    lines = answer.body.decode("utf-8-sig").splitlines()
    assert (answer.status, len(lines), {line.partition(",")[2] for line in lines[1:]}) == (200, 21, {"***"})
