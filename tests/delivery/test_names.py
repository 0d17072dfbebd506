import pytest

from exports.delivery import names
from exports.exceptions import InvalidFilename, InvalidSheetName
from exports.types import Format
from exports.writers import reading_class, writer_class
from exports.writers.sheet_name import check_sheet_name


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("report.xlsx", "report.xlsx"),
        ("report", "report.xlsx"),
        ("report.csv", "report.xlsx"),
        ("report.XLSX", "report.xlsx"),
        ("report v1.2", "report v1.2.xlsx"),
        ("  report .xlsx ", "report.xlsx"),
        ("Ringkasan_Peserta_2026é.xlsx", "Ringkasan_Peserta_2026é.xlsx"),
    ],
)
def test_filename_gets_the_extension_of_the_format(given, expected):
    assert names.checked_filename(given, Format.EXCEL, 200) == expected


@pytest.mark.parametrize(
    ("given", "format", "expected"),
    [
        ("report.xlsx.gz", Format.EXCEL_GZ, "report.xlsx.gz"),
        ("report.xlsx", Format.EXCEL_GZ, "report.xlsx.gz"),
        ("report", Format.EXCEL_GZ, "report.xlsx.gz"),
        ("report.XLSX.GZ", Format.EXCEL, "report.xlsx"),
        ("report.gz", Format.CSV, "report.csv"),
        ("report.ndjson", Format.JSON, "report.json"),
        ("report.json", Format.NDJSON_GZ, "report.ndjson.gz"),
    ],
)
def test_filename_of_a_packed_format_has_both_endings(given, format, expected):
    assert names.checked_filename(given, format, 200) == expected


@pytest.mark.parametrize("format", Format)
def test_every_format_has_a_media_type_and_a_writer_that_agrees(format):
    writer = writer_class(format)
    assert (writer.extension, writer.media_type) == (format.extension, format.media_type)
    assert names.media_type(f"x{format.extension.upper()}") == format.media_type
    assert reading_class(format)


def test_long_filename_keeps_its_extension():
    name = names.checked_filename("x" * 300 + ".xlsx", Format.EXCEL, 200)
    assert len(name) == 200
    assert name.endswith("x.xlsx")


@pytest.mark.parametrize("letter", ["x", "é", "李", "😀"])
def test_filename_fits_a_file_system_in_letters_of_every_size(letter):
    name = names.checked_filename(letter * 300, Format.EXCEL, 200)
    assert name.endswith(f"{letter}.xlsx")
    assert len(name) <= 200
    assert 245 <= len(name.encode()) <= 255 or len(name) == 200


@pytest.mark.parametrize(
    "given",
    [
        "../../etc/passwd",
        "a/b.xlsx",
        "a\\b.xlsx",
        "a:b",
        "a*b",
        "a?b",
        'a"b',
        "a<b>",
        "a|b",
        "a\x00b",
        "a\r\nb",
        "\u202egpj.exe",
        "",
        " ",
        "...",
        "CON",
        "com1.xlsx",
        "LPT9",
    ],
)
def test_filename_that_is_a_path_or_unsafe_is_refused_with_the_field(given):
    with pytest.raises(InvalidFilename, match="'filename'"):
        names.checked_filename(given, Format.EXCEL, 200)


@pytest.mark.parametrize(
    "given",
    [
        "x" * 32,
        "a[b",
        "a:b",
        "a/b",
        "'a",
        "a'",
        "History",
        " ",
        "a\x07b",
        "a\x7f",
        "a\x85",
        "\uffff",
        "\ud800",
        "😀" * 16,
    ],
)
def test_sheet_name_excel_would_refuse_is_refused_with_the_field(given):
    with pytest.raises(InvalidSheetName, match="'sheet_name'"):
        names.checked_sheet_name(given)


@pytest.mark.parametrize(
    "given", ["x" * 31, "Participants Data Nov 2026", "Peserta é", "😀" * 15, "a\u3000b", "\u202ea"]
)
def test_sheet_name_within_the_rules_is_kept(given):
    assert names.checked_sheet_name(given) == given
    assert check_sheet_name(given) == given


def test_download_name_keeps_letters_of_every_script():
    header = names.content_disposition('Ringkasan "é".xlsx')
    assert header == "attachment; filename=\"Ringkasan ___.xlsx\"; filename*=UTF-8''Ringkasan%20%22%C3%A9%22.xlsx"


def test_batch_and_archive_are_called_as_document_001_says():
    assert names.part_filename("participants", 1, 3, Format.EXCEL) == "participants_batch_1_of_3.xlsx"
    assert names.archive_filename("participants") == "participants_complete_export.zip"
