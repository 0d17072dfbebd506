import pytest

from exports.exceptions import InvalidSheetName
from exports.writers.sheet_name import check_sheet_name, sheet_names, unused_name


@pytest.mark.parametrize("name", ["Data", "x" * 31, "R&D", "it's", "Histories", "名前", "\U0001f600" * 15])
def test_name_excel_takes_is_returned(name):
    assert check_sheet_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "x" * 32,
        "\U0001f600" * 16,
        "'a",
        "a'",
        "History",
        "HISTORY",
        "a\nb",
        "a\x00",
        *(f"a{c}b" for c in "[]:*?/\\"),
    ],
)
def test_name_excel_refuses_is_refused(name):
    with pytest.raises(InvalidSheetName):
        check_sheet_name(name)


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("Data", ["Data", "Data (2)", "Data (3)"]),
        ("x" * 31, ["x" * 31, "x" * 27 + " (2)", "x" * 27 + " (3)"]),
        ("x" * 27 + " (2)", ["x" * 27 + " (2)", "x" * 27 + " (3)", "x" * 27 + " (4)"]),
        ("\U0001f600" * 15, ["\U0001f600" * 15, "\U0001f600" * 13 + " (2)", "\U0001f600" * 13 + " (3)"]),
    ],
)
def test_further_sheets_are_numbered_within_the_limit(name, names):
    assert sheet_names(name, 3) == names
    assert all(check_sheet_name(each) == each for each in names)


def test_name_is_unused_without_regard_to_case():
    assert unused_name("About", ["ABOUT", "about (2)"]) == "About (3)"
