"""Records of any number in numbered pieces: resumable, idempotent, and exported as if they had come at once."""

import gzip
import hashlib
import io
import json
from datetime import timedelta

import openpyxl
import pytest
from django.utils import timezone

from exports.delivery import storage as files
from exports.models import ApiClient, Dataset, ExportRequest
from exports.tasks.run import run_export
from exports.tasks.upkeep import upkeep

pytestmark = pytest.mark.django_db

NDJSON, JSON, CSV = "application/x-ndjson", "application/json", "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def ticket(number):
    return {
        "id": number,
        "ticket_code": f"TKT-{number:06}",
        "subject": f"Überraschung {number}",
        "status_id": 1 + number % 3,
    }


def ndjson(numbers):
    return b"".join(json.dumps(ticket(number)).encode() + b"\n" for number in numbers)


def as_csv(numbers):
    lines = ["id,ticket_code,subject,status_id", *(",".join(map(str, ticket(number).values())) for number in numbers)]
    return "\r\n".join(lines).encode()


def as_xlsx(numbers):
    book = openpyxl.Workbook()
    book.active.append([*ticket(1)])
    for number in numbers:
        book.active.append([*ticket(number).values()])
    book.save(target := io.BytesIO())
    return target.getvalue()


class Uploader:
    """An application that uploads records."""

    def __init__(self, client, key):
        self.client, self.headers = client, {"X-API-Key": key}
        self.id = ""

    def begin(self, **body):
        answer = self.client.post(
            "/api/v1/datasets", json.dumps({"resource": "tickets", **body}), JSON, headers=self.headers
        )
        self.id = answer.json().get("dataset_id", "")
        return answer

    def put(self, number, body, media_type=NDJSON, **headers):
        address = f"/api/v1/datasets/{self.id}/pieces/{number}"
        return self.client.put(address, body, media_type, headers=self.headers | headers)

    def close(self, **body):
        return self.client.post(f"/api/v1/datasets/{self.id}/close", json.dumps(body), JSON, headers=self.headers)

    def look(self):
        return self.client.get(f"/api/v1/datasets/{self.id}", headers=self.headers)

    def export(self, **body):
        wish = json.dumps({"dataset_id": self.id, "format": "csv", "columns": ["id", "subject"], **body})
        return self.client.post("/api/v1/tickets/export", wish, JSON, headers=self.headers)


@pytest.fixture
def uploader(client, client_and_key):
    uploader = Uploader(client, client_and_key[1])
    assert uploader.begin().status_code == 201
    return uploader


def ids(answer):
    assert answer.status_code == 200, answer.content
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").split("\r\n")
    return [line.split(",")[0] for line in lines[1:] if line]


@pytest.mark.parametrize(
    ("body", "media_type", "headers"),
    [
        (ndjson(range(1, 6)), NDJSON, {}),
        (gzip.compress(ndjson(range(1, 6))), NDJSON, {"Content-Encoding": "gzip"}),
        (json.dumps(list(map(ticket, range(1, 6)))).encode(), JSON, {}),
        (as_csv(range(1, 6)), f"{CSV}; charset=utf-8", {}),
        (as_xlsx(range(1, 6)), XLSX, {}),
    ],
)
def test_piece_of_any_format_is_exported(uploader, body, media_type, headers):
    answer = uploader.put(1, body, media_type, **headers)
    assert (answer.status_code, answer.json()["records"]) == (201, 5)
    assert uploader.close(pieces=1).json()["status"] == "closed"
    assert ids(uploader.export()) == ["1", "2", "3", "4", "5"]


def test_pieces_are_exported_in_the_order_of_their_numbers(uploader):
    uploader.put(2, ndjson(range(4, 7)))
    uploader.put(1, ndjson(range(1, 4)))
    uploader.close()
    assert ids(uploader.export()) == ["1", "2", "3", "4", "5", "6"]
    assert ids(uploader.export(options={"sort_by": "subject", "sort_order": "desc"})) == ["6", "5", "4", "3", "2", "1"]
    wanted = {"filters": {"status_id": [1, 2]}, "options": {"apply_filters": True}}
    assert ids(uploader.export(**wanted)) == ["1", "3", "4", "6"]


