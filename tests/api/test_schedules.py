"""Schedules over HTTP: made, changed, run, paused, looked at; whatever is wrong is said of its field."""

import json

import pytest
from django.utils import timezone

from exports.models import ExportRequest, ExportSchedule
from tests.schedules.conftest import filled, source, tables, things, with_things  # noqa: F401

from .conftest import Caller

SCHEDULES = "/api/v1/import-export/schedules"
STUDENTS = {"export_type": "students", "export_format": "csv", "frequency": "daily"}


def asked(caller, method, path="", body=None, **headers):
    raw = {"data": json.dumps(body or {}), "content_type": "application/json"} if method in ("POST", "PATCH") else {}
    answer = caller.ask(method, SCHEDULES + path, {**raw, **headers})
    return answer.status_code, answer.json()


def made(caller, **said):
    status, answer = asked(caller, "POST", body={**STUDENTS, **said})
    assert status == 201, answer
    return answer["data"]


def test_schedule_is_made_and_told(caller):
    status, answer = asked(caller, "POST", body={**STUDENTS, "notify_email": "siti@example.com", "limit": 50})
    schedule = answer["data"]
    assert (status, answer["success"], schedule["status"]) == (201, True, "active")
    assert (schedule["name"], schedule["meaning"]) == ("students csv daily", "Every day at 02:00 (UTC)")
    assert (schedule["template"], schedule["filters"], schedule["columns"]) == ("standard", {"limit": 50}, None)
    assert schedule["notify_email"] == "siti@example.com"
    assert len(schedule["next_runs"]) == 5
    assert schedule["next_runs"][0] == schedule["next_run_at"] > timezone.now().isoformat()
    assert asked(caller, "GET", f"/{schedule['id']}") == (200, answer)


def test_address_of_a_new_schedule_is_told(caller):
    answer = caller.post(STUDENTS, path=SCHEDULES)
    assert answer["Location"] == f"{SCHEDULES}/{answer.json()['data']['id']}"


def test_list_can_be_filtered_and_paged(caller):
    for number in range(3):
        made(caller, name=f"number {number}", frequency="hourly" if number else "weekly")
    status, answer = asked(caller, "GET", "?frequency=hourly&per_page=1")
    assert (status, answer["pagination"]["total"]) == (200, 2)
    assert [schedule["name"] for schedule in answer["data"]] == ["number 2"]
    assert asked(caller, "GET", "?colour=red")[0] == 400


WRONG = {
    "frequency": ({"frequency": "often"}, "hourly, daily, weekly, monthly, cron"),
    "cron": ({"frequency": "cron", "cron": "0 0 30 2 *"}, "never comes"),
    "cron ": ({"frequency": "cron", "cron": "*/5 * * * *"}, "runs 5 minutes apart; at least 15"),
    "cron  ": ({"frequency": "cron"}, "five fields"),
    "time_zone": ({"time_zone": "Mars/Olympus"}, "no time zone"),
    "export_type": ({"export_type": "teachers"}, "teachers"),
    "format": ({"export_format": "docx"}, "docx"),
    "columns": ({"columns": ["password"]}, "password"),
    "filters.status": ({"filters": {"status": "x"}}, "status"),
    "filters.nothing": ({"filters": {"nothing": 1}}, "nothing"),
    "options.since": ({"options": {"since": "yesterday"}}, "since"),
    "options.sort_by": ({"options": {"sort_by": "nothing"}}, "sort"),
    "template": ({"template": "nothing"}, "nothing"),
    "program_id": ({"program_id": "seven"}, "whole number"),
    "notify_email": ({"notify_email": "siti@example.com\nBcc: x@example.com"}, "e-mail address"),
    "name": ({"name": "a\u0000b"}, "control character"),
    "name ": ({"name": "x" * 101}, "100 characters"),
    "data": ({"data": [{"id": 1}]}, "source database"),
    "dataset_id": ({"dataset_id": "x"}, "source database"),
    "limit": ({"limit": "many"}, "whole number"),
    "filename": ({"filename": "x" * 300}, "254 characters"),
}


