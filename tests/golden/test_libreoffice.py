"""The corpus through LibreOffice: opened, saved as something else, read by Python's own csv module (S1, S2)."""

import csv
import re
import subprocess
import zipfile

import openpyxl
import pytest

from exports.types import Kind
from tests.golden.corpus import corpus
from tests.golden.reading import cut, without_guard
from tests.related import table, write
from tests.services import require_service

TO_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false"
AS_TEXT = "CSV:44,34,76,1," + "/".join(f"{place}/2" for place in range(1, len(Kind) + 1))
AS_IT_LIKES = "CSV:44,34,76,1"
# LibreOffice takes minutes to lay out thousands of lines in one cell; what a cell holds, other readers have shown.
VALUES = [value for value in corpus() if len(value.text or "") < 1_000]
TEXT = list(Kind).index(Kind.TEXT)


@pytest.fixture(scope="module")
def convert(tmp_path_factory):
    """Return a maker of what LibreOffice makes of a file."""
    soffice = require_service("libreoffice")
    folder = tmp_path_factory.mktemp("libreoffice")

    def convert(path, target, source=""):
        command = [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
        command += [f"--infilter={source}"] if source else []
        output = folder / target[:3]
        subprocess.run(
            [*command, "--convert-to", target, "--outdir", output, path], check=True, capture_output=True, timeout=240
        )
        (made,) = output.glob(f"{path.stem}.*")
        return made

    return convert


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))[1:]


def line_ends(text):
    """Return a text as LibreOffice keeps it in a cell: a line break is one, however it is spelled."""
    return re.sub("\r\n|\n\r|\r|\n", "\n", text or "")


def test_workbook_shows_every_text(golden, convert):
    rows = rows_of(convert(golden("excel", values=VALUES).path, TO_CSV))
    found = [line_ends(row[TEXT]) for row in rows]
    assert found == [line_ends(cut(value).text) for value in VALUES]


def test_csv_that_was_opened_and_saved_gives_back_every_value(golden, convert):
    rows = rows_of(convert(golden("csv", values=VALUES).path, TO_CSV, AS_TEXT))
    # LibreOffice drops NUL from text files; the apostrophe that guards such a text stays.
    wanted = [line_ends(value.text).replace("\0", "") for value in VALUES]
    found = [
        row[TEXT][1:] if (value.text or "").startswith("\0") else line_ends(without_guard(row[TEXT]))
        for row, value in zip(rows, VALUES, strict=True)
    ]
    assert found == wanted


def test_csv_opened_with_a_double_click_has_no_formula(golden, convert):
    with zipfile.ZipFile(convert(golden("csv", values=VALUES).path, "xlsx", AS_IT_LIKES)) as archive:
        assert not re.search(rb"<f[ >/]", archive.read("xl/worksheets/sheet1.xml"))


def test_related_rows_are_on_a_sheet_of_their_own(tmp_path, convert):
    # What LibreOffice saves of a text that looks like an escape is another text.
    answers = [value.text for value in VALUES if value.text and value.text.isprintable() and "_x" not in value.text]
    made = table([{"id": 1, "essays": [{"question": "Why", "answer": answer} for answer in answers]}])
    path, _, _ = write(tmp_path, made, "excel", "id")
    book = openpyxl.load_workbook(convert(path, "xlsx"))
    assert book.sheetnames == ["Data", "Payments", "Essays"]
    assert [row[2] for row in book["Essays"].iter_rows(min_row=2, values_only=True)] == answers
