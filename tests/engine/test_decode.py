import json

import pytest

from exports.engine.decode import decode, decode_body, decode_each, record_texts
from exports.exceptions import InvalidBody, InvalidRecord, TooManyValues
from exports.types import Field

NAME = Field(name="first_name", label="First name", aliases=("given_name", "fname"))
NOTE = Field(name="note", label="Note")


def test_only_wanted_fields_are_kept_and_missing_ones_are_none():
    records = decode(b'[{"note":"a","x":{"y":1}},{"x":2}]', [NOTE])
    assert len(records) == 2
    assert records.values(NOTE) == ["a", None]


def test_first_alias_a_record_has_counts():
    records = decode(b'[{"fname":"c"},{"given_name":"b","fname":"c"},{"first_name":null,"fname":"c"},{}]', [NAME])
    assert records.values(NAME) == ["c", "b", None, None]


def test_two_fields_may_read_the_same_key():
    other = Field(name="given_name", label="Given name")
    records = decode(b'[{"given_name":"b"},{}]', [NAME, other])
    assert records.values(NAME) == records.values(other) == ["b", None]


def test_key_need_not_be_a_python_name():
    field = Field(name="Full Name?", label="x")
    assert decode(b'[{"Full Name?":"a"}]', [field]).values(field) == ["a"]


@pytest.mark.parametrize(
    "number", ["1.50", "1e400", "-0.0", "123456789012345678901234567890", "0.10000000000000000001"]
)
def test_number_keeps_its_text(number):
    records = decode(f'[{{"note":{number}}}]'.encode(), [NOTE])
    assert str(records.values(NOTE)[0]) == number
    assert records.texts(NOTE) == [number]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('{"a":1.50,"b":["x","1.50",null,true]}', '{"a":1.50,"b":["x","1.50",null,true]}'),
        ('[ "S\\u00e3o", "a\\/b" ]', '["São","a/b"]'),
        ("true", "true"),
        ("12", "12"),
        ('"x"', "x"),
        ("null", None),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
    ],
)
def test_nested_values_are_json_with_numbers_as_they_came(value, text):
    assert decode(f'[{{"note":{value}}}]'.encode(), [NOTE]).texts(NOTE) == [text]


DEEP = b'[{"note":' + b"[" * 100_000 + b"]" * 100_000 + b"}]"


@pytest.mark.parametrize(
    ("body", "error", "sentence"),
    [
        (b"[{},{},{},5]", InvalidRecord, "Record 4 of 'data' must be an object."),
        (b"[null]", InvalidRecord, "Record 1 of 'data' must be an object."),
        (
            b'[{},{"note":"\\ud800"}]',
            InvalidRecord,
            "Record 2, field 'note': holds half of a surrogate pair, which is no character.",
        ),
        (b'[{"note":["a","\\udc00"]}]', InvalidRecord, "Record 1, field 'note': holds half of a surrogate pair"),
        (b'[{"note":NaN}]', InvalidRecord, "Record 1, field 'note': NaN is no JSON number."),
        (b'[{"note":-Infinity}]', InvalidRecord, "Record 1, field 'note': -Infinity is no JSON number."),
        (b'[{"note":' + b"1" * 5000 + b"}]", InvalidRecord, "Record 1, field 'note': holds a number of more than"),
        (b'[{"note":1},{"note":2', InvalidBody, "record 2"),
        (b'{"note":1}', InvalidBody, "an array of records was expected"),
        (b'[{"note":"\xff"}]', InvalidBody, "not valid UTF-8 (record 1, field 'note')"),
        (DEEP, InvalidRecord, "Record 1, field 'note': must not be nested deeper than 32 levels."),
        (b"", InvalidBody, "not valid JSON"),
    ],
)
def test_what_is_wrong_is_named(body, error, sentence):
    with pytest.raises(error) as caught:
        decode(body, [NOTE])
    assert sentence in caught.value.message


@pytest.mark.parametrize(
    "body",
    [
        b'[{"note":"a"},{"note":"b"}]',
        b'\xef\xbb\xbf [{"note":"a"},{"note":"b"}]\n',
        b'{"template":"x","data":[{"note":"a"},{"note":"b"}]}',
        b'{"note":"a"}\n\n{"note":"b"}\r\n',
    ],
)
def test_array_envelope_and_lines_are_the_same_records(body):
    assert decode_body(body, [NOTE]).values(NOTE) == ["a", "b"]


def test_records_of_our_own_files_are_found():
    assert decode_body(b'{"metadata":{"records":2},"records":[{"note":"a"}]}', [NOTE]).values(NOTE) == ["a"]


def test_records_decoded_one_by_one_are_those_of_the_array():
    array = b'[{"note":1.50}, {"fname":"x"},{"note":[1.50]},{}]'
    one_by_one, together = decode_each(record_texts(array), [NOTE, NAME]), decode(array, [NOTE, NAME])
    for field in (NOTE, NAME):
        assert one_by_one.texts(field) == together.texts(field)


def test_record_decoded_for_itself_is_named_by_its_row_in_the_file():
    with pytest.raises(InvalidRecord, match="Record 102 of 'data' must be an object"):
        decode_each([b"{}", b"5"], [NOTE], first_row=101)


def test_one_line_is_one_record():
    assert decode_body(b'{"note":"a"}', [NOTE]).values(NOTE) == ["a"]


@pytest.mark.parametrize(
    "body", [b'{"note":"a"}\n{"note":"b"\n"fname":"c"}', b'{"note":"a"}\n{"note":"b",\n"fname":"c"}']
)
def test_record_that_goes_over_two_lines_is_refused_by_its_row(body):
    """Lines that only fit together must not become a record that nobody sent."""
    with pytest.raises(InvalidBody, match="record 2"):
        decode_body(body, [NOTE])


@pytest.mark.parametrize("body", [b"", b"5", b"note\na\n"])
def test_anything_else_is_refused(body):
    with pytest.raises(InvalidBody):
        decode_body(body, [NOTE])


def test_many_records_keep_their_order():
    body = json.dumps([{"note": number} for number in range(1000)]).encode()
    assert decode(body, [NOTE]).values(NOTE) == list(range(1000))


@pytest.mark.parametrize(
    "body", [b"{}," * 2_000_000 + b"{}", b'{"note":[' + b"10," * 9_000_000 + b"1]}"], ids=["records", "nested"]
)
def test_body_of_too_many_values_is_refused_before_they_are_made(body, monkeypatch):
    monkeypatch.setattr("exports.engine.decode.JsonRecords", None)
    with pytest.raises(TooManyValues):
        decode(b"[" + body + b"]", [NOTE])


def test_long_texts_are_not_many_values():
    body = json.dumps([{"note": "Dear all, " * 100_000} for _ in range(20)]).encode()
    assert len(decode(body, [NOTE])) == 20
