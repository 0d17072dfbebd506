"""Document 000: ExportFilenameHelper and ExportController as they are printed, against the portal."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from . import documents, files, records
from .codeigniter import CodeIgniter

TYPES = ["participants", "payments", "ambassadors"]
SWITCH = "function message_for($error_type) {\n%s\nreturn $message;\n}"


@pytest.fixture
def app(portal, tmp_path):
    app = CodeIgniter(tmp_path, portal.url)
    app.add("helper.php", documents.php("000", "class ExportFilenameHelper"))
    app.add("controller.php", documents.php("000", "class ExportController"))
    return app


def run(app, method, given, **more):
    happened = app.run(method, 42, **{"class": "ExportController", "records": given, **more})
    row = happened["tables"]["export_requests"]["1"]
    return happened, json.loads(happened["body"] or "null"), row


def sheet_name(resource):
    return f"{resource.title()} Data {datetime.now():%b %Y}"


@pytest.mark.parametrize("resource", TYPES)
def test_single_file_reaches_the_browser(app, client, resource):
    happened, body, _ = run(app, resource, records.OF[resource](1_234))
    data = body["data"]
    assert (happened["status"], happened["type"], body["export_type"]) == (200, "application/json", "single_file")
    assert (
        data["file_name"]
        == f"Istanbul_Youth_Summit_2026_27_{resource.title()}_Complete_Data_{datetime.now():%d-%m-%Y}.xlsx"
    )
    assert data["record_count"] == "1,234"
    assert re.fullmatch(r"\d+\.\d\d KB", data["file_size"])
    assert data["expires_at"] in ("1 day", "23 hours")
    sheet = files.sheet(client.download(f"/api/ybb/export/{data['export_id']}/download"))
    assert (sheet.title, sheet.max_row) == (sheet_name(resource), 1_235)


@pytest.mark.parametrize("resource", TYPES)
def test_tracking_row_has_every_column_it_is_promised(app, client, resource):
    _, body, row = run(app, resource, records.OF[resource](3))
    download = client.get(f"/api/export/{row['export_id']}/download")
    assert (row["status"], row["export_type"], row["program_id"], row["user_id"]) == ("success", resource, 42, 7)
    assert (row["export_id"], row["file_name"]) == (body["data"]["export_id"], row["custom_filename"])
    assert (row["record_count"], row["file_size"]) == (3, len(download.body))
    assert 0 < row["processing_time"] < 60
    left = datetime.fromisoformat(row["expires_at"]) - datetime.now(UTC).replace(tzinfo=None)
    assert timedelta(hours=23, minutes=55) < left < timedelta(hours=24)


def test_values_fit_the_columns_of_the_printed_table(app):
    _, _, row = run(app, "participants", records.participants(2), program="Summit " * 50)
    assert len(row["file_name"]) <= 200
    assert all(len(row[name]) <= 255 for name in ("export_id", "file_name", "custom_filename"))
    assert row["processing_time"] == round(row["processing_time"], 3)


def test_6000_complete_are_three_files_and_a_zip(app, client):
    happened, body, row = run(app, "participants", records.participants(6_000), get={"template": "complete"})
    data = body["data"]
    assert (body["export_type"], body["message"]) == ("multi_file", "Large export completed successfully")
    assert (data["total_records"], data["total_files"]) == ("6,000", 3)
    assert [
        (file["batch_number"], file["record_count"], file["record_range"]) for file in data["individual_files"]
    ] == [
        (1, "2,000", "1-2000"),
        (2, "2,000", "2001-4000"),
        (3, "2,000", "4001-6000"),
    ]
    assert [file["download_url"].rpartition("/download/")[2] for file in data["individual_files"]] == [
        f"{data['export_id']}/batch/{number}" for number in (1, 2, 3)
    ]
    # The controller adds a per cent sign to the one that document 001 promises.
    assert re.fullmatch(r"\d\d\.\d%%", data["archive"]["compression_ratio"])
    assert (row["file_name"], row["record_count"]) == ("participants_complete_export.zip", 6_000)
    assert row["file_size"] == len(client.download(f"/api/export/{data['export_id']}/download/zip"))
    assert happened["log"] == []


def test_records_come_in_the_order_the_page_asked_for(app, client):
    _, body, _ = run(app, "participants", records.participants(5), get={"sort_by": "name", "sort_order": "asc"})
    rows = files.rows(client.download(f"/api/export/{body['data']['export_id']}/download"))
    assert [row[2] for row in rows[1:]] == ["José", "José", "Siti", "Siti", "Siti"]


def test_newest_come_first_where_the_page_asked_for_nothing(app, client):
    _, body, _ = run(app, "participants", records.participants(5))
    rows = files.rows(client.download(f"/api/export/{body['data']['export_id']}/download"))
    assert [row[0] for row in rows[1:]] == [5, 4, 3, 2, 1]


def test_filters_of_the_page_are_recorded_and_not_applied_again(app, client):
    filters = {"status": "approved", "has_paid": "1", "form_status": "2", "date_from": "2030-01-01"}
    _, body, row = run(app, "participants", records.participants(4), get=filters)
    status = client.get(f"/api/ybb/export/{body['data']['export_id']}/status").json
    assert status["metadata"]["filters_applied"] == json.loads(row["filters"]) == {**filters, "has_paid": True}
    assert status["record_count"] == 4
    assert "_Participants_Approved_Paid_Data_" in body["data"]["file_name"]


def test_page_without_ajax_is_redirected_with_the_answer_in_the_session(app):
    happened, _, _ = run(app, "payments", records.payments(2), ajax=False)
    assert happened["redirect"] == "admin/dashboard"
    assert happened["flashdata"]["export_success"]["data"]["record_count"] == "2"


ERRORS = [
    ({"get": {"template": "nope"}}, "Template 'nope' not found for participants"),
    ({"get": {"format": "docx"}}, "Format 'docx' is not available. Available formats: excel, csv, json, pdf"),
    ({"records": []}, "No data provided for export"),
    ({"records": {"1": {"id": 1}}}, "Field 'data' must be a list of records. In PHP, array_values() makes a list"),
    ({"records": [{"id": 1}, "x"]}, "Record 2 of 'data' must be an object."),
    ({"records": [{"id": 1}] * 50_001}, "Data exceeds maximum limit of 50000 records"),
    # The helper's pattern means to replace backslashes and does not.
    ({"program": "R\\D"}, "Field 'filename' must not contain the character \\."),
    ({"latin1": True}, "In PHP, json_encode() returns false where a text is not valid UTF-8."),
    # The helper cuts after 195 bytes, here in the middle of a letter.
    ({"program": "Ü" * 100}, "In PHP, json_encode() returns false where a text is not valid UTF-8."),
    ({"records": [{"notes": "x" * 26_000_000}]}, "The request body must not be larger than"),
]


@pytest.mark.parametrize(("given", "message"), ERRORS, ids=[next(iter(given)) for given, _ in ERRORS])
def test_error_reaches_the_browser_the_session_and_the_tracking_row(app, given, message):
    happened, body, row = run(app, "participants", records.participants(2), **given)
    assert (happened["status"], body["status"]) == (400, "error")
    assert message in body["message"]
    assert (row["status"], row["error_message"]) == ("error", body["message"])
    assert len(body["request_id"]) == 32
    assert happened["log"][0].startswith("error: Export API error (HTTP 4")


@pytest.mark.parametrize(
    ("request_body", "sentence"),
    [
        ({"data": [{}], "filename": "a/b"}, "Invalid filename. Please avoid special characters"),
        ({"data": [{}] * 50_001}, "Dataset is too large."),
        ({"data": [{}], "template": "nope"}, "An error occurred during export."),
    ],
)
def test_error_types_are_the_words_the_page_switches_on(portal, client, tmp_path, request_body, sentence):
    app = CodeIgniter(tmp_path, portal.url)
    app.add("switch.php", SWITCH % documents.php("000", "switch($error_type)"))
    error_type = client.post("participants", request_body).json["error_type"]
    assert app.run("message_for", error_type)["returned"].startswith(sentence)


def test_unknown_program_is_a_404_and_no_export(app):
    happened = app.run("participants", 42, **{"class": "ExportController", "program": None})
    assert (happened["not_found"], happened["tables"]) == (True, [])


def test_portal_that_is_down_ends_in_the_exception_path(app):
    down = {"config": {"python_api_url": "http://127.0.0.1:9"}}
    happened, _, row = run(app, "participants", records.participants(1), **down)
    assert "cURL Error" in happened["calls"]["handleExportException"]
    assert row["status"] == "pending"
