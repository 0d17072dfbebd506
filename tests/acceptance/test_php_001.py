"""Document 001: the helper, the controller methods, the error handling and the retry as they are printed."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from . import documents, files, records
from .codeigniter import CodeIgniter

METHODS = ["public function export_participants", "public function download(", "public function check_export_status"]
CONTROLLER = "class Exports extends CI_Controller {\n%s\n}"
CREATE = "/api/ybb/export/participants"
# The function that reports errors uses $this, so it lives in the controller; its printed use calls it by name.
CALLED_BY_NAME = """
function handle_ybb_api_error($result) { get_instance()->handle_ybb_api_error($result); }
function try_export($data) {
%s
}
"""
# Inside a namespace the printed sleep() is ours, and everything else still the documents'.
RETRY = """namespace Retry;
function sleep(int $seconds): int { \\Happened::$slept[] = $seconds; return 0; }
%s
"""


@pytest.fixture
def app(portal, tmp_path):
    app = CodeIgniter(tmp_path, portal.url)
    app.add("ybb_export.php", documents.php("001", "$config['ybb_export']"), is_config=True)
    app.add("helper.php", documents.php("001", "function call_ybb_api("))
    report, _, usage = documents.php("001", "function handle_ybb_api_error").partition("// Usage")
    methods = [*(documents.php("001", marker) for marker in METHODS), report]
    app.add("controller.php", CONTROLLER % "\n".join(methods))
    app.add("errors.php", CALLED_BY_NAME % usage)
    app.add("retry.php", RETRY % documents.php("001", "function call_ybb_api_with_retry"))
    return app


def run(app, method, *arguments, **given):
    return app.run(method, *arguments, **{"class": "Exports", **given})


def test_small_export_is_redirected_to_its_download(app, client):
    happened = run(app, "export_participants", records=records.participants(3))
    public_id = happened["redirect"].removeprefix("exports/download/")
    printed = run(app, "download", public_id)["printed"]
    assert printed == client.download(f"/api/export/{public_id}/download")
    assert len(files.rows(printed)) == 4


def test_large_export_is_handed_on_and_downloads_as_zip(app):
    happened = run(app, "export_participants", records=records.participants(6_000))
    public_id, answer = happened["calls"]["_handle_large_export"]
    assert (answer["export_strategy"], answer["data"]["total_files"]) == ("multi_file", 2)
    assert len(files.unzipped(run(app, "download", public_id)["printed"])) == 3


def test_failed_export_shows_the_message_of_the_portal(app):
    happened = run(app, "export_participants", records=[])
    assert happened["flashdata"]["error"] == "Export failed: No data provided for export"
    assert happened["redirect"] == "exports"


def test_unknown_export_is_a_404(app):
    assert run(app, "download", str(uuid.uuid4()))["not_found"]


def test_status_is_passed_on_to_the_browser(app, client):
    public_id = client.export("participants", records.participants(3))["data"]["export_id"]
    body = json.loads(run(app, "check_export_status", public_id)["body"])
    assert (body["success"], body["http_code"]) == (True, 200)
    assert body["data"].items() >= {"export_id": public_id, "template": "standard", "record_count": 3}.items()


def test_status_of_an_unknown_export_is_no_success(app):
    body = json.loads(run(app, "check_export_status", "nobody")["body"])
    assert (body["success"], body["http_code"]) == (False, 404)
    assert body["data"]["message"] == "Export not found or expired"


def test_bad_request_leads_back_to_the_form_with_the_message(app):
    happened = run(app, "try_export", {"data": [{"id": 1}], "template": "invalid_template"})
    assert happened["redirect"] == "exports/new"
    assert happened["flashdata"]["error"] == "Template 'invalid_template' not found for participants"
    assert happened["log"] == ["error: YBB API Error: Template 'invalid_template' not found for participants"]


def test_missing_export_leads_back_to_the_list(app):
    missing = {"success": False, "http_code": 404, "data": {"message": "Export not found or expired"}}
    assert run(app, "handle_ybb_api_error", missing)["redirect"] == "exports"


def test_client_error_is_not_retried(app):
    happened = app.run("Retry\\call_ybb_api_with_retry", CREATE, {"data": []}, "POST")
    assert (happened["returned"]["http_code"], happened["slept"]) == (400, [])


def test_busy_portal_is_asked_again_and_loses_nothing(app, portal, client):
    """Ten exports at once are the limit: the eleventh waits as the document prints it, and the ten are made."""
    body = json.dumps({"data": records.participants(1_001)}).encode()
    portal.pause_workers()
    try:
        with ThreadPoolExecutor(10) as callers:
            waiting = [callers.submit(accepted, client, body) for _ in range(10)]
            busy = until_busy(client)
            happened = app.run("Retry\\call_ybb_api_with_retry", CREATE, {"data": [{"id": 1}]}, "POST")
            portal.resume_workers()
            answers = [call.result(timeout=60) for call in waiting]
    finally:
        portal.resume_workers()
    assert int(busy.headers["Retry-After"]) >= 1
    assert (busy.json["error_code"], busy.json["error_type"]) == ("TOO_MANY_EXPORTS", "timeout")
    assert happened["slept"] == [2, 4]
    assert happened["returned"]["data"]["message"] == "Service temporarily unavailable"
    assert [answer.status for answer in answers] == [200] * 10
    happened = app.run("Retry\\call_ybb_api_with_retry", CREATE, {"data": [{"id": 1}]}, "POST")
    assert (happened["returned"]["http_code"], happened["slept"]) == (200, [])


def accepted(client, body):
    """Return the answer of a portal that took an export, though the small ones of ``until_busy`` are under way too."""
    while (answer := client.post("participants", body)).status == 503:
        pass
    return answer


def until_busy(client):
    """Return the first answer of a portal that has as much to do as it takes."""
    for _ in range(500):
        answer = client.post("participants", {"data": [{"id": 1}]})
        if answer.status == 503:
            return answer
    raise AssertionError("The portal never had enough to do.")
