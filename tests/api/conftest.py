import json
from pathlib import Path

import pytest
from rest_framework.test import APIClient

from exports.models import ApiClient, ExportFile, ExportLog, ExportRequest

PARTICIPANTS = "/api/ybb/export/participants"


class Caller:
    """Somebody who calls the API from one address, with one key or none."""

    def __init__(self, key=None, address="203.0.113.9", **headers):
        self._api = APIClient(raise_request_exception=False, REMOTE_ADDR=address, **headers)
        if key:
            self._api.credentials(HTTP_X_API_KEY=key)

    def get(self, path, **headers):
        return self.request("GET", path, **headers)

    def request(self, method, path, **headers):
        answer = self._api.generic(method, path, **headers)
        if answer.streaming:
            answer.file = b"".join(answer.streaming_content)
        return answer

    def ask(self, method, path, body):
        answer = self._api.generic(method, path, **body)
        if answer.streaming:
            answer.file = b"".join(answer.streaming_content)
        return answer

    def post(self, body, path=PARTICIPANTS, content_type="application/json", **headers):
        raw = body if isinstance(body, (bytes, str)) else json.dumps(body)
        return self._api.post(path, raw, content_type=content_type, **headers)

    def export(self, **fields):
        """Return the answer to an export that succeeds."""
        answer = self.post({"data": [{"id": 1, "first_name": "Siti"}], **fields})
        assert answer.status_code == 200, answer.content
        return answer.json()


@pytest.fixture(autouse=True)
def storage(settings, tmp_path, db):
    """Where the files of a test go."""
    settings.STATIC_ROOT = tmp_path
    settings.EXPORTS_STORAGE_DIR = tmp_path / "files"
    return Path(settings.EXPORTS_STORAGE_DIR)


@pytest.fixture
def new_client():
    """Make a client and return it with its key: ``new_client("App", programs=[1])``."""
    return lambda name="App", **fields: ApiClient.objects.create_key(name=name, **fields)


@pytest.fixture
def key(new_client):
    return new_client()[1]


@pytest.fixture
def caller(key):
    return Caller(key)


@pytest.fixture
def nothing_stored(storage):
    """Check after the test that no row and no file was kept."""
    yield
    assert [model.objects.count() for model in (ExportRequest, ExportFile, ExportLog)] == [0, 0, 0]
    assert list(storage.rglob("*")) == []
