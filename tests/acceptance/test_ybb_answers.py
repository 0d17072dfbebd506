"""What the service answers: document 001, "API Reference" and "File Processing & Downloads"."""

import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pymysql
import pytest

from tests.services import require_service

from . import files, records

TEMPLATES = {
    "participants": ["standard", "detailed", "summary", "complete"],
    "payments": ["standard", "detailed"],
    "ambassadors": ["standard", "detailed"],
}
MAPPINGS = {
    "form_status": {"1": "Draft", "2": "Submitted", "3": "Approved", "4": "Rejected"},
    "payment_status": {"1": "Pending", "2": "Completed", "3": "Failed", "4": "Refunded"},
    "payment_method": {"1": "Credit Card", "2": "Bank Transfer", "3": "PayPal", "4": "Cash"},
    "boolean_status": {"0": "No", "1": "Yes"},
    "category": {
        "university": "University",
        "high_school": "High School",
        "professional": "Professional",
        "community": "Community",
    },
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def single(client):
    return client.export("participants", records.participants(3), filename="participants_export.xlsx")


def test_single_file_answer_has_the_printed_keys(portal, client, single):
    data = single["data"]
    path = f"/api/export/{data['export_id']}/download"
    assert "export_strategy" not in single
    assert (data["file_name"], data["record_count"]) == ("participants_export.xlsx", 3)
    assert (data["download_url"], data["file_url"]) == (path, f"{portal.url}{path}")
    assert data["file_size"] == len(client.download(path))
    assert str(uuid.UUID(data["export_id"])) == data["export_id"]
    assert isinstance(single["metadata"]["processing_time"], float)


def test_file_expires_a_day_later(single):
    made, expires = (
        datetime.fromisoformat(text) for text in (single["metadata"]["generated_at"], single["data"]["expires_at"])
    )
    assert expires - made == timedelta(hours=24)
    assert abs(datetime.now(UTC).replace(tzinfo=None) - made) < timedelta(minutes=2)


def test_mariadb_takes_the_expiry_as_it_is(single):
    """Document 000 writes it into a TIMESTAMP column; in strict mode MariaDB refuses a time with an offset."""
    address = urlsplit(require_service("mariadb"))
    server = pymysql.connect(
        host=address.hostname, port=address.port, user=address.username, password=address.password or ""
    )
    with server, server.cursor() as cursor:
        cursor.execute("SET sql_mode = 'STRICT_ALL_TABLES'")
        cursor.execute("CREATE DATABASE IF NOT EXISTS portal_tests")
        cursor.execute("CREATE TEMPORARY TABLE portal_tests.export_requests (expires_at TIMESTAMP NULL)")
        cursor.execute("INSERT INTO portal_tests.export_requests VALUES (%s)", [single["data"]["expires_at"]])


def test_status_repeats_what_document_001_lists(client, single):
    status = client.get(f"/api/ybb/export/{single['data']['export_id']}/status").json
    assert status["status"] == "success"
    assert (status["export_id"], status["export_type"]) == (single["data"]["export_id"], "participants")
    assert (status["template"], status["record_count"]) == ("standard", 3)
    assert status["expires_at"] == single["data"]["expires_at"]
    assert datetime.fromisoformat(status["created_at"]).tzinfo is None


def test_both_download_paths_are_the_same_bytes(client, single):
    public_id = single["data"]["export_id"]
    one, other = (client.get(f"/{prefix}/{public_id}/download") for prefix in ("api/export", "api/ybb/export"))
    assert one.body == other.body
    assert one.headers["Content-Type"] == XLSX
    assert one.headers["Content-Length"] == str(len(one.body))
    assert one.headers["Content-Disposition"] == 'attachment; filename="participants_export.xlsx"'


def test_head_says_what_get_would_send(client, single):
    path = single["data"]["download_url"]
    head, got = client.request("HEAD", path), client.get(path)
    assert (head.status, head.body) == (200, b"")
    for name in ("Content-Type", "Content-Length", "Content-Disposition"):
        assert head.headers[name] == got.headers[name]


def test_csv_is_sent_as_csv(client):
    data = client.export("payments", records.payments(2), format="csv")["data"]
    assert client.get(data["download_url"]).headers["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize("what", ["download", "download/zip", "download/batch/1", "status"])
@pytest.mark.parametrize("public_id", ["test-id", "ac9433a4-a37a-499d-a92f-e4e6163c5ef7"])
def test_unknown_export_is_not_found(client, what, public_id):
    answer = client.get(f"/api/ybb/export/{public_id}/{what}")
    assert (answer.status, answer.json["message"]) == (404, "Export not found or expired")


def test_batch_that_is_not_there_is_named(client):
    data = client.export("participants", records.participants(5_001))["data"]
    answer = client.get(f"/api/export/{data['export_id']}/download/batch/5")
    assert (answer.status, answer.json["message"]) == (404, "Batch file 5 not found or expired")


def test_templates_are_listed_with_fields_and_headers(client):
    answer = client.get("/api/ybb/templates").json
    assert {resource: list(templates) for resource, templates in answer["data"].items()} == TEMPLATES
    standard = answer["data"]["payments"]["standard"]
    assert len(standard["fields"]) == len(standard["headers"]) == 8
    sensitive = {name for name, it in answer["data"]["participants"].items() if it["includes_sensitive_data"]}
    assert sensitive == {"detailed", "complete"}


@pytest.mark.parametrize("resource", TEMPLATES)
def test_templates_of_one_resource_are_the_same(client, resource):
    answer = client.get(f"/api/ybb/templates/{resource}").json
    assert answer["data"] == client.get("/api/ybb/templates").json["data"][resource]


def test_status_mappings_are_the_printed_ones(client):
    assert client.get("/api/ybb/status-mappings").json["data"] == MAPPINGS


def test_health_answers_in_the_printed_words(client):
    body = client.get("/health").json
    assert (body["status"], body["service"]) == ("healthy", "YBB Data Processing Service")
    assert set(body) == {"status", "timestamp", "service", "version", "workers", "lanes"}
    assert set(body["lanes"]) == {"immediate", "high", "normal", "low"}


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({"sort_by": "created_at", "sort_order": "asc"}, [2, 3, 1]),
        ({"sort_by": "created_at", "sort_order": "DESC"}, [1, 3, 2]),
        ({"sort_by": "created_at"}, [2, 3, 1]),
        ({"sort_by": "name"}, [3, 1, 2]),
        ({"sort_by": "no_such_column", "sort_order": "desc"}, [1, 2, 3]),
        ([], [1, 2, 3]),
    ],
)
def test_records_are_sorted_where_the_column_exists(client, options, ids):
    given = [
        {"id": 1, "first_name": "Budi", "created_at": "2024-03-01 08:00:00"},
        {"id": 2, "first_name": "Citra", "created_at": "2024-01-01 08:00:00"},
        {"id": 3, "first_name": "Ani", "created_at": "2024-02-01 08:00:00"},
    ]
    answer = client.export("participants", given, options=options)
    rows = files.rows(client.download(answer["data"]["download_url"]))
    assert [row[0] for row in rows[1:]] == ids
    ignored = [warning["code"] for warning in answer["metadata"]["warnings"]]
    assert ignored == (["sort_ignored"] if "no_such_column" in str(options) else [])


