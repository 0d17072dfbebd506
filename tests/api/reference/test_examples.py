"""Every answer has an example that a real call had, and whatever the API really answers is as the document says."""

import json
import os
from collections import defaultdict

import pytest

from exports.api.reference.document import EXAMPLES, OPERATIONS
from tests.api.conftest import Caller

from .document import example, media, operation_of, operations, problems
from .scenarios import Scenarios

ANSWERS = [
    (operation.id, status)
    for operation in OPERATIONS.values()
    for status, answer in operation.answers.items()
    if answer.shapes
]


@pytest.fixture
def played(new_client, monkeypatch):
    """Play every scenario; return the answers by operation, status and name."""
    client, key = new_client("School")
    caller, found = Caller(key), defaultdict(lambda: defaultdict(dict))

    def call(name, method, path, body=None, **headers):
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        answer = caller.ask(method, path, {"data": raw, "content_type": "application/json", **headers})
        operation = operation_of(method, path)
        assert answer.status_code in operation.answers, (operation.id, name, answer.content)
        told = operations()[operation.id]["responses"][str(answer.status_code)]
        for header, described in told["headers"].items():
            assert header in answer.headers or not described.get("required"), (operation.id, header)
        if answer.content:
            assert problems(media(told, answer.headers["Content-Type"])["schema"], answer.json()) == []
            found[operation.id][str(answer.status_code)][name] = answer.json()
        return answer

    Scenarios(call, client, monkeypatch).play()
    return found


def test_real_answers_are_as_the_document_says(played):
    if os.environ.get("RECORD_EXAMPLES"):
        for operation, answers in played.items():
            text = json.dumps(answers, indent=1, ensure_ascii=False, sort_keys=False)
            (EXAMPLES / f"{operation}.json").write_text(f"{text}\n", encoding="utf-8")
    missing = [(operation, status) for operation, status in ANSWERS if str(status) not in played[operation]]
    assert missing == [], "these answers need a call in scenarios.py"


def test_examples_are_those_of_the_scenarios(played):
    recorded = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in EXAMPLES.glob("*.json")}
    names = {id: {status: [*named] for status, named in answers.items()} for id, answers in recorded.items()}
    played_names = {id: {status: [*named] for status, named in answers.items()} for id, answers in played.items()}
    assert names == played_names, "RECORD_EXAMPLES=1 pytest tests/api/reference writes them anew"


@pytest.mark.parametrize("operation", [operation.id for operation in OPERATIONS.values()])
def test_every_answer_has_examples_that_are_valid(operation):
    for status, answer in operations()[operation]["responses"].items():
        for content_type, told in answer.get("content", {}).items():
            if told["schema"].get("format") == "binary" or (not told["schema"] and "examples" not in told):
                # A file.
                continue
            assert told["examples"], (status, content_type)
            for name, each in told["examples"].items():
                assert problems(told["schema"], example(each)) == [], (status, content_type, name)
