import json
import zipfile
from datetime import datetime

import openpyxl
import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from exports.exceptions import LimitExceeded
from exports.types import Column, Field, Kind, Layout
from exports.writers.xlsx import XlsxWriter

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://x","y")',
    "<b>&amp;</b>",
    "]]>",
    "a\tb\nc",
    "line\r\nline\rline",
    " leading",
    "trailing ",
    "\n",
    "\t",
    " ",
    "_x0041_",
    "_x005F_x0041_",
    "_x0041",
    "_x00_x0041_",
    "__x0041__x0042_",
    "_X0041_",
    "_x0_x1_",
    "_x00_x0041_",
    "_x4\x01",
    "\r",
    "\rx",
    "x\r",
    "\x01\x02\x1f",
    "_x0041\x01",
    "_\x01_",
    "\x00",
    "\x7f\x85\u2028\u2029",
    "\ufeffbom",
    "\U0001f600\u0301 \u202egnp.exe",
    "\u0000=1",
    "'apostrophe",
    "007",
    "1e5",
    "TRUE",
    "#N/A",
    "2024-01-15",
    "\u00a0",
    "x" * 32_767,
]


def calamine(path):
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def unescaped(text):
    """Undo _xHHHH_ as Excel does; openpyxl leaves it."""
    return openpyxl.utils.escape.unescape(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_read_back_as_it_was(export, text):
    made = export("excel", {"name": "text", "last": "text"}, json.dumps([{"name": text, "last": "."}]).encode())
    assert calamine(made.path)[1][0] == text
    cell = openpyxl.load_workbook(made.path).active["A2"]
    assert (unescaped(cell.value), cell.data_type) == (text, "s")
    assert made.written.warnings == ()
    made.verify()


def test_numbers_and_times_are_values_with_a_style(export):
    record = {"n": 7, "d": 1.25, "m": "1500.50", "day": "2024-01-15", "at": "2024-01-15T10:30:05.250", "never": None}
    kinds = {"n": "integer", "d": "decimal", "m": "money", "day": "date", "at": "datetime", "never": "date"}
    made = export("excel", kinds, json.dumps([record]).encode())
    cells = openpyxl.load_workbook(made.path).active[2]
    assert [(cell.value, cell.number_format) for cell in cells if cell.value is not None] == [
        (7, "0"),
        (1.25, "General"),
        (1500.5, "#,##0.00"),
        (datetime(2024, 1, 15), "yyyy-mm-dd"),
        (datetime(2024, 1, 15, 10, 30, 5, 250000), "yyyy-mm-dd hh:mm:ss"),
    ]
    made.verify()


def test_date_keeps_its_time_of_day_and_is_shown_with_it(export):
    made = export("excel", {"day": "date"}, b'[{"day":"2024-01-15 10:30"},{"day":"2024-01-16"},{}]')
    cells = [row[0] for row in openpyxl.load_workbook(made.path).active.iter_rows(min_row=2, max_row=3)]
    assert [(cell.value, cell.number_format) for cell in cells] == [
        (datetime(2024, 1, 15, 10, 30), "yyyy-mm-dd hh:mm:ss"),
        (datetime(2024, 1, 16), "yyyy-mm-dd"),
    ]
    made.verify()


def test_every_millisecond_of_a_day_is_kept(export):
    moments = [f"2024-01-15 {hour:02}:{hour:02}:07.{hour * 41:03}" for hour in range(24)]
    made = export("excel", {"at": "datetime"}, json.dumps([{"at": moment} for moment in moments]).encode())
    cells = [row[0] for row in openpyxl.load_workbook(made.path).active.iter_rows(min_row=2, values_only=True)]
    assert [cell.isoformat(sep=" ", timespec="milliseconds") for cell in cells] == moments
    made.verify()


def test_misfit_stands_in_its_cell_as_text(export):
    made = export("excel", {"m": "money", "day": "date"}, b'[{"m":"n/a","day":"soon"},{"m":1,"day":"2024-01-15"}]')
    assert calamine(made.path)[1] == ["n/a", "soon"]
    made.verify()


def test_absent_and_empty_cells_are_left_out(export):
    made = export("excel", {"a": "text", "b": "integer", "c": "text"}, b'[{"a":"","c":"x"},{"b":""},{"a":null}]')
    with zipfile.ZipFile(made.path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert [name for name in (b'r="A2"', b'r="B2"', b'r="C2"', b'r="B3"') if name in sheet] == [b'r="C2"']
    assert sheet.count(b"<row ") == 4
    made.verify()


def test_too_long_text_is_cut_and_counted(export):
    made = export("excel", {"a": "text"}, json.dumps([{"a": "ok"}, {"a": "x" * 32_768}]).encode())
    assert calamine(made.path)[2][0] == "x" * 32_767
    assert [(w.code, w.column, w.count, w.rows) for w in made.written.warnings] == [("cell_cut", "a", 1, (2,))]
    made.verify()


def test_cut_never_halves_a_character(export):
    made = export("excel", {"a": "text"}, json.dumps([{"a": "x" * 32_766 + "\U0001f600"}]).encode())
    assert calamine(made.path)[1][0] == "x" * 32_766
    made.verify()


def test_character_no_xml_can_hold_is_replaced_and_counted(export):
    made = export("excel", {"a": "text"}, json.dumps([{"a": "a\ufffe"}, {"a": "\uffffb"}]).encode(), size=1)
    assert calamine(made.path)[1:] == [["a\ufffd"], ["\ufffdb"]]
    assert [(w.code, w.count, w.rows) for w in made.written.warnings] == [("character_replaced", 2, (1, 2))]
    made.verify()


def test_look_is_the_agreed_one(export):
    made = export(
        "excel",
        {"name": "text", "long": "text", "day": "date"},
        json.dumps([{"name": "a", "long": "x" * 300, "day": "2024-01-15"}] * 3).encode(),
        sheet_name="R&D 2024",
        title="Participants <all>",
    )
    book = openpyxl.load_workbook(made.path)
    sheet = book.active
    header = sheet["A1"]
    assert (sheet.title, book.properties.title, book.properties.creator) == (
        "R&D 2024",
        "Participants <all>",
        "YBB Export Portal",
    )
    assert (header.font.b, header.font.color.rgb, header.fill.fgColor.rgb) == (True, "FFFFFFFF", "FF366092")
    assert (header.alignment.horizontal, header.alignment.wrap_text) == ("center", True)
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.dimensions) == ("A2", "A1:C4", "A1:C4")
    assert [sheet.column_dimensions[letter].width for letter in "ABC"] == [10, 52, 12]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "landscape",
        1,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.print_title_rows, sheet.oddFooter.center.text) == ("$1:$1", "&P / &N")