@pytest.mark.parametrize(
    ("fields", "ids"),
    [
        ({"filters": {"status": "approved"}}, [1, 2, 3]),
        ({"filters": {"status": "approved"}, "options": {"apply_filters": True}}, [3]),
        ({"filters": {"form_status": [1, "submitted"]}, "options": {"apply_filters": True}}, [1, 2]),
        ({"filters": {"date_to": "2024-01-02"}, "options": {"apply_filters": True}}, [1, 2]),
        ({"filters": {"status": "all"}, "options": {"apply_filters": True}}, [1, 2, 3]),
        ({"filters": [], "options": {"apply_filters": True}}, [1, 2, 3]),
        ({"filters": []}, [1, 2, 3]),
    ],
)
def test_filters_are_applied_only_where_asked(client, fields, ids):
    given = [{"id": n, "form_status": n, "created_at": f"2024-01-0{n} 23:59:59"} for n in (1, 2, 3)]
    answer = client.export("participants", given, **fields)
    rows = files.rows(client.download(answer["data"]["download_url"]))
    assert [row[0] for row in rows[1:]] == ids
    assert answer["data"]["record_count"] == len(ids)
    assert answer["metadata"]["filters_applied"] == (fields["filters"] or {})


def test_array_with_gaps_gets_a_hint_for_php(client):
    answer = client.post("participants", {"data": {"0": {"id": 1}, "2": {"id": 3}}})
    assert answer.status == 400
    assert answer.json["message"].endswith("In PHP, array_values() makes a list of an array with gaps.")
