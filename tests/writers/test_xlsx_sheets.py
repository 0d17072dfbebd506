"""A workbook of many sheets, and the limits of one at one less, exactly, one more."""

import json
import os
import re
import zipfile

import openpyxl
import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from exports.exceptions import LimitExceeded, VerificationFailed
from exports.types import Column, Field, Layout
from exports.writers.verify import verify
from exports.writers.xlsx import XlsxWriter

ONE = Layout(columns=(Column(field=Field(name="a", label="a"), header="A"),), rows_per_sheet=10, sheet_name="Rows")


def records(count):
    return json.dumps([{"n": n} for n in range(count)]).encode()


@pytest.mark.parametrize(("count", "sizes"), [(0, [0]), (9, [9]), (10, [10]), (11, [10, 1]), (20, [10, 10])])
@pytest.mark.parametrize("size", [3, 10, 100])
def test_next_sheet_begins_when_one_is_full(export, count, sizes, size):
    made = export("excel", {"n": "integer"}, records(count), size=size, rows_per_sheet=10, sheet_name="Rows")
    book = CalamineWorkbook.from_path(made.path)
    assert book.sheet_names == ["Rows", "Rows (2)"][: len(sizes)]
    sheets = [book.get_sheet_by_index(number).to_python() for number in range(len(sizes))]
    assert [rows[0] for rows in sheets] == [["N"]] * len(sizes)
    assert [len(rows) - 1 for rows in sheets] == sizes
    assert [row[0] for rows in sheets for row in rows[1:]] == list(range(count))
    made.verify()


def test_every_sheet_is_set_up_alike(export):
    made = export("excel", {"n": "integer"}, records(25), rows_per_sheet=10)
    book = openpyxl.load_workbook(made.path)
    assert book.active.title == "Data"
    assert [sheet.auto_filter.ref for sheet in book] == ["A1:A11", "A1:A11", "A1:A6"]
    assert {sheet.freeze_panes for sheet in book} == {"A2"}
    assert {sheet.print_title_rows for sheet in book} == {"$1:$1"}
    assert {sheet.page_setup.orientation for sheet in book} == {"landscape"}
    assert len({sheet.column_dimensions["A"].width for sheet in book}) == 1
    with zipfile.ZipFile(made.path) as archive:
        filters = re.findall(r"FilterDatabase[^>]*>([^<]*)<", archive.read("xl/workbook.xml").decode())
        assert sum(b"tabSelected" in archive.read(name) for name in archive.namelist()) <= 1
    assert filters == ["'Data'!$A$1:$A$11", "'Data (2)'!$A$1:$A$11", "'Data (3)'!$A$1:$A$6"]


@pytest.mark.parametrize(("count", "fits"), [(99, True), (100, True), (101, False)])
def test_file_holds_ten_sheets(tmp_path, count, fits):
    rows = pl.DataFrame({"a": [str(n) for n in range(count)]})
    with (tmp_path / "x.xlsx").open("w+b") as file:
        writer = XlsxWriter(file, ONE)
        if fits:
            writer.write(rows)
            written = writer.close()
            assert len(openpyxl.load_workbook(file).worksheets) == 10
            verify(tmp_path / "x.xlsx", "excel", written, ONE, [rows])
        else:
            with pytest.raises(LimitExceeded, match="100 records"):
                writer.write(rows)


def test_warning_names_the_row_of_the_export_on_whatever_sheet(export):
    texts = ["x" * 32_768 if n in (4, 13, 21) else "" for n in range(25)]
    made = export("excel", {"a": "text"}, json.dumps([{"a": text} for text in texts]).encode(), rows_per_sheet=10)
    assert [(w.code, w.count, w.rows) for w in made.written.warnings] == [("cell_cut", 3, (5, 14, 22))]
    made.verify()


@pytest.mark.parametrize("change", [{5: "x"}, {15: "x"}, {22: "x"}])
def test_wrong_cell_is_found_on_any_sheet_among_blank_rows(export, change):
    body = json.dumps([{"n": None}] * 25).encode()
    made = export("excel", {"n": "text"}, body, rows_per_sheet=10)
    made.verify()
    wrong = pl.DataFrame({"n": [change.get(row) for row in range(25)]}, schema={"n": pl.String})
    with pytest.raises(VerificationFailed, match="column 'N'"):
        verify(made.path, "excel", made.written, made.layout, [wrong])


@pytest.mark.skipif("SLOW_TESTS" not in os.environ, reason="writes a million rows; set SLOW_TESTS=1")
@pytest.mark.parametrize(("count", "sheets"), [(1_048_574, 1), (1_048_575, 1), (1_048_576, 2)])
def test_sheet_holds_1048575_records(tmp_path, count, sheets):
    layout = Layout(columns=ONE.columns)
    rows = pl.DataFrame({"a": pl.int_range(count, eager=True).cast(pl.String)})
    with (tmp_path / "x.xlsx").open("w+b") as file:
        writer = XlsxWriter(file, layout)
        for piece in rows.iter_slices(16_384):
            writer.write(piece)
        written = writer.close()
    book = CalamineWorkbook.from_path(tmp_path / "x.xlsx")
    found = [row[0] for number in range(sheets) for row in book.get_sheet_by_index(number).to_python()[1:]]
    assert len(book.sheet_names) == sheets
    assert found == rows["a"].to_list()
    verify(tmp_path / "x.xlsx", "excel", written, layout)
