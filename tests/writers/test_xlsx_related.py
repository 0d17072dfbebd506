"""Related rows on sheets of their own."""

import dataclasses
from datetime import datetime
from zoneinfo import ZoneInfo

import openpyxl
import polars as pl
import pytest
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from exports import layouts
from exports.exceptions import InvalidSheetName, LimitExceeded, VerificationFailed
from exports.types import About, Field, Kind, Part, Related
from exports.writers import writer_class
from exports.writers.gzip import unpacked
from exports.writers.verify import verify
from tests.related import HOSTILE, ID, PAYMENTS, layout_of, table, with_payments, write

FULL = {"amount": 12.5, "paid_at": "2024-01-15 10:30:00", "method": "bank", "status": 2}


def sheets_of(path):
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def about(made):
    return About(
        resource="participants",
        template="standard",
        template_version="1",
        requester="",
        asked_at=datetime(2024, 1, 1, tzinfo=ZoneInfo("UTC")),
        time_zone="UTC",
        records=made.count,
        part=Part(number=1, first_row=1, last_row=made.count),
        warnings=made.warnings,
    )


def relabelled(label):
    related = Related(label=label, fields=PAYMENTS.related.fields, text=PAYMENTS.related.text)
    return Field(name="payments", label="Payments made", kind=Kind.LIST, related=related)


def test_each_list_has_a_sheet_between_the_records_and_about(tmp_path):
    made = table(
        [
            {"id": 1, "payments": [FULL, {"amount": 7}], "essays": [{"question": "Why", "answer": "So"}]},
            {"id": 2, "essays": []},
            {"id": 3, "payments": [{"method": "card"}]},
        ]
    )
    path, _, written = write(tmp_path, made, "excel", "id", about=about(made))
    sheets = sheets_of(path)
    assert list(sheets) == ["Data", "Payments", "Essays", "About"]
    assert sheets["Data"] == [["ID"], [1.0], [2.0], [3.0]]
    assert sheets["Payments"] == [
        ["ID", "Amount", "Paid at", "Method", "Status"],
        [1.0, 12.5, datetime(2024, 1, 15, 10, 30), "bank", "Paid"],
        [1.0, 7.0, "", "", ""],
        [3.0, "", "", "card", ""],
    ]
    assert sheets["Essays"] == [["ID", "Question", "Answer"], [1.0, "Why", "So"]]
    assert written.written.related_rows == (3, 1)


def test_related_sheet_is_set_up_like_the_first(tmp_path):
    path, _, _ = write(tmp_path, with_payments([FULL], [FULL]), "excel", "id")
    book = openpyxl.load_workbook(path)
    payments = book["Payments"]
    assert book.active.title == "Data"
    assert [sheet.auto_filter.ref for sheet in book] == ["A1:A3", "A1:E3", "A1:C1"]
    assert {sheet.freeze_panes for sheet in book} == {"A2"}
    assert {sheet.print_title_rows for sheet in book} == {"$1:$1"}
    assert payments["B1"].fill.start_color.rgb == book["Data"]["A1"].fill.start_color.rgb
    assert (payments["B2"].number_format, payments["C2"].number_format) == ("#,##0.00", "yyyy-mm-dd hh:mm:ss")
    assert payments.column_dimensions["C"].width == len("2024-01-15 10:30:00") + 2


@pytest.mark.parametrize("size", [1, 4, 100])
def test_rows_go_on_where_a_sheet_is_full(tmp_path, size):
    made = with_payments(*([{"amount": record * 10 + row} for row in range(record)] for record in range(7)))
    path, _, _ = write(tmp_path, made, "excel", "id", slice_size=size, rows_per_sheet=5)
    sheets = sheets_of(path)
    names = ["Payments", *(f"Payments ({number})" for number in range(2, 6))]
    assert list(sheets) == ["Data", "Data (2)", *names, "Essays"]
    assert [len(sheets[name]) - 1 for name in names] == [5, 5, 5, 5, 1]
    assert all(sheets[name][0] == sheets["Payments"][0] for name in names)
    rows = [row[1] for name in names for row in sheets[name][1:]]
    assert rows == [record * 10 + row for record in range(7) for row in range(record)]


def test_file_of_no_related_rows_has_their_headers(tmp_path):
    path, _, _ = write(tmp_path, with_payments(None, []), "excel", "id")
    assert sheets_of(path)["Payments"] == [["ID", "Amount", "Paid at", "Method", "Status"]]


def test_packed_workbook_has_the_same_sheets(tmp_path):
    path, _, _ = write(tmp_path, with_payments([FULL]), "xlsx.gz", "id")
    with unpacked(path) as plain:
        assert list(sheets_of(plain)) == ["Data", "Payments", "Essays"]


def test_without_a_key_the_rows_are_a_text(tmp_path):
    path, _, _ = write(tmp_path, with_payments([FULL], []), "excel", empty="none")
    (rows,) = sheets_of(path).values()
    assert [row[1] for row in rows[1:]] == ["12.5 by bank on 2024-01-15 10:30:00, Paid", "none"]


