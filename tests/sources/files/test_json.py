import io
import json

import pytest

from exports.exceptions import InvalidBody, InvalidRecord, TooManyValues
from exports.sources.files import batches, blocks
from exports.types import UploadFormat
from tests.sources.files.conftest import FIELDS

TWO = [("1", "Ana", None), ("2", None, "x")]


@pytest.mark.parametrize(
    ("format", "content"),
    [
        ("json", b'[{"id":1,"name":"Ana"},{"id":2,"note":"x"}]'),
        ("json", b'\xef\xbb\xbf {"data":[{"id":1,"full":"Ana"},{"id":2,"note":"x"}]}\n'),
        ("json", b'{"metadata":{"data":[]},"records":[\n{"id":1,"name":"Ana"},\n{"id":2,"note":"x"}]}'),
        ("ndjson", b'{"id":1,"name":"Ana"}\n{"id":2,"note":"x"}\n'),
        ("ndjson", b'\xef\xbb\xbf{"id":1,"name":"Ana"}\r\n\r\n \n{"id":2,"note":"x"}'),
    ],
)
@pytest.mark.parametrize("rows", [1, 2, 100])
def test_the_same_records_however_they_are_written(read, format, content, rows):
    assert read(content, format, rows=rows) == TWO


@pytest.mark.parametrize(("format", "content"), [("json", b"[]"), ("json", b'{"data":[]}'), ("ndjson", b"")])
def test_file_without_records_has_none(read, format, content):
    assert read(content, format) == []


@pytest.mark.parametrize("block", [1, 100, 1 << 20])
def test_lines_are_whole_wherever_blocks_end(read, monkeypatch, block):
    monkeypatch.setattr(blocks, "BLOCK", block)
    content = b"".join(b'{"id":%d,"name":"%s"}\r\n' % (row, b"x" * row) for row in range(1, 100))
    assert read(content, "ndjson", rows=7) == [(str(row), "x" * row, None) for row in range(1, 100)]


def test_numbers_inside_nested_values_keep_their_digits(read):
    lines = b'{"id":1.50,"note":{"a":[1.10,"1.10"]}}\n{"id":123456789012345678901234567890}'
    assert read(lines, "ndjson")[0] == ("1.50", None, '{"a":[1.10,"1.10"]}')
    assert read(lines, "ndjson")[1][0] == "123456789012345678901234567890"


BROKEN = [
    (b'{"id":1,"name":"A', InvalidBody, "record 7, field 'name'"),
    (b'{"id":1} {"id":2}', InvalidBody, "(record 7): something follows its end."),
    (b'{"id":1},{"id":2}', InvalidBody, "(record 7): something follows its end."),
    (b'{"id":1,\n"name":"A"}', InvalidBody, "record 7"),
    (b"5", InvalidRecord, "Record 7 of 'data' must be an object."),
    (b'{"name":"\\ud800"}', InvalidRecord, "Record 7, field 'name': holds half of a surrogate pair"),
    (b'{"name":"\xff"}', InvalidBody, "not valid UTF-8 (record 7, field 'name')"),
    (b'{"id":NaN}', InvalidRecord, "Record 7, field 'id': NaN is no JSON number."),
    (b'{"note":' + b"[" * 100_000, InvalidRecord, "Record 7, field 'note': must not be nested deeper than 32 levels."),
]


@pytest.mark.parametrize("rows", [1, 4, 100])
@pytest.mark.parametrize(("line", "error", "sentence"), BROKEN)
def test_broken_line_is_named_over_the_whole_file(read, line, error, sentence, rows):
    with pytest.raises(error) as caught:
        read(b'\n{"id":0}\n' * 6 + line + b'\n{"id":8}', "ndjson", rows=rows)
    assert sentence in caught.value.message
    assert caught.value.details["row"] == 7


@pytest.mark.parametrize("rows", [1, 4, 100])
@pytest.mark.parametrize("envelope", [b"[%s]", b'{"data":[%s]}'])
@pytest.mark.parametrize(("record", "error", "sentence"), BROKEN[4:8])
def test_broken_record_of_an_array_is_named(read, record, error, sentence, envelope, rows):
    with pytest.raises(error) as caught:
        read(envelope % (b'{"id":0},' * 6 + record), "json", rows=rows)
    assert sentence in caught.value.message


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "must be a JSON array of records"),
        (b'{"id":1}', "must be a JSON array of records"),
        (b"id,name\n", "must be a JSON array of records"),
        (b'{"data":[{"id":1},{"id":2,]}', "not valid JSON (record 2"),
        (b'[{"id":1},{"id":2', "not valid JSON (record 2"),
        (b'{"data":5}', "an array of records was expected"),
        (b'{"id":1}\n{"id":2}', "something follows its end"),
    ],
)
def test_what_is_no_array_is_refused(read, content, sentence):
    with pytest.raises(InvalidBody) as caught:
        read(content, "json")
    assert sentence in caught.value.message


def test_line_that_is_too_long_is_named(read, monkeypatch):
    monkeypatch.setattr("exports.sources.files.ndjson.LONGEST", 1_000)
    with pytest.raises(InvalidRecord, match="Record 2 takes more than") as caught:
        read(b'{"id":1}\n{"note":"' + b"x" * 1_000 + b'"}\n', "ndjson")
    assert caught.value.details["row"] == 2


def test_line_that_never_ends_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK", 64)
    monkeypatch.setattr(blocks, "LONGEST", 1_000)
    file = io.BytesIO(b'{"id":1}\n' + b"x" * 100_000)
    with pytest.raises(InvalidRecord, match="Record 2 takes more than"):
        list(batches(file, UploadFormat.NDJSON, FIELDS))
    assert file.tell() < 2_000


@pytest.mark.parametrize("format", ["json", "ndjson"])
def test_more_values_than_memory_should_hold_are_refused(read, format):
    record = json.dumps({"note": [[]] * 2_100_000}).encode()
    with pytest.raises(TooManyValues):
        read(b"[" + record + b"]" if format == "json" else record, format)