@pytest.mark.parametrize("field", WRONG)
def test_what_is_wrong_is_refused_when_it_is_saved_and_its_field_named(caller, field):
    said, words = WRONG[field]
    before = made(caller)
    for method, path, body in (
        ("POST", "", {**STUDENTS, "name": "wrong", **said}),
        ("PATCH", f"/{before['id']}", said),
    ):
        status, answer = asked(caller, method, path, body)
        assert (status, answer["success"]) == (400, False), answer
        assert answer["error"]["details"]["field"] == field.strip(), answer
        assert words in answer["message"]
    assert asked(caller, "GET", f"/{before['id']}")[1]["data"] == before
    assert ExportSchedule.objects.count() == 1


@pytest.mark.parametrize("missing", ["export_type", "frequency"])
def test_what_must_be_said_is_named(caller, missing):
    status, answer = asked(caller, "POST", body={name: value for name, value in STUDENTS.items() if name != missing})
    assert (status, missing in answer["message"]) == (400, True)


def test_program_that_the_key_is_not_for_is_refused(new_client):
    caller = Caller(new_client("Seven", programs=[7])[1])
    body = {"export_type": "participants", "frequency": "daily", "program_id": 8}
    assert asked(caller, "POST", body=body)[0] == 403
    assert asked(caller, "POST", body={**body, "program_id": 7})[0] == 201


def test_second_schedule_of_a_name_is_refused(caller, new_client):
    made(caller)
    status, answer = asked(caller, "POST", body=STUDENTS)
    assert (status, answer["error"]["details"]) == (409, {"field": "name"})
    other = made(caller, name="another")
    assert asked(caller, "PATCH", f"/{other['id']}", {"name": "students csv daily"})[0] == 409
    made(Caller(new_client("Somebody else")[1]))


def test_number_of_schedules_is_limited_for_each_caller(caller, new_client, settings):
    settings.EXPORTS_MAX_SCHEDULES = 2
    first, _ = made(caller, name="one"), made(caller, name="two")
    status, answer = asked(caller, "POST", body={**STUDENTS, "name": "three"})
    assert (status, answer["error"]["code"], answer["error"]["details"]) == (409, "TOO_MANY_SCHEDULES", {"limit": 2})
    made(Caller(new_client("Somebody else")[1]))
    asked(caller, "DELETE", f"/{first['id']}")
    made(caller, name="three")


def test_change_of_one_thing_leaves_the_others(caller):
    before = made(caller, filters={"status": "active"}, notify_email="siti@example.com")
    _, answer = asked(caller, "PATCH", f"/{before['id']}", {"limit": 10})
    assert answer["data"] == {**before, "filters": {"status": "active", "limit": 10}}
    _, answer = asked(caller, "PATCH", f"/{before['id']}", {"limit": None, "notify_email": None, "name": "students"})
    assert answer["data"] == {**before, "notify_email": None, "name": "students"}
    schedule = ExportSchedule.objects.get()
    assert list(schedule.events.values_list("event", "message", "actor")) == [
        ("created", "Every day at 02:00 (UTC)", "App"),
        ("changed", "filters", "App"),
        ("changed", "name, notify_email, filters", "App"),
    ]


def test_change_of_the_recurrence_sets_the_next_run(caller):
    schedule = made(caller)
    said = {"frequency": "cron", "cron": "30 6 * * MON-FRI", "time_zone": "Asia/Jakarta"}
    _, answer = asked(caller, "PATCH", f"/{schedule['id']}", said)
    assert answer["data"]["next_runs"][0].endswith("06:30:00+07:00")
    assert answer["data"]["next_run_at"].endswith("23:30:00+00:00")
    _, answer = asked(caller, "PATCH", f"/{schedule['id']}", {"frequency": "weekly", "time_zone": None})
    assert (answer["data"]["cron"], answer["data"]["meaning"]) == (None, "Every Monday at 02:00 (UTC)")


def test_change_of_the_resource_leaves_the_choice_of_template_and_columns(caller):
    schedule = made(caller, columns=["id"])
    _, answer = asked(caller, "PATCH", f"/{schedule['id']}", {"export_type": "courses"})
    assert (answer["data"]["export_type"], answer["data"]["columns"]) == ("courses", None)