def test_header_is_text_whatever_it_looks_like(tmp_path):
    columns = tuple(Column(field=Field(name="a", label="a"), header=header) for header in ["=1+1", "<&>", "a", "a"])
    with (tmp_path / "x.xlsx").open("w+b") as file:
        writer = XlsxWriter(file, Layout(columns=columns))
        writer.write(pl.DataFrame({"a": ["x"]}))
        writer.close()
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert [(cell.value, cell.data_type) for cell in sheet[1]] == [(c.header, "s") for c in columns]
    assert [cell.value for cell in sheet[2]] == ["x"] * 4


def test_two_sheets_of_one_look_have_their_own_ranges(export, tmp_path):
    for rows in (2, 5):
        made = export("excel", {"a": "text"}, json.dumps([{"a": "x"}] * rows).encode())
        assert openpyxl.load_workbook(made.path).active.auto_filter.ref == f"A1:A{rows + 1}"


def test_no_records_make_a_header_and_nothing_else(export):
    made = export("excel", {"a": "text"}, b"[]")
    assert calamine(made.path) == [["A"]]
    assert made.written.rows == 0
    made.verify()


def test_slices_join_without_a_seam(export):
    made = export("excel", {"n": "integer"}, json.dumps([{"n": n} for n in range(1000)]).encode(), size=7)
    assert [row[0] for row in calamine(made.path)[1:]] == list(range(1000))
    assert openpyxl.load_workbook(made.path).active.max_row == 1001
    made.verify()


@pytest.mark.parametrize(("columns", "fits"), [(16_383, True), (16_384, True), (16_385, False)])
def test_sheet_holds_16384_columns(tmp_path, columns, fits):
    layout = Layout(columns=tuple([Column(field=Field(name="a", label="a"), header="A")] * columns))
    with (tmp_path / "x.xlsx").open("w+b") as file:
        if fits:
            XlsxWriter(file, layout).close()
            assert openpyxl.load_workbook(tmp_path / "x.xlsx", read_only=True).active.max_column in (None, columns)
        else:
            with pytest.raises(LimitExceeded, match="16,384 columns"):
                XlsxWriter(file, layout)


def test_text_of_several_lines_is_wrapped_and_has_room_for_eight(export):
    records = [{"t": "one line"}, {"t": "a\nb"}, {"t": "x" * 120}, {"t": "x" * 2_000}, {}]
    for texts in (records, records[:2]):
        made = export("excel", {"t": "text", "n": "integer"}, json.dumps(texts).encode())
        sheet = openpyxl.load_workbook(made.path).active
        heights = [sheet.row_dimensions[row].height for row in range(2, len(texts) + 2)]
        assert heights == [None, 30, 45, 120, None][: len(texts)]
        assert sheet["A3"].alignment.wrap_text
        assert bool(sheet["A2"].alignment.wrap_text) is (texts is records)
        made.verify()


def test_cells_are_read_from_their_top_and_numbers_stand_off(export):
    sheet = openpyxl.load_workbook(export("excel", {"t": "text", "n": "integer"}, b'[{"t":"x","n":1}]').path).active
    assert (sheet["A2"].alignment.vertical, sheet["B2"].alignment.vertical) == ("top", "top")
    assert (sheet["B2"].alignment.horizontal, sheet["B2"].alignment.indent) == ("right", 1)
    assert {sheet[cell].font.name for cell in ("A1", "A2", "B2")} == {"Calibri"}


def test_long_header_is_wrapped_in_a_higher_row(export):
    made = export("excel", {"a" * 60: "text", "b": "text"}, b"[]")
    sheet = openpyxl.load_workbook(made.path).active
    assert (sheet.row_dimensions[1].height, sheet.column_dimensions["A"].width) == (30, 52)


def test_number_formats_are_the_templates_own(export):
    kinds = {"m": "money", "day": "date", "n": "integer"}
    body = b'[{"m":1.5,"day":"2024-01-15","n":1}]'
    made = export("excel", kinds, body, number_formats={Kind.MONEY: "#,##0", Kind.DATE: "dd/mm/yyyy"})
    cells = openpyxl.load_workbook(made.path).active[2]
    assert [(cell.value, cell.number_format) for cell in cells] == [
        (1.5, "#,##0"),
        (datetime(2024, 1, 15), "dd/mm/yyyy"),
        (1, "0"),
    ]
    made.verify()
