"""Bad input: the document's error body, a message that names the field (and the row), and nothing half kept."""

import gzip
import json

import pytest

pytestmark = pytest.mark.usefixtures("nothing_stored")

KEYS = {"status", "message", "error_code", "error_type", "details", "request_id"}
DEEP = json.loads("[" * 500 + "]" * 500)


def fields(**given):
    return {"data": [{"id": 1}], **given}


def two_records(second):
    return f'{{"data":[{{"id":1}},{second}],"template":"standard"}}'.encode(errors="surrogateescape")


BODY, RECORD, REQUEST, UNKNOWN = "INVALID_BODY", "INVALID_RECORD", "INVALID_REQUEST", "UNKNOWN_NAME"

# What is sent, what the message says, the error code, the field that the details name.
NOT_JSON = [
    (b"", "The request has no JSON body.", BODY, None),
    (b"{", "not valid JSON: the text ends too early.", BODY, None),
    (b"data=1", "not valid JSON: expecting '{'.", BODY, None),
    (b'{"data":[{}]} x', "not valid JSON: something follows its end.", BODY, None),
    (b'{"data":[{}],"filters":{"a" 1}}', "not valid JSON (field 'filters')", BODY, "filters"),
    (b'{"data":[{}],"filters":{"a":"\xff"}}', "not valid UTF-8 (field 'filters').", BODY, "filters"),
    (b'{"data":[{}],"filename":"\\udc00"}', "Field 'filename': holds half of a surrogate", BODY, "filename"),
    ('{"data":[{}]}'.encode("utf-16"), "not valid UTF-8 (byte 1).", BODY, None),
]
TOO_DEEP = "must not be nested deeper than 32 levels."
# The second record of two.
BROKEN_RECORDS = [
    ('"x"', "Record 2 of 'data' must be an object.", RECORD, None),
    ("null", "Record 2 of 'data' must be an object.", RECORD, None),
    ("[1]", "Record 2 of 'data' must be an object.", RECORD, None),
    ('{"notes":"\\ud800"}', "Record 2, field 'notes': holds half of a surrogate pair", RECORD, "notes"),
    ('{"notes":NaN}', "Record 2, field 'notes': NaN is no JSON number.", RECORD, "notes"),
    (f'{{"id":{"9" * 5000}}}', "Record 2, field 'id': holds a number of more than 4,300", RECORD, "id"),
    ('{"id":1,"notes":"a" "b"}', "not valid JSON (record 2, field 'notes'): expecting ','", BODY, "notes"),
    ('{"id":1,"notes":"a\nb"}', "not valid JSON (record 2, field 'notes'): invalid control", BODY, "notes"),
    ('{"id":', "not valid JSON (record 2, field 'id')", BODY, "id"),
    (f'{{"id":1,"no\\"tes":{"[" * 33}{"]" * 33}', f"Record 2, field 'no\"tes': {TOO_DEEP}", RECORD, 'no"tes'),
    ('{"notes":' + '{"a":' * 50_000, f"Record 2, field 'notes': {TOO_DEEP}", RECORD, "notes"),
    ('{"nobody_wants": [1, ["]"' + ',["]"' * 32, f"Record 2, field 'nobody_wants': {TOO_DEEP}", RECORD, "nobody_wants"),
    ('{"phone":"\udcff"}', "not valid UTF-8 (record 2, field 'phone').", BODY, "phone"),
]
WRONG = [
    ([{"id": 1}], "The request body must be an object, not a list.", BODY, "body"),
    (b'"text"', "The request body must be an object, not text.", BODY, "body"),
    ({}, "No data provided for export", "NO_DATA", "data"),
    ({"data": []}, "No data provided for export", "NO_DATA", "data"),
    ({"data": None}, "No data provided for export", "NO_DATA", "data"),
    ({"data": "x"}, "Field 'data' must be a list of records.", REQUEST, "data"),
    ({"data": {"1": {}}}, "array_values() makes a list of an array with gaps.", REQUEST, "data"),
    ({"data": [{}] * 50_001}, "Data exceeds maximum limit of 50000 records", "TOO_MANY_RECORDS", "data"),
    (fields(template=5), "Field 'template' must be text, not a number.", BODY, "template"),
    (fields(template="x" * 101), "must not be longer than 100 characters.", BODY, "template"),
    (fields(template="nope"), "Template 'nope' not found for participants", UNKNOWN, "template"),
    (fields(format=True), "Field 'format' must be text, not true or false.", BODY, "format"),
    (fields(format="docx"), "Format 'docx' is not available.", UNKNOWN, "format"),
    (fields(filters="x"), "Field 'filters' must be an object, not text.", BODY, "filters"),
    (fields(filters=[1]), "Field 'filters' must be an object.", REQUEST, "filters"),
    (fields(filters={"a": "\0"}), "Field 'filters' must not contain the character U+0000.", REQUEST, "filters"),
    (fields(filters={"a": DEEP}), f"Field 'filters' {TOO_DEEP}", BODY, "filters"),
    (fields(filters={"a": "x" * 70_000}), "'filters' must not be larger than 65,536 bytes.", REQUEST, "filters"),
    (fields(options=7), "Field 'options' must be an object, not a number.", BODY, "options"),
    (fields(options={"sort_by": "id", "sort_order": "up"}), "'asc' or 'desc'.", REQUEST, "options.sort_order"),
    (fields(options={"apply_filters": 1}), "must be true or false.", REQUEST, "options.apply_filters"),
    (fields(options={"apply_filters": True}, filters={"x": 1}), "Filter 'x' does not exist.", UNKNOWN, "filters.x"),
    (fields(program_id=True), "must be a whole number or text, not true or false.", BODY, "program_id"),
    (fields(program_id="x"), "Field 'program_id' must be a whole number.", REQUEST, "program_id"),
    (fields(program_id=-1), "Field 'program_id' must be a whole number.", REQUEST, "program_id"),
    (fields(program_id=2**63), "Field 'program_id' must be a whole number.", REQUEST, "program_id"),
]
NAMES = [
    ({"filename": 5}, "Field 'filename' must be text, not a number.", "filename"),
    ({"filename": "../../etc/passwd"}, "Field 'filename' must not contain the character /.", "filename"),
    ({"filename": "C:\\report"}, "Field 'filename' must not contain the character :.", "filename"),
    ({"filename": "a\r\nSet-Cookie: b"}, "Field 'filename' must not contain the character U+000D.", "filename"),
    ({"filename": "a\u202efdp.exe"}, "Field 'filename' must not contain the character U+202E.", "filename"),
    ({"filename": "NUL.xlsx"}, "which is no name for a file.", "filename"),
    ({"sheet_name": "x" * 32}, "Field 'sheet_name' must not be longer than 31 characters.", "sheet_name"),
    ({"sheet_name": "a[b]"}, "Field 'sheet_name' must not contain the character [.", "sheet_name"),
    ({"sheet_name": "a\x7fb"}, "Field 'sheet_name' must not contain the character U+007F.", "sheet_name"),
    ({"sheet_name": "History"}, "Field 'sheet_name' must not be 'History'", "sheet_name"),
]


