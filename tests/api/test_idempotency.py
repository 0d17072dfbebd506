"""``Idempotency-Key`` over HTTP."""

import pytest

from exports.models import ExportRequest, IdempotencyKey

BODY = {"data": [{"id": 1}]}


def test_same_key_and_body_get_the_stored_answer(caller):
    first, second = (caller.post(BODY, headers={"Idempotency-Key": "k-1"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["data"] == second.json()["data"]
    assert ExportRequest.objects.count() == 1


def test_quoted_key_is_the_same_key(caller):
    caller.post(BODY, headers={"Idempotency-Key": "k-1"})
    caller.post(BODY, headers={"Idempotency-Key": '"k-1"'})
    assert ExportRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "path"), [({"data": [{"id": 2}]}, "participants"), (BODY, "payments")], ids=["body", "address"]
)
def test_key_of_another_request_is_a_422(caller, body, path):
    caller.post(BODY, headers={"Idempotency-Key": "k-1"})
    answer = caller.post(body, path=f"/api/ybb/export/{path}", headers={"Idempotency-Key": "k-1"})
    assert (answer.status_code, answer.json()["error_code"]) == (422, "IDEMPOTENCY_KEY_REUSED")


def test_request_in_flight_is_a_409_with_retry_after(caller):
    caller.post(BODY, headers={"Idempotency-Key": "k-1"})
    IdempotencyKey.objects.update(export=None)
    answer = caller.post(BODY, headers={"Idempotency-Key": "k-1"})
    assert (answer.status_code, answer.json()["error_code"]) == (409, "REQUEST_IN_FLIGHT")
    assert answer.headers["Retry-After"] == "1"


@pytest.mark.parametrize("sent", ["", '""', "x" * 256, "caf\u00e9"])
def test_unusable_key_is_refused(caller, sent):
    answer = caller.post(BODY, headers={"Idempotency-Key": sent})
    assert (answer.status_code, answer.json()["details"]["field"]) == (400, "Idempotency-Key")
    assert not ExportRequest.objects.exists()
