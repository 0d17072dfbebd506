"""The contracts are English: neither Accept-Language nor a language chosen in the portal changes an answer."""

import pytest

from exports.models import ExportLog
from tests.made import made_export, plain_static  # noqa: F401

INDONESIAN = {"Accept-Language": "id"}
NO_KEY = "No API key was sent. Send it as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'."
CASES = {
    "templates": ("get", "/api/ybb/templates", 200, "success"),
    "queued": ("get", "/api/ybb/export/{queued}/status", 200, "Next in the queue"),
    "processing": (
        "get",
        "/api/ybb/export/{processing}/status",
        200,
        "Writing 0 of 2,000 rows, about 1 s left, file 1",
    ),
    "completed": ("get", "/api/ybb/export/{completed}/status", 200, "Export completed successfully"),
    "cancelled": ("get", "/api/ybb/export/{cancelled}/status", 200, "Export cancelled"),
    "failed": ("get", "/api/ybb/export/{failed}/status", 200, "There is no room left"),
    "expired file": ("get", "/api/ybb/export/{expired}/download", 404, "Export not found or expired"),
    "no JSON": ("post", "/api/ybb/export/participants", 415, "The request body must be JSON"),
    "wrong method": ("put", "/api/ybb/templates", 405, "Method PUT is not allowed at this address."),
    "health": ("get", "/health", 200, "YBB Data Processing Service"),
}


@pytest.fixture
def paths(client_and_key):
    """Addresses by case, for a client that has one export in each state."""
    states = ("queued", "processing", "completed", "cancelled", "failed", "expired")
    exports = {
        state: made_export(state, client=client_and_key[0], parts=2 if state == "processing" else 1) for state in states
    }
    ids = {state: export.public_id for state, export in exports.items()}
    return {case: path.format(**ids) for case, (_method, path, _status, _words) in CASES.items()}


def answered(client, key, method, path, **headers):
    response = getattr(client, method)(path, headers={"Authorization": f"Bearer {key}", **headers})
    changing = ("request_id", "timestamp", "lanes")
    body = {name: value for name, value in response.json().items() if name not in changing}
    if "progress" in body:
        del body["data"]["estimated_completion"]
    return response, body


@pytest.mark.parametrize("case", CASES)
def test_answer_is_the_same_in_every_language(client, client_and_key, paths, case):
    method, _path, status, words = CASES[case]
    plain, body = answered(client, client_and_key[1], method, paths[case])
    asked, same = answered(client, client_and_key[1], method, paths[case], **INDONESIAN)
    assert (plain.status_code, asked.status_code) == (status, status)
    assert words in asked.content.decode()
    assert body == same
    assert asked["Content-Language"] == "en"


def test_refusal_without_a_key_is_english(client, db):
    response = client.get("/api/ybb/templates", headers=INDONESIAN)
    assert (response.status_code, response.json()["message"]) == (401, NO_KEY)


def test_language_chosen_in_the_portal_changes_no_answer(client, client_and_key, paths):
    client.cookies["django_language"] = "id"
    response, _body = answered(client, client_and_key[1], "get", paths["queued"])
    assert "Next in the queue" in response.content.decode()


def test_history_is_written_in_english_whoever_asks(client, client_and_key, paths):
    answered(client, client_and_key[1], "get", paths["expired file"], **INDONESIAN)
    assert ExportLog.objects.get(event="denied").message == "The export is expired"