def test_paused_schedule_has_no_next_run_until_it_is_resumed(caller):
    schedule = made(caller)
    for _ in range(2):
        status, answer = asked(caller, "POST", f"/{schedule['id']}/pause")
        assert (status, answer["data"]["status"], answer["data"]["next_run_at"]) == (200, "paused", None)
    assert (answer["data"]["next_runs"], answer["data"]["paused_because"]) == ([], "Paused by hand")
    assert asked(caller, "PATCH", f"/{schedule['id']}", {"frequency": "hourly"})[1]["data"]["next_run_at"] is None
    for _ in range(2):
        status, answer = asked(caller, "POST", f"/{schedule['id']}/resume")
        assert (status, answer["data"]["status"], len(answer["data"]["next_runs"])) == (200, "active", 5)
    events = ExportSchedule.objects.get().events.values_list("event", flat=True)
    assert list(events) == ["created", "paused", "changed", "resumed"]


def test_deleted_schedule_is_gone_and_its_name_free(caller):
    schedule = made(caller)
    assert asked(caller, "DELETE", f"/{schedule['id']}") == (
        200, {"success": True, "data": {"id": schedule["id"], "status": "deleted"}},
    )  # fmt: skip
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/run"), ("GET", "/runs")):
        status, answer = asked(caller, method, f"/{schedule['id']}{path}")
        assert (status, answer["error"]["code"]) == (404, "SCHEDULE_NOT_FOUND")
    assert asked(caller, "GET")[1]["data"] == []
    made(caller)


@pytest.mark.parametrize("number", [0, 2**70])
def test_number_that_is_none_is_not_found(caller, number):
    assert asked(caller, "GET", f"/{number}")[0] == 404


def test_recurrence_is_shown_before_anything_is_saved(caller):
    body = {"frequency": "cron", "cron": "0 9 * * 1#1", "time_zone": "Asia/Jakarta"}
    status, answer = asked(caller, "POST", "/preview", body)
    assert (status, answer["data"]["meaning"]) == (200, "At 09:00 on the first Monday of the month (Asia/Jakarta)")
    assert [run[10:] for run in answer["data"]["next_runs"]] == ["T09:00:00+07:00"] * 5
    assert asked(caller, "POST", "/preview", {"frequency": "cron", "cron": "* * * * *"})[0] == 400
    assert ExportSchedule.objects.count() == 0


@pytest.fixture
def schedule(caller, things):  # noqa: F811
    things.add(1, 2, 3)
    return made(caller, export_type="things")


def test_run_out_of_turn_answers_the_job(caller, schedule):
    answer = caller.post({}, path=f"{SCHEDULES}/{schedule['id']}/run")
    job = answer.json()["data"]
    assert (answer.status_code, answer["Location"]) == (202, f"/api/v1/import-export/exports/{job['id']}")
    assert (job["schedule_id"], job["status"], job["total_records"]) == (schedule["id"], "pending", 3)
    after = asked(caller, "GET", f"/{schedule['id']}")[1]["data"]
    assert (after["last_job_id"], after["next_run_at"]) == (job["id"], schedule["next_run_at"])
    assert ExportRequest.objects.get().source == "schedule"
    assert ExportSchedule.objects.get().events.get(event="started").actor == "App"


def test_run_of_a_paused_schedule_may_be_tried_by_hand(caller, schedule):
    asked(caller, "POST", f"/{schedule['id']}/pause")
    assert asked(caller, "POST", f"/{schedule['id']}/run")[0] == 202


def test_key_makes_one_run_of_many_requests(caller, schedule):
    answers = [asked(caller, "POST", f"/{schedule['id']}/run", HTTP_IDEMPOTENCY_KEY="k") for _ in range(3)]
    assert [answer["data"]["id"] for _, answer in answers] == [ExportRequest.objects.get().pk] * 3


def test_runs_are_listed_with_the_newest_first(caller, schedule):
    jobs = [asked(caller, "POST", f"/{schedule['id']}/run")[1]["data"]["id"] for _ in range(3)]
    caller.post({"export_type": "things"}, path="/api/v1/import-export/exports")
    status, answer = asked(caller, "GET", f"/{schedule['id']}/runs?per_page=2")
    assert (status, [job["id"] for job in answer["data"]]) == (200, jobs[:0:-1])
    assert answer["pagination"]["total"] == 3
    assert asked(caller, "GET", f"/{schedule['id']}/runs?status=failed")[1]["data"] == []
