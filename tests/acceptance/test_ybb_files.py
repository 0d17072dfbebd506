"""What is in a file: every header row and mapping of document 001, and its "Excel File Features"."""

import csv
import io
from datetime import datetime

import pytest

from . import files, records

HEADERS = {
    ("participants", "standard"): "ID|Form ID|First Name|Last Name|Email|Phone|Nationality|State|Status",
    ("participants", "detailed"): (
        "ID|Form ID|First Name|Last Name|Email|Phone|Birth Date|Nationality|State|Status|Active|Created At"
    ),
    ("participants", "summary"): "ID|First Name|Last Name|Email|Status|Registration Date",
    ("participants", "complete"): (
        "ID|Form ID|First Name|Last Name|Email|Phone|Birth Date|Nationality|State|Status|Active|Deleted|Created|"
        "Updated|Notes"
    ),
    ("payments", "standard"): "ID|Participant ID|Amount|Payment Date|Status|Reference|Created|Updated",
    ("payments", "detailed"): (
        "ID|Participant ID|Payment Method|Amount|USD Amount|Payment Date|Status|Reference|Notes|Created|Updated"
    ),
    ("ambassadors", "standard"): "ID|Participant ID|Code|Category|Status|Referrals|Commission",
    ("ambassadors", "detailed"): ("ID|Participant ID|Code|Category|Status|Referrals|Commission|Active|Created|Updated"),
}
LABELS = [
    ("participants", "standard", "form_status", "Status", ["Draft", "Submitted", "Approved", "Rejected"]),
    ("payments", "standard", "payment_status", "Status", ["Pending", "Completed", "Failed", "Refunded"]),
    (
        *("payments", "detailed", "payment_method_id", "Payment Method"),
        ["Credit Card", "Bank Transfer", "PayPal", "Cash"],
    ),
]
WORDS = {"university": "University", "high_school": "High School", "professional": "Professional"}


def made(client, resource, given, **fields):
    """Return the bytes of a single-file export."""
    return client.download(client.export(resource, given, **fields)["data"]["download_url"])


def column(rows, header):
    return [row[rows[0].index(header)] for row in rows[1:]]


@pytest.mark.parametrize("format", ["excel", "csv"])
@pytest.mark.parametrize(("resource", "template"), HEADERS)
def test_header_row_is_the_printed_one(client, resource, template, format):
    content = made(client, resource, records.OF[resource](2), template=template, format=format)
    header = next(csv.reader(io.StringIO(content.decode("utf-8-sig")))) if format == "csv" else files.rows(content)[0]
    assert header == HEADERS[resource, template].split("|")


@pytest.mark.parametrize("write", [int, str])
@pytest.mark.parametrize(("resource", "template", "field", "header", "labels"), LABELS)
def test_codes_are_written_as_labels(client, resource, template, field, header, labels, write):
    given = [{field: write(code)} for code in (1, 2, 3, 4)]
    assert column(files.rows(made(client, resource, given, template=template)), header) == labels


def test_categories_and_booleans_are_written_as_labels(client):
    given = [{"category": word, "is_active": number % 2} for number, word in enumerate([*WORDS, "community"])]
    rows = files.rows(made(client, "ambassadors", given, template="detailed"))
    assert column(rows, "Category") == [*WORDS.values(), "Community"]
    assert column(rows, "Active") == ["No", "Yes", "No", "Yes"]


def test_code_no_mapping_knows_is_written_as_it_came(client):
    rows = files.rows(made(client, "participants", [{"form_status": 9}, {"form_status": "waiting"}]))
    assert column(rows, "Status") == ["9", "waiting"]


def test_csv_is_utf8_with_byte_order_mark_and_windows_line_ends(client):
    content = made(client, "participants", [{"id": 1, "first_name": 'José, "J"', "last_name": "李"}], format="csv")
    assert content.startswith(b"\xef\xbb\xbfID,Form ID,")
    assert content.endswith(b"\r\n")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[1][:4] == ["1", "", 'José, "J"', "李"]


def test_dates_and_money_are_values_with_a_style(client):
    sheet = files.sheet(made(client, "payments", records.payments(1), template="detailed"))
    cells = {header.value: cell for header, cell in zip(sheet[1], sheet[2], strict=True)}
    assert {name: (cells[name].value, cells[name].number_format) for name in ("Amount", "Payment Date", "Created")} == {
        "Amount": (1500.5, "#,##0.00"),
        "Payment Date": (datetime(2024, 1, 20), "yyyy-mm-dd"),
        "Created": (datetime(2024, 1, 15, 10, 30), "yyyy-mm-dd hh:mm:ss"),
    }
    assert (cells["ID"].value, cells["ID"].data_type) == (1, "n")


def test_header_and_print_look_as_document_001_says(client):
    sheet = files.sheet(made(client, "participants", records.participants(3), template="complete"))
    for header in sheet[1]:
        assert (header.font.b, header.font.color.rgb, header.fill.fgColor.rgb) == (True, "FFFFFFFF", "FF366092")
        assert header.alignment.horizontal == "center"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:O4")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "landscape",
        1,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.print_title_rows, sheet.oddFooter.center.text) == ("$1:$1", "&P / &N")


def test_columns_are_as_wide_as_their_text_up_to_about_50(client):
    given = [{"id": 1, "first_name": "x" * 300, "email": "somebody.with.a.long.name@example.com"}]
    sheet = files.sheet(made(client, "participants", given, template="summary"))
    widths = {header.value: sheet.column_dimensions[header.column_letter].width for header in sheet[1]}
    assert widths["ID"] < 12
    assert 36 < widths["Email"] < 42
    assert 50 <= widths["First Name"] <= 52


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"filename": "Report.xlsx"}, "Report.xlsx"),
        ({"filename": "Report"}, "Report.xlsx"),
        ({"filename": "Report.xlsx", "format": "csv"}, "Report.csv"),
        ({"filename": "Ringkasan é 李.xlsx"}, "Ringkasan é 李.xlsx"),
        ({"filename": "x" * 300}, "x" * 195 + ".xlsx"),
    ],
)
def test_file_is_called_as_asked_with_the_extension_of_its_format(client, fields, name):
    assert client.export("participants", [{"id": 1}], **fields)["data"]["file_name"] == name


def test_file_nobody_named_says_what_it_is(client):
    name = client.export("participants", [{"id": 1}], template="summary")["data"]["file_name"]
    assert name.startswith("participants_summary_20")


@pytest.mark.parametrize(
    ("fields", "title"), [({"sheet_name": "Peserta Nov 2026"}, "Peserta Nov 2026"), ({}, "Payments")]
)
def test_sheet_is_called_as_asked(client, fields, title):
    assert files.sheet(made(client, "payments", [{"id": 1}], **fields)).title == title
