"""Contract 004 over HTTP: export jobs of a school, from the request to the file."""

import time

import pytest

from .client import Client
from .documents import keys_lacking, printed_answers


def ended(caller, job):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        status, answer = caller.call("GET", f"/api/v1/import-export/exports/{job['id']}")
        assert (status, answer["success"]) == (200, True)
        if answer["data"]["status"] not in ("pending", "processing"):
            return answer["data"]
        time.sleep(0.1)
    raise AssertionError(answer)


@pytest.fixture
def caller(stocked):
    return Client(stocked.url)


def asked(caller, **body):
    return caller.call("POST", "/api/v1/import-export/exports", body)


@pytest.mark.parametrize(
    ("export_type", "export_format"), [("students", "csv"), ("courses", "excel"), ("grades", "pdf")]
)
def test_job_is_made_and_downloaded(caller, export_type, export_format):
    status, answer = asked(caller, export_type=export_type, export_format=export_format, filters={"limit": 200})
    assert (status, answer["data"]["status"], answer["data"]["progress_percent"]) == (202, "pending", 0)
    job = ended(caller, answer["data"])
    assert (job["status"], job["progress_percent"], 100 < job["total_records"] <= 200) == ("completed", 100, True)
    assert job["download_url"] == f"/api/v1/export-jobs/{job['id']}/download"
    assert len(caller.download(job["download_url"])) == job["file_size_bytes"]


def test_filters_by_status_and_search_term(caller):
    _, answer = asked(
        caller, export_type="students", export_format="json", filters={"status": "active", "search": "an"}
    )
    job = ended(caller, answer["data"])
    _, everything = asked(caller, export_type="students", export_format="json")
    assert 0 < job["total_records"] < ended(caller, everything["data"])["total_records"]


@pytest.mark.parametrize(
    "body", [{"export_type": "teachers"}, {"export_type": "students", "filters": {"status": "x"}}, {}]
)
def test_error_has_the_envelope_of_every_answer(caller, body):
    status, answer = asked(caller, **body)
    assert (status, answer["success"], bool(answer["message"])) == (400, False, True)


def test_list_shows_the_jobs(caller):
    _, answer = asked(caller, export_type="courses", export_format="csv")
    status, listed = caller.call("GET", "/api/v1/import-export/exports?export_type=courses&per_page=1")
    assert (status, listed["success"], listed["data"][0]["id"]) == (200, True, answer["data"]["id"])


def test_unknown_job_is_not_found(caller):
    assert caller.call("GET", "/api/v1/import-export/exports/999999")[0] == 404
    assert caller.call("GET", f"/api/v1/export-jobs/{2**70}/download")[0] == 404


def test_answers_that_are_printed_have_their_keys(caller):
    created, finished = (answer for answer in printed_answers("004") if "success" in answer)
    _, answer = asked(caller, export_type="students", export_format="csv")
    assert keys_lacking(created, answer) == []
    assert keys_lacking(finished, {"success": True, "data": ended(caller, answer["data"])}) == []