def test_long_text_is_wrapped(tmp_path):
    path, _, _ = write(tmp_path, with_payments([FULL] * 3), "excel")
    cell = openpyxl.load_workbook(path)["Data"]["B2"]
    assert cell.alignment.wrap_text


@pytest.mark.parametrize("answer", HOSTILE)
@pytest.mark.parametrize("key", [None, "id"])
def test_hostile_answer_is_a_text(tmp_path, answer, key):
    made = table([{"id": 1, "essays": [{"question": answer, "answer": answer}, answer]}])
    path, _, _ = write(tmp_path, made, "excel", key)
    sheet = openpyxl.load_workbook(path)["Essays" if key else "Data"]
    cells = [cell for row in sheet.iter_rows(min_row=2, min_col=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    if key:
        assert [unescape(cell.value) for cell in cells] == [answer[:32_767]] * 3


def test_value_that_is_no_array_is_on_the_sheet(tmp_path):
    path, _, _ = write(tmp_path, with_payments("paid in cash", [FULL]), "excel", "id")
    assert sheets_of(path)["Payments"][1] == [1.0, "", "", "paid in cash", ""]


def test_misfits_of_members_and_of_the_key_stand_as_text(tmp_path):
    made = table([{"id": "x-1", "payments": [{"amount": "much", "paid_at": "soon"}]}])
    path, _, _ = write(tmp_path, made, "excel", "id", empty="-")
    assert sheets_of(path)["Payments"][1] == ["x-1", "much", "soon", "-", "-"]


def test_about_names_member_and_record(tmp_path):
    long = [{"method": "y" * 40_000}]
    made = with_payments(None, [{"amount": "much"}], long)
    path, _, written = write(tmp_path, made, "excel", "id", about=about(made))
    (warning,) = written.written.warnings
    assert (warning.code, warning.column, warning.rows) == ("cell_cut", "payments.method", (3,))
    lines = {row[0]: row[2:] for row in sheets_of(path)["About"]}
    assert lines["Payments made: Amount"] == ["1", "2"]
    assert lines["Payments made: Method"] == ["1", "3"]


@pytest.mark.parametrize(
    ("label", "sheet_name", "names"),
    [
        ("Payments", "payments", ["payments", "Payments (2)"]),
        ("About", "Data", ["Data", "About", "About (2)"]),
        ("p" * 31, "p" * 31, ["p" * 31, "p" * 27 + " (2)"]),
    ],
)
def test_sheet_names_are_unique(tmp_path, label, sheet_name, names):
    made = with_payments([FULL])
    field = relabelled(label)
    look = {"about": about(made)} if label == "About" else {}
    path, _, _ = write(tmp_path, made, "excel", "id", fields=[ID, field], sheet_name=sheet_name, **look)
    assert list(sheets_of(path)) == names


def test_name_that_excel_refuses_is_refused(tmp_path):
    with pytest.raises(InvalidSheetName, match="/"):
        write(tmp_path, with_payments([FULL]), "excel", "id", fields=[ID, relabelled("In/Out")])


@pytest.mark.parametrize("slice_size", [1, 100])
def test_too_many_rows_are_refused_and_what_fits_is_said(tmp_path, slice_size):
    rows = [{"amount": 1}] * 4
    with pytest.raises(LimitExceeded, match="20 rows of 'Payments'") as caught:
        write(tmp_path, with_payments(*[rows] * 6), "excel", "id", slice_size=slice_size, rows_per_sheet=2)
    assert caught.value.details["rows"] == 5
    write(tmp_path, with_payments(*[rows] * 5), "excel", "id", slice_size=slice_size, rows_per_sheet=2)


@pytest.mark.parametrize(
    "lie",
    [
        lambda rows: rows.with_columns(pl.lit("other").alias("payments.method")),
        lambda rows: rows.reverse(),
        lambda rows: rows.with_columns(pl.lit("9").alias("id")),
    ],
)
def test_writer_that_lies_about_a_related_cell_is_caught(tmp_path, lie):
    made = with_payments([{"amount": 1, "method": "a"}], [{"amount": 2, "method": "b"}])
    layout, path = layout_of(made, "excel", "id"), tmp_path / "export.xlsx"
    with path.open("w+b") as file:
        writer = writer_class("excel")(file, layout)
        for rows in layouts.slices(made, layout, 10):
            writer.write(rows)
        for place, pieces in enumerate(layouts.related_slices(made, layout, 10)):
            for rows in pieces:
                writer.write_related(place, lie(rows))
        written = writer.close()
    verify(path, "excel", written, layout)
    with pytest.raises(VerificationFailed, match="Row 2, column"):
        verify(
            path, "excel", written, layout, layouts.slices(made, layout, 10), layouts.related_slices(made, layout, 10)
        )


def test_lost_related_row_is_noticed_without_comparing_cells(tmp_path):
    path, layout, made = write(tmp_path, with_payments([FULL], [FULL]), "excel", "id")
    with pytest.raises(VerificationFailed, match="rows"):
        verify(path, "excel", dataclasses.replace(made.written, related_rows=(3, 0)), layout)
