"""``manage.py export``: a file from a file, without server, queue or database."""

import csv
import io
import json
import re
import sys

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from exports.types import Format


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    """Return a runner: takes the input's bytes and options, gives what was printed and the output file."""

    def run(body, *options, output="out.xlsx", stdin=False):
        source, target = tmp_path / "in.json", tmp_path / output
        source.write_bytes(body)
        if stdin:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(body)))
        call_command(
            "export", "participants", "--input", "-" if stdin else str(source), "--output", str(target), *options
        )
        return capsys.readouterr(), target

    return run


def as_array(records):
    return json.dumps(records).encode()


def as_object(records):
    return json.dumps({"data": records}).encode()


def as_lines(records):
    return b"\n".join(json.dumps(record).encode() for record in records)


@pytest.mark.parametrize("encode", [as_array, as_object, as_lines])
def test_takes_an_array_an_object_and_lines(run, participants, encode):
    _, target = run(encode(participants(3)))
    assert [row[0] for row in openpyxl.load_workbook(target).active.values] == ["ID", 1, 2, 3]


def test_reads_standard_input(run, participants):
    _, target = run(as_array(participants(2)), "--format", "csv", output="out.csv", stdin=True)
    assert len(list(csv.reader(target.read_text(encoding="utf-8-sig").splitlines()))) == 3


def test_says_rows_seconds_speed_and_size(run, participants):
    printed, target = run(as_array(participants(3)))
    assert re.match(r"3 rows in \d+\.\d\d s \([\d,]+ rows/s\), [\d,]+ bytes -> ", printed.out)
    assert f"{target.stat().st_size:,} bytes" in printed.out


def test_says_what_did_not_fit(run, participants):
    records = participants(2)
    records[1]["birthdate"] = "spring"
    printed, _ = run(as_array(records), "--template", "detailed")
    assert "birthdate: kept_as_text, 1 values, first rows (2,)" in printed.err


@pytest.mark.parametrize(
    ("body", "options", "message"),
    [
        (b"[1]", (), "Record 1 of 'data' must be an object."),
        (b"[]", (), "No data provided for export"),
        (b"[{}]", ("--template", "huge"), "Template 'huge' not found for participants"),
    ],
)
def test_bad_input_is_named_and_keeps_the_old_file(run, tmp_path, body, options, message):
    (tmp_path / "out.xlsx").write_bytes(b"old")
    with pytest.raises(CommandError, match=re.escape(message)):
        run(body, *options)
    assert (tmp_path / "out.xlsx").read_bytes() == b"old"
    assert not list(tmp_path.glob("*.tmp"))


@pytest.mark.parametrize("format", Format)
def test_command_makes_every_format_whatever_a_dialect_offers(run, participants, format):
    _, target = run(as_array(participants(20)), "--format", format.value, output="out")
    assert target.stat().st_size > 300


def test_records_go_through_unchanged(run, participants):
    _, target = run(as_array(participants(1)), "--format", "json", output="out.json")
    assert json.loads(target.read_bytes())["records"] == [
        {
            "id": 1,
            "form_id": "YBB2026_00001",
            "first_name": "First 1",
            "last_name": "O'Neil & <Söhne>",
            "email": "participant1@example.com",
            "phone": "+628120000001",
            "nationality": "Indonesia",
            "state": "Jawa Barat",
            "form_status": "Submitted",
        }
    ]


def test_unknown_format_is_refused(run):
    with pytest.raises(CommandError, match="tar"):
        run(b"[{}]", "--format", "tar")
