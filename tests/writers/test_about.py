"""The About sheet: what a person who finds the file later wants to know."""

import dataclasses
import json
from datetime import UTC, datetime

import openpyxl
import pytest

from exports.types import About, DataWarning, Part

ABOUT = About(
    resource="participants",
    template="standard",
    template_version="ab12cd34",
    requester="website",
    asked_at=datetime(2026, 3, 1, 10, 30, tzinfo=UTC),
    time_zone="UTC",
    filters={"status": "approved", "ids": [1, 2], "note": "=1+1_x0041_\x01<&>"},
    records=3_000,
    part=Part(number=2, first_row=2_001, last_row=3_000),
    of=2,
)
BODY = json.dumps([{"name": "x" * 32_768}]).encode()


def about_sheet(made):
    book = openpyxl.load_workbook(made.path)
    assert book.active.title == made.layout.sheet_name
    return [[cell.value for cell in row if cell.value is not None] for row in book.worksheets[-1].iter_rows()]


def test_about_sheet_says_what_who_when_and_which(export):
    made = export("excel", {"name": "text"}, b'[{"name":"x"}]', about=ABOUT, title="Participants")
    assert about_sheet(made) == [
        ["Participants"],
        ["Template", "standard, version ab12cd34"],
        ["Exported", "2026-03-01 10:30:00, UTC, by website"],
        ["Filters", "status: approved; ids: 1, 2; note: =1+1_x005F_x0041__x0001_<&>"],
        ["Records", "3,000"],
        ["This file", "records 2001-3000, file 2 of 2"],
        ["Times", "in the zone UTC"],
        ["Warnings", "none: every value is in the file as it came"],
    ]
    made.verify()


def test_warnings_of_reading_and_writing_are_listed_with_their_rows(export):
    read = DataWarning(code="kept_as_text", column="name", count=12, rows=tuple(range(1, 11)))
    made = export("excel", {"name": "text"}, BODY, about=dataclasses.replace(ABOUT, warnings=(read,)))
    rows = about_sheet(made)
    assert rows[rows.index(["Warnings", "see below"]) + 1 :] == [
        [],
        ["Column", "What happened", "Values", "First records"],
        ["Name", read.sentence, "12", "1, 2, 3, 4, 5, 6, 7, 8, 9, 10 …"],
        ["Name", "Longer than the 32,767 characters of a cell; cut", "1", "1"],
    ]
    made.verify()


def test_about_sheet_stands_behind_every_data_sheet_and_never_takes_their_name(export):
    body = json.dumps([{"n": n} for n in range(15)]).encode()
    made = export("excel", {"n": "integer"}, body, about=ABOUT, rows_per_sheet=10, sheet_name="about")
    assert openpyxl.load_workbook(made.path).sheetnames == ["about", "about (2)", "About (3)"]
    made.verify()


@pytest.mark.parametrize("layout", [{"about": ABOUT, "about_sheet": False}, {}])
def test_about_sheet_can_be_switched_off(export, layout):
    made = export("excel", {"n": "integer"}, b'[{"n":1}]', **layout)
    assert openpyxl.load_workbook(made.path).sheetnames == ["Data"]
    made.verify()


def test_two_files_of_one_look_have_their_own_about_sheet(export):
    for number in (1, 2):
        part = Part(number=number, first_row=number, last_row=number)
        made = export("excel", {"n": "integer"}, b'[{"n":1}]', about=dataclasses.replace(ABOUT, part=part))
        assert ["This file", f"records {number}-{number}, file {number} of 2"] in about_sheet(made)
