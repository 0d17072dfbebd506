"""Schedules over HTTP and by themselves: document 004's periodic exports, down to the file."""

import sqlite3
import time
from contextlib import closing

import pytest

from .client import Client

SCHEDULES = "/api/v1/import-export/schedules"


@pytest.fixture
def caller(stocked):
    return Client(stocked.url)


def runs(caller, schedule, wanted, seconds=60):
    """Return the jobs of a schedule as soon as so many are completed."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        status, answer = caller.call("GET", f"{SCHEDULES}/{schedule['id']}/runs?status=completed")
        if status == 200 and len(answer["data"]) >= wanted:
            return answer["data"]
        time.sleep(0.2)
    raise AssertionError(answer)


def let_it_be_due(stocked, schedule):
    with closing(sqlite3.connect(stocked.folder / "db.sqlite3", timeout=20, isolation_level=None)) as database:
        change = "UPDATE exports_exportschedule SET next_run_at = datetime('now', '-1 second') WHERE id = ?"
        assert database.execute(change, [schedule["id"]]).rowcount == 1


def test_schedule_that_is_due_becomes_a_file_without_anybody_calling(stocked, caller):
    body = {"export_type": "students", "export_format": "csv", "frequency": "daily", "filters": {"limit": 50}}
    status, answer = caller.call("POST", SCHEDULES, body)
    schedule = answer["data"]
    assert (status, schedule["status"]) == (201, "active")
    let_it_be_due(stocked, schedule)
    (job,) = runs(caller, schedule, 1)
    lines = caller.download(job["download_url"]).decode("utf-8-sig").splitlines()
    assert (job["total_records"], len(lines)) == (50, 51)
    after = caller.call("GET", f"{SCHEDULES}/{schedule['id']}")[1]["data"]
    assert (after["last_job_id"], after["last_job_status"]) == (job["id"], "completed")
    assert (after["next_run_at"], after["consecutive_failures"]) == (schedule["next_run_at"], 0)


def test_run_out_of_turn_is_a_job_like_any_other(caller):
    _, answer = caller.call("POST", SCHEDULES, {"export_type": "courses", "frequency": "monthly", "name": "By hand"})
    status, ran = caller.call("POST", f"{SCHEDULES}/{answer['data']['id']}/run", {})
    (job,) = runs(caller, answer["data"], 1)
    assert (status, job["id"]) == (202, ran["data"]["id"])
