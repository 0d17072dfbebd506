"""No personal data and no key in a log or an answer, whatever goes wrong (reliability.md, S6)."""

import logging
import re

import pytest

from exports import pipeline
from exports.models import ExportRequest

from .conftest import Caller

CANARY = "Siti-Canary-7731"
RECORD = {"first_name": CANARY, "email": f"{CANARY}@example.com", "notes": CANARY}


@pytest.fixture(autouse=True)
def everything_is_logged(caplog):
    caplog.set_level(logging.DEBUG)


def breaking(*args, **kwargs):
    raise ValueError(f"cannot handle {CANARY}")


@pytest.mark.parametrize(
    "body",
    [
        {"data": [RECORD, CANARY]},
        {"data": [RECORD], "filters": [CANARY]},
        {"data": [RECORD], "template": 5},
        {"data": [RECORD] * 50_001},
        f'{{"data":[{{"first_name":"{CANARY}" "x"}}]}}'.encode(),
        f'{{"data":[{{"first_name":"{CANARY}\\ud800"}}]}}'.encode(),
        f'{{"data":[{{"first_name":"{CANARY}'.encode() + b"\xff",
    ],
)
def test_refused_record_is_neither_logged_nor_repeated(caller, key, caplog, body):
    answer = caller.post(body)
    assert answer.status_code == 400
    assert CANARY not in answer.content.decode()
    assert CANARY not in caplog.text
    assert key not in caplog.text


@pytest.mark.parametrize(("owner", "name"), [(ExportRequest, "save"), (pipeline, "write_file")])
def test_unforeseen_error_leaves_a_number_and_a_place_only(caller, key, caplog, monkeypatch, owner, name):
    monkeypatch.setattr(owner, name, breaking)
    answer = caller.post({"data": [RECORD]})
    assert (answer.status_code, answer.json()["status"]) == (500, "error")
    assert re.search(r"\(incident [0-9a-f]{12}\)", answer.json()["message"])
    assert "ValueError (incident " in caplog.text
    assert CANARY not in caplog.text + answer.content.decode()
    assert key not in caplog.text


def test_bad_key_is_not_logged(caplog, new_client):
    _, key = new_client()
    Caller(key + "x").get("/api/ybb/templates")
    assert "Unauthorized: /api/ybb/templates" in caplog.text
    assert key not in caplog.text