def test_the_same_piece_again_changes_nothing(uploader):
    first = uploader.put(1, ndjson(range(3)))
    again = uploader.put(1, gzip.compress(ndjson(range(3))), **{"Content-Encoding": "gzip"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["sha256"] == hashlib.sha256(ndjson(range(3))).hexdigest()
    folder = files.folder(Dataset.objects.get().public_id)
    assert len(list(folder.iterdir())) == 1


def test_another_piece_under_a_number_that_is_taken_is_refused(uploader):
    uploader.put(1, ndjson(range(3)))
    answer = uploader.put(1, ndjson(range(4)))
    assert (answer.status_code, answer.json()["error_code"]) == (409, "CONFLICT")
    assert uploader.look().json()["records"] == 3


def test_whoever_was_cut_off_learns_what_is_missing(uploader):
    uploader.put(1, ndjson(range(3)))
    uploader.put(4, ndjson(range(3, 6)))
    told = uploader.look().json()
    assert (told["missing_pieces"], told["next_piece"], told["records"]) == ([2, 3], 2, 6)
    refused = uploader.close()
    assert refused.status_code == 409
    assert "2, 3" in refused.json()["message"]
    assert uploader.export().status_code == 409
    uploader.put(2, ndjson([7]))
    uploader.put(3, ndjson([8]))
    assert uploader.close(pieces=4).status_code == 200
    assert uploader.close(pieces=4).status_code == 200
    assert uploader.put(5, ndjson([9])).status_code == 409


@pytest.mark.parametrize(
    ("body", "media_type", "headers", "status", "sentence"),
    [
        (ndjson([1, 2]) + b'{"id": 3, \n', NDJSON, {}, 400, "record 3"),
        (b"[1]", JSON, {}, 400, "Record 1"),
        (b"colour,shape\r\nred,round\r\n", CSV, {}, 400, "The first row must name the fields"),
        (b"id,subject\r\n1,a,b\r\n", CSV, {}, 400, "1"),
        (b"\n", NDJSON, {}, 400, "no record"),
        (b"[]", JSON, {}, 400, "no record"),
        (gzip.compress(ndjson(range(9)))[:-9], NDJSON, {"Content-Encoding": "gzip"}, 400, "damaged or cut"),
        (ndjson([1]), NDJSON, {"Content-Encoding": "br"}, 400, "gzip"),
        (b"%PDF", "application/pdf", {}, 400, "application/pdf"),
        (b"no book", XLSX, {}, 400, ""),
    ],
)
def test_damaged_piece_is_refused_and_nothing_of_it_is_kept(uploader, body, media_type, headers, status, sentence):
    answer = uploader.put(1, body, media_type, **headers)
    assert answer.status_code == status
    assert sentence in answer.json()["message"]
    assert uploader.look().json()["pieces"] == 0
    folder = files.folder(Dataset.objects.get().public_id)
    assert not folder.exists() or not list(folder.iterdir())


def test_columns_that_no_field_knows_are_told(uploader):
    answer = uploader.put(1, b"id,Subject,colour\r\n1,a,red\r\n", CSV)
    assert answer.json()["unknown_fields"] == ["colour"]


def test_bomb_is_refused_before_it_has_gone_off(uploader, settings):
    settings.EXPORTS_MAX_UPLOAD_BYTES = 1_000_000
    bomb = gzip.compress(ndjson([1]) * 40_000)
    answer = uploader.put(1, bomb, **{"Content-Encoding": "gzip"})
    assert (answer.status_code, len(bomb) < 100_000) == (413, True)


def test_upload_is_its_callers_own(uploader, client):
    uploader.put(1, ndjson([1]))
    uploader.close()
    stranger = Uploader(client, ApiClient.objects.create_key(name="stranger")[1])
    stranger.id = uploader.id
    for answer in (stranger.look(), stranger.put(2, ndjson([2])), stranger.close(), stranger.export()):
        assert (answer.status_code, answer.json()["message"]) == (404, "Upload not found or expired")
    assert client.get(f"/api/v1/datasets/{uploader.id}").status_code == 401


def test_upload_of_other_records_is_refused(uploader):
    uploader.put(1, ndjson([1]))
    uploader.close()
    wish = json.dumps({"dataset_id": uploader.id})
    answer = uploader.client.post("/api/v1/assets/export", wish, JSON, headers=uploader.headers)
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"dataset": ["The upload holds tickets, not assets."]}


def test_unknown_resource_is_named(uploader):
    answer = uploader.begin(resource="tickettes")
    assert answer.status_code == 400
    assert "'tickettes'" in answer.json()["message"]


def test_twenty_uploads_may_be_open(uploader):
    Dataset.objects.all().delete()
    assert [uploader.begin().status_code for _ in range(21)] == [201] * 20 + [429]


def test_upload_serves_the_old_dialect_too(uploader):
    uploader.begin(resource="participants", catalogue="ybb")
    uploader.put(1, b'{"id": 1, "first_name": "Ana"}\n')
    uploader.close()
    wish = json.dumps({"dataset_id": uploader.id, "format": "csv"})
    answer = uploader.client.post("/api/ybb/export/participants", wish, JSON, headers=uploader.headers)
    assert (answer.status_code, answer.json()["data"]["record_count"]) == (200, 1)


def test_deleted_upload_is_gone(uploader):
    uploader.put(1, ndjson([1]))
    folder = files.folder(Dataset.objects.get().public_id)
    answer = uploader.client.delete(f"/api/v1/datasets/{uploader.id}", headers=uploader.headers)
    assert (answer.status_code, folder.exists(), uploader.look().status_code) == (204, False, 404)


def test_expired_upload_is_deleted_but_not_before_it_was_read(uploader):
    uploader.put(1, ndjson(range(1, 4)))
    uploader.close()
    assert uploader.export(**{"async": True}).status_code == 202
    Dataset.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    upkeep()
    export = ExportRequest.objects.get()
    run_export(export.pk)
    export.refresh_from_db()
    assert (export.state, export.record_count) == ("completed", 3)
    upkeep()
    assert not Dataset.objects.exists()
    assert ExportRequest.objects.get().dataset is None


def test_more_pieces_than_an_upload_can_have_are_refused_before_anything_is_counted(uploader):
    answer = uploader.close(pieces=13_935_877_970)
    assert answer.status_code == 400
    assert answer.json()["message"] == "Field 'pieces' must be at most 100,000."