def check(answer, message, code, field=None, row=None, status=400):
    body = answer.json()
    assert (answer.status_code, set(body), body["status"]) == (status, KEYS, "error")
    assert message in body["message"]
    assert body["error_code"] == code
    assert (body["details"].get("field"), body["details"].get("row")) == (field, row)


@pytest.mark.parametrize(("body", "message", "code", "field"), NOT_JSON)
def test_body_that_is_no_json_is_refused(caller, body, message, code, field):
    check(caller.post(body), message, code, field)


@pytest.mark.parametrize(("record", "message", "code", "field"), BROKEN_RECORDS)
def test_broken_record_is_named_with_its_row_and_field(caller, record, message, code, field):
    check(caller.post(two_records(record)), message, code, field, row=2)


@pytest.mark.parametrize(("body", "message", "code", "field"), WRONG)
def test_wrong_value_is_named_with_its_field(caller, body, message, code, field):
    check(caller.post(body), message, code, field)


@pytest.mark.parametrize(("given", "message", "field"), NAMES)
def test_unsafe_name_is_refused(caller, given, message, field):
    answer = caller.post(fields(**given))
    assert (answer.status_code, answer.json()["details"]) == (400, {"field": field})
    assert message in answer.json()["message"]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (fields(filename="a/b"), "filename_validation"),
        (fields(sheet_name="x" * 32), "filename_validation"),
        ({"data": [{}] * 50_001}, "large_dataset"),
        (fields(template="nope"), "validation"),
    ],
)
def test_error_type_is_the_word_document_000_switches_on(caller, body, word):
    assert caller.post(body).json()["error_type"] == word


def test_unknown_resource_is_refused_and_the_known_are_named(caller):
    answer = caller.post(fields(), "/api/ybb/export/invoices")
    message = "Export type 'invoices' not found. Known export types: ambassadors, participants, payments."
    check(answer, message, UNKNOWN, "export_type")


def test_body_that_is_too_large_is_not_read(caller, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = caller.post(fields())
    check(answer, "must not be larger than 10 bytes; this one has 21.", "BODY_TOO_LARGE", status=413)
    assert answer.json()["error_type"] == "large_dataset"


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_other_media_types_are_refused(caller, content_type):
    message = "The request body must be JSON, sent with 'Content-Type: application/json'."
    check(caller.post(fields(), content_type=content_type), message, "UNSUPPORTED_MEDIA_TYPE", status=415)


def test_other_encodings_of_a_body_are_refused(caller):
    answer = caller.post(fields(), HTTP_CONTENT_ENCODING="br")
    check(answer, "with Content-Encoding gzip, not br", "UNSUPPORTED_MEDIA_TYPE", status=415)


def test_damaged_gzip_is_refused(caller):
    check(caller.post(b"{}", HTTP_CONTENT_ENCODING="gzip"), "damaged or cut", "INVALID_FILE")


def test_bomb_is_refused_when_it_is_as_large_as_a_body_may_be(caller, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000
    answer = caller.post(gzip.compress(b" " * 1_000_000), HTTP_CONTENT_ENCODING="gzip")
    check(answer, "more than 100,000 bytes", "TOO_MANY_BYTES", status=413)


def test_body_without_a_length_is_refused(caller):
    answer = caller.request("POST", "/api/ybb/export/participants", HTTP_TRANSFER_ENCODING="chunked")
    check(answer, "Send the request body with a Content-Length", "LENGTH_REQUIRED", status=411)
