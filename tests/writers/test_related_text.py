"""Related rows in the formats that show them in the record's own row, or inside the record."""

import csv
import json

import pytest

from exports.types import Kind
from tests.related import HOSTILE, table, with_payments, write


def csv_rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


@pytest.mark.parametrize(
    ("format", "key"), [("csv", None), ("csv", "id"), ("csv.gz", None), ("pdf", None), ("xlsx.gz", None)]
)
def test_related_rows_are_one_text_in_the_records_row(tmp_path, format, key):
    _, layout, made = write(tmp_path, with_payments([{"amount": 1}, {"amount": 2}], None), format, key)
    assert [column.kind for column in layout.columns] == [Kind.INTEGER, Kind.TEXT, Kind.TEXT]
    assert made.written.rows == 2


def test_csv_shows_them_and_the_word_for_nothing(tmp_path):
    made = with_payments([{"amount": 1.5, "method": "a;b", "status": 1}, {"amount": 2}], [], None, "cash")
    path, _, _ = write(tmp_path, made, "csv", empty="N/A", slice_size=1)
    assert [row[1] for row in csv_rows(path)] == [
        "Payments made",
        "1.5 by a;b on , Pending; 2 by  on , ",
        "N/A",
        "N/A",
        "cash",
    ]


@pytest.mark.parametrize("answer", HOSTILE)
def test_csv_cell_is_never_a_formula(tmp_path, answer):
    records = [{"id": 1, "essays": [{"question": answer, "answer": "why"}]}, {"id": 2, "essays": [answer]}]
    path, _, _ = write(tmp_path, table(records), "csv")
    first, second = (row[2] for row in csv_rows(path)[1:])
    assert first.removeprefix("'" * first.startswith("''")).lstrip("'") == f"{answer}: why".lstrip("'")
    assert second.lstrip("'") == answer.lstrip("'")
    assert not any(text.startswith(("=", "@", "+", "-", "\t", "\r")) for text in (first, second))


@pytest.mark.parametrize("format", ["json", "ndjson"])
def test_json_keeps_them_nested(tmp_path, format):
    payments = [{"amount": 1.5, "extra": {"kept": [1]}}, "cash"]
    path, layout, _ = write(tmp_path, with_payments(payments, None), format, "id", empty="")
    text = path.read_text()
    records = json.loads(text)["records"] if format == "json" else list(map(json.loads, text.splitlines()))
    assert [record["payments"] for record in records] == [payments, None]
    assert layout.columns[1].kind is Kind.LIST


@pytest.mark.parametrize("format", ["excel", "csv", "pdf"])
def test_file_says_what_in_them_is_not_as_it_should_be(tmp_path, format):
    made = with_payments([{"amount": "much"}, 5], None)
    assert [(warning.column, warning.count) for warning in made.warnings] == [
        ("payments.amount", 1),
        ("payments.method", 1),
    ]
    write(tmp_path, made, format)
