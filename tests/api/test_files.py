"""Files over HTTP: ranges, hashes and conditions (RFC 9110, RFC 9530)."""

import base64
import gzip
import hashlib
import json

import pytest

from exports.models import ExportFile, ExportLog

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(caller):
    """A finished export: where its file is, its bytes and its entity tag."""
    path = caller.export(format="csv")["data"]["download_url"]
    whole = caller.get(path)
    return path, whole.file, whole["ETag"]


def test_file_is_known_by_its_hash(caller, file):
    path, whole, _ = file
    answer = caller.get(path)
    digest = hashlib.sha256(whole).digest()
    assert answer["ETag"] == f'"{digest.hex()}"'
    assert answer["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
    assert (answer["Accept-Ranges"], answer["Content-Length"]) == ("bytes", str(len(whole)))
    assert "Last-Modified" in answer


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=3-9", 3, 9),
        ("bytes=5-", 5, None),
        ("bytes=-4", -4, None),
        ("bytes=2-99999", 2, None),
    ],
)
def test_range_is_sent(caller, file, asked, first, last):
    path, whole, tag = file
    answer = caller.get(path, HTTP_RANGE=asked)
    wanted = whole[first:] if last is None else whole[first : last + 1]
    start = first if first >= 0 else len(whole) + first
    assert (answer.status_code, answer.file) == (206, wanted)
    assert answer["Content-Range"] == f"bytes {start}-{start + len(wanted) - 1}/{len(whole)}"
    assert (answer["Content-Length"], answer["ETag"]) == (str(len(wanted)), tag)


def test_ranges_put_together_are_the_file(caller, file):
    path, whole, tag = file
    pieces = [
        caller.get(path, HTTP_RANGE=f"bytes={at}-{at + 6}", HTTP_IF_RANGE=tag).file for at in range(0, len(whole), 7)
    ]
    assert hashlib.sha256(b"".join(pieces)).hexdigest() == tag.strip('"')


@pytest.mark.parametrize("asked", ["bytes=99999-", "bytes=99999-100000", "bytes=-0"])
def test_range_behind_the_end_is_refused(caller, file, asked):
    answer = caller.get(file[0], HTTP_RANGE=asked)
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(file[1])}")


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-1,4-5"])
def test_what_is_no_single_range_gets_the_whole(caller, file, asked):
    answer = caller.get(file[0], HTTP_RANGE=asked)
    assert (answer.status_code, answer.file) == (200, file[1])


def test_range_of_another_file_gets_the_whole(caller, file):
    answer = caller.get(file[0], HTTP_RANGE="bytes=0-1", HTTP_IF_RANGE='"other"')
    assert (answer.status_code, answer.file) == (200, file[1])
    dated = caller.get(file[0], HTTP_RANGE="bytes=0-1", HTTP_IF_RANGE=answer["Last-Modified"])
    assert dated.status_code == 206


def test_file_that_the_caller_has_is_not_sent_again(caller, file):
    answer = caller.get(file[0], HTTP_IF_NONE_MATCH=file[2])
    assert (answer.status_code, answer.content) == (304, b"")


def test_head_says_what_would_be_sent(caller, file):
    answer = caller.request("HEAD", file[0])
    assert (answer.status_code, answer["Content-Length"], answer["ETag"]) == (200, str(len(file[1])), file[2])
    assert ExportFile.objects.get().downloads == 1
    assert ExportLog.objects.filter(event="downloaded").count() == 1


def test_body_may_come_inside_gzip(caller):
    body = gzip.compress(json.dumps({"data": [{"id": 1}]}).encode())
    assert caller.post(body, HTTP_CONTENT_ENCODING="gzip").json()["data"]["record_count"] == 1


def test_request_has_a_number(caller):
    answer = caller.post({"data": []}, HTTP_X_REQUEST_ID="php-7.1_a")
    assert answer["X-Request-Id"] == answer.json()["request_id"] == "php-7.1_a"
    bent = caller.post({"data": []}, HTTP_X_REQUEST_ID="a\nb" * 99)
    assert len(bent["X-Request-Id"]) == 32


def test_error_is_problem_details_where_these_are_accepted(caller):
    answer = caller.post({"data": []}, HTTP_ACCEPT="application/problem+json")
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["title"], problem["code"]) == (400, "Bad Request", "NO_DATA")
    assert problem["detail"] == "No data provided for export"


def test_caller_may_prefer_not_to_wait(caller):
    answer = caller.post({"data": [{"id": 1}]}, HTTP_PREFER="respond-async")
    assert (answer.status_code, answer["Preference-Applied"]) == (202, "respond-async")
    assert int(answer["Retry-After"]) >= 1
    assert caller.get(answer["Location"]).json()["status"] == "processing"
