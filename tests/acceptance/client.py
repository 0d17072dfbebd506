"""HTTP as a caller speaks it, with nothing between the test and the bytes."""

import json
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """A caller of one portal."""

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        connection = HTTPConnection(self._host, timeout=120)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, **headers)

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Return status and JSON of an answer."""
        raw = None if body is None else json.dumps(body).encode()
        answer = self.request(method, path, raw, Content_Type="application/json")
        return answer.status, answer.json

    def post(self, resource: str, body: Any) -> Answer:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.request("POST", f"/api/ybb/export/{resource}", raw, Content_Type="application/json")

    def export(self, resource: str, records: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
        """Return the answer to an export that succeeds."""
        answer = self.post(resource, {"data": records, **fields})
        assert answer.status == 200, answer.body
        return answer.json

    def download(self, path: str) -> bytes:
        """Return a file."""
        answer = self.get(path)
        assert answer.status == 200, answer.body
        return answer.body
