import gzip
import io
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest

from exports.exceptions import InvalidFile, TooManyBytes, TooManyValues
from exports.sources.files import batches, inflated, xlsx_size
from exports.types import UploadFormat
from tests.sources.files.conftest import FIELDS

CELLS = '<row r="1"><c r="A1" t="str"><v>id</v></c></row>'


def workbook(*rows, sheets=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name in sheets:
        book.create_sheet(name)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_sheet(xml, declared=None):
    """Return a workbook whose sheet holds other cells; its directory may lie about how many bytes that is."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["id"]))) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{xml}</worksheet>'
            new.writestr(name, sheet if name.endswith("sheet1.xml") else old.read(name))
        for info in new.infolist():
            info.file_size = info.file_size if declared is None else declared
    return packed.getvalue()


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("007", "007"),
        (" a\n", " a\n"),
        ("", None),
        (None, None),
        (5, "5"),
        (5.0, "5"),
        (-0.5, "-0.5"),
        (0.1 + 0.2, "0.3"),
        (123456789012345, "123456789012345"),
        (True, "true"),
        (False, "false"),
        (date(2024, 1, 15), "2024-01-15"),
        (datetime(2024, 1, 15, 10, 30), "2024-01-15 10:30:00"),
        (datetime(2024, 1, 15, 10, 30, 0, 500_000), "2024-01-15 10:30:00.500000"),
        (time(10, 30), "10:30:00"),
        (timedelta(hours=30, seconds=5), "30:00:05"),
    ],
)
@pytest.mark.parametrize("beside", [None, "x", 1.5])
def test_cell_is_its_text(read, cell, text, beside):
    assert read(workbook(["ID", "Full Name"], [1, cell], [2, beside]), "xlsx")[0] == ("1", text, None)


def test_rows_without_a_value_are_no_records(read):
    content = workbook([], ["id", "name"], [1, None], [None, None], [], [None, "B"], [None, ""])
    assert read(content, "xlsx", rows=1) == [("1", None, None), (None, "B", None)]


def test_what_is_ignored_is_told():
    content = workbook(["name", "Shoe size", "id"], ["Ana", 42, 1, "beside"], sheets=("About", "More"))
    found = batches(io.BytesIO(content), UploadFormat.XLSX, FIELDS)
    assert [source.texts(FIELDS[0]) for source in found] == [["1"]]
    assert found.ignored_columns == ("Shoe size", "column 4")
    assert found.ignored_sheets == ("About", "More")


def test_workbook_inside_gzip_is_read(read):
    packed = gzip.compress(workbook(["id"], [1]))
    assert read(inflated(io.BytesIO(packed), 1 << 20), "xlsx") == [("1", None, None)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"id,name\n1,Ana\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        workbook(["id"], [1])[:-30],
        workbook(["id"], [1]).replace(b"xl/workbook.xml", b"xl/workbook.xxx"),
        with_sheet("<sheetData><row"),
    ],
    ids=["empty", "csv", "xls", "cut", "no workbook inside", "broken sheet"],
)
def test_what_is_no_workbook_is_refused(read, content):
    with pytest.raises(InvalidFile):
        read(content, "xlsx")


def test_every_flipped_byte_is_refused_or_read(read):
    content = workbook(["id", "name"], *([row, f"Ana {row}"] for row in range(20)))
    right = read(content, "xlsx")
    for place in range(0, len(content), 41):
        flipped = bytearray(content)
        flipped[place] ^= 0x55
        try:
            assert read(bytes(flipped), "xlsx") == right
        except InvalidFile:
            continue


def test_sheet_without_a_header_is_refused(read):
    with pytest.raises(InvalidFile, match="The first row must name the fields"):
        read(workbook(), "xlsx")


@pytest.mark.parametrize("declared", [None, 100])
def test_bomb_is_refused_whatever_its_directory_says(read, monkeypatch, declared):
    monkeypatch.setattr(xlsx_size, "MOST_BYTES", 1 << 20)
    with pytest.raises(TooManyBytes, match="unpacks to more than 1,048,576 bytes"):
        read(with_sheet(f"<sheetData>{CELLS}{' ' * (8 << 20)}</sheetData>", declared), "xlsx")


@pytest.mark.parametrize(
    "far", ['<c r="XFD1048576"/>', '<x:c s="1" r="XFD1048576"><v>1</v></x:c>', '<c\nr="XFD9999999"/>']
)
def test_sheet_that_claims_all_cells_there_are_is_refused(read, far):
    with pytest.raises(TooManyValues, match="reaches over more than 8,000,000 cells"):
        read(with_sheet(f"<sheetData>{CELLS}<row>{far}</row></sheetData>"), "xlsx")


@pytest.mark.parametrize(
    "cell", ["<c/>", "<c><v>1</v></c>", "<c t='n' r='B1'/>", '<c r="&#65;1"/>', '<c x=">" r="B1"/>']
)
def test_cells_that_do_not_plainly_say_where_they_are_are_refused(read, cell):
    with pytest.raises(InvalidFile, match="do not say where they are"):
        read(with_sheet(f"<sheetData>{CELLS}<row>{cell}</row></sheetData>"), "xlsx")


@pytest.mark.parametrize("shift", range(0, 30, 3))
def test_tag_that_is_cut_between_two_pieces_is_seen(read, monkeypatch, shift):
    monkeypatch.setattr(xlsx_size, "_BLOCK", 50)
    content = with_sheet(f'{" " * shift}<sheetData>{CELLS}<row><c r="XFD1048576"/></row></sheetData>')
    with pytest.raises(TooManyValues):
        read(content, "xlsx")
