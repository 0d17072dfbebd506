import csv
import json

import pytest


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


def test_file_is_utf8_with_mark_and_crlf(export):
    made = export("csv", {"name": "text", "n": "integer"}, '[{"name":"Zoë","n":1}]'.encode())
    assert made.path.read_bytes() == "\ufeffName,N\r\nZoë,1\r\n".encode()
    made.verify()


def test_values_are_their_text(export):
    kinds = {"i": "integer", "d": "decimal", "m": "money", "day": "date", "at": "datetime", "b": "boolean", "l": "list"}
    record = {"i": -7, "m": "1500.00", "day": "2024-01-15", "at": "2024-01-15T10:30:00", "b": True, "l": [1, "a"]}
    body = json.dumps([record]).encode().replace(b'"i"', b'"d": 1.50, "i"')
    made = export("csv", kinds, body)
    assert read(made.path)[1] == ["-7", "1.50", "1500.00", "2024-01-15", "2024-01-15 10:30:00", "true", '[1,"a"]']
    made.verify()


def test_time_of_day_and_milliseconds_are_shown_where_there_are_any(export):
    made = export(
        "csv", {"day": "date"}, b'[{"day":"2024-01-15"},{"day":"2024-01-15 10:30"},{"day":"2024-01-15 10:30:00.5"}]'
    )
    assert read(made.path)[1:] == [["2024-01-15"], ["2024-01-15 10:30:00"], ["2024-01-15 10:30:00.500"]]
    made.verify()


def test_absent_and_empty_are_told_apart(export):
    made = export("csv", {"a": "text", "b": "text"}, b'[{"a":"","b":null}]')
    assert made.path.read_bytes().endswith(b'\r\n"",\r\n')
    made.verify()


@pytest.mark.parametrize("text", ['a"b', "a,b", "a\nb", "a\r\nb", "a\rb", '"', ",", "é\u2028", "a\x01b", "tab\tin"])
def test_text_is_read_back_as_it_was(export, text):
    made = export("csv", {"a": "text", "b": "text"}, json.dumps([{"a": text, "b": text}] * 3).encode())
    assert read(made.path)[1:] == [[text, text]] * 3
    made.verify()


def test_formula_gets_an_apostrophe_even_as_a_misfit(export):
    made = export("csv", {"a": "text", "n": "integer", "day": "date"}, b'[{"a":"=1+1","n":"=2","day":"@x"}]')
    assert read(made.path)[1] == ["'=1+1", "'=2", "'@x"]
    made.verify()


def test_negative_and_exponent_numbers_stay_numbers(export):
    made = export("csv", {"d": "decimal"}, b'[{"d":-1.5e-7},{"d":-5}]')
    assert read(made.path)[1:] == [["-1.5e-7"], ["-5"]]


def test_header_is_neutral_too(export):
    made = export("csv", {"=x": "text"}, b"[]")
    assert read(made.path) == [["'=X"]]
    made.verify()


def test_line_ends_in_quotes_are_no_rows(export):
    records = [{"a": 'x\r\n"\r\n', "b": "\r\n" * number} for number in range(200)]
    made = export("csv", {"a": "text", "b": "text"}, json.dumps(records).encode(), size=11)
    assert made.written.rows == 200
    made.verify()


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_delimiter_is_the_layouts_own_and_quoted_inside(export, delimiter):
    records = [{"a": f"x{delimiter}y", "b": "p,q"}, {"a": "=1", "b": ""}]
    made = export("csv", {"a": "text", "b": "text"}, json.dumps(records).encode(), delimiter=delimiter)
    with made.path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=delimiter, strict=True))
    assert rows == [["A", "B"], [f"x{delimiter}y", "p,q"], ["'=1", ""]]
    made.verify()


def test_word_for_nothing_goes_through_every_format(export):
    for format in ("csv", "excel"):
        made = export(format, {"a": "text", "n": "integer", "d": "date"}, b'[{"a":""},{"n":1}]', empty="N/A")
        made.verify()
        if format == "csv":
            assert read(made.path)[1:] == [["N/A", "N/A", "N/A"], ["N/A", "1", "N/A"]]
