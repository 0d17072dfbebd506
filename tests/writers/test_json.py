import json

import pytest

from exports.types import Kind

BOTH = pytest.mark.parametrize("format", ["json", "ndjson"])
KINDS = {
    "i": "integer",
    "d": "decimal",
    "m": "money",
    "day": "date",
    "at": "datetime",
    "b": "boolean",
    "l": "list",
    "t": "text",
}
BODY = (
    b'[{"i":-7,"d":1.50,"m":"1500.00","day":"2024-01-15","at":"2024-01-15 10:30","b":true,"l":[1.0,{"a":null}],"t":""},'
    b'{"i":"x","d":12345678901234567890,"m":null,"day":"soon","at":null,"b":"?","l":"text"}]'
)
LINES = (
    '{"i":-7,"d":1.50,"m":1500.00,"day":"2024-01-15","at":"2024-01-15T10:30:00","b":true,"l":[1.0,{"a":null}],"t":""}',
    '{"i":"x","d":"12345678901234567890","m":null,"day":"soon","at":null,"b":"?","l":"text","t":null}',
)


def records(path):
    text = path.read_bytes().decode()
    return list(map(json.loads, text.split("\n")[:-1])) if path.suffix == ".ndjson" else json.loads(text)["records"]


def test_record_is_a_line_and_values_keep_their_types_and_digits(export):
    made = export("ndjson", KINDS, BODY)
    assert made.path.read_text() == "\n".join(LINES) + "\n"
    made.verify()


def test_document_holds_metadata_and_records(export):
    made = export("json", KINDS, BODY, title="Things")
    document = json.loads(made.path.read_bytes())
    assert list(document) == ["metadata", "records"]
    assert document["metadata"]["title"] == "Things"
    assert document["metadata"]["fields"][1] == {"name": "d", "label": "D", "kind": "decimal"}
    assert document["records"] == list(map(json.loads, LINES))
    made.verify()


@BOTH
@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_any_count_of_records_in_any_slices_is_valid(export, format, count):
    made = export(format, {"n": "integer"}, json.dumps([{"n": n} for n in range(count)]).encode(), size=2)
    assert records(made.path) == [{"n": n} for n in range(count)]
    assert made.written.rows == count
    made.verify()


@BOTH
def test_every_character_is_read_back(export, format):
    texts = [chr(code) for code in [*range(0x300), 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF, 0x1F600, 0x10FFFF]]
    texts += ['"', "\\", "\\n", "\\u0041", '"},{"', "</script>", "a\r\nb"]
    made = export(
        format, {"t": "text", "n": "integer"}, json.dumps([{"t": text, "n": text} for text in texts]).encode()
    )
    assert [(record["t"], str(record["n"])) for record in records(made.path)] == [(text, text) for text in texts]
    made.verify()


@BOTH
def test_key_is_the_name_of_the_field_whatever_it_is(export, format):
    made = export(format, {"größe, <m>": "text"}, '[{"größe, <m>":1}]'.encode())
    assert records(made.path) == [{"größe, <m>": "1"}]
    made.verify()


@BOTH
def test_nested_json_that_came_as_text_is_nested_and_stays_on_its_line(export, format):
    body = json.dumps([{"l": '[1,\r\n"a\\nb"]'}, {"l": "[1,"}, {"l": "[1]]"}, {"l": "5"}, {"l": ""}]).encode()
    made = export(format, {"l": "list"}, body)
    assert [record["l"] for record in records(made.path)] == [[1, "a\nb"], "[1,", "[1]]", "5", ""]
    assert [(w.code, w.count, w.rows) for w in made.table.warnings] == [("kept_as_text", 3, (2, 3, 4))]
    made.verify()


@BOTH
@pytest.mark.parametrize(("labels", "shown"), [(None, [True, False]), ({"1": "Yes", "0": "No"}, ["Yes", "No"])])
def test_boolean_is_its_label_or_else_true_or_false(export, format, labels, shown):
    made = export(format, {"b": Kind.BOOLEAN}, b'[{"b":1},{"b":false},{"b":"maybe"}]', labels=labels)
    assert [record["b"] for record in records(made.path)] == [*shown, "maybe"]
    made.verify()
