import json
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

from exports.engine import columns
from exports.engine.decode import decode
from exports.engine.value_records import ValueRecords
from exports.types import DataWarning, Field, Kind


def build(kind, *literals, zone="UTC", **extra):
    """Build one column from JSON literals."""
    field = Field(name="v", label="V", kind=Kind(kind), **extra)
    body = "[" + ",".join(f'{{"v":{literal}}}' for literal in literals) + "]"
    return columns.build(decode(body.encode(), [field]), [field], zone)


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        ("628123", "628123"),
        ("1.50", "1.50"),
        ("true", "true"),
        ('"007"', "007"),
        ('""', ""),
        ("null", None),
        ('{"a":1.50}', '{"a":1.50}'),
        ("[1,2]", "[1,2]"),
    ],
)
@pytest.mark.parametrize("company", ["null", '"x"', "5", "true", "[0.10]"])
def test_text_keeps_every_value_whatever_stands_beside_it(literal, text, company):
    table = build("text", literal, company)
    assert table.frame["v"].to_list()[0] == text
    assert table.warnings == ()


def test_true_among_numbers_stays_true():
    table = build("integer", "1", "true")
    assert table.frame.rows() == [("1", None), (None, "true")]


def test_integers_beyond_64_bits_are_exact():
    assert build("text", "9223372036854775808", "1").frame["v"].to_list() == ["9223372036854775808", "1"]


def test_integer_beyond_128_bits_may_stand_among_texts():
    """Polars raised OverflowError where it meets one after a text."""
    assert build("text", '"a"', "1" + "0" * 40).frame["v"].to_list() == ["a", "1" + "0" * 40]


@pytest.mark.parametrize(
    ("kind", "fits"),
    [
        ("decimal", ["0", "-5", "1.50", "1e5", "1E-7", "123456789012345", "0.00000123456789012345", "0.1e+3"]),
        ("money", ["1500.00", '"1500.00"', "-0.5"]),
        ("integer", ["7", "-7", "7.0", '"7"']),
    ],
)
def test_number_that_fits_keeps_its_digits(kind, fits):
    table = build(kind, *fits)
    assert table.frame["v"].to_list() == [literal.strip('"') for literal in fits]
    assert table.frame.columns == ["v"]


@pytest.mark.parametrize(
    ("kind", "literal"),
    [
        *(
            ("decimal", literal)
            for literal in [
                "1234567890123456",
                "0.1234567890123456",
                "-0.0",
                "1e400",
                '"007"',
                '"+5"',
                '"-0"',
                '"1,5"',
                '" 1"',
                '"1 "',
                '"1\\n"',
                '".5"',
                '"5."',
                '"0x10"',
                '"abc"',
                '"\u0661"',
                '"NaN"',
                "true",
                "[1]",
            ]
        ),
        ("integer", "1.5"),
        ("integer", "1e5"),
    ],
)
def test_number_that_does_not_fit_is_kept_as_text_and_counted(kind, literal):
    table = build(kind, "1", literal)
    kept = json.loads(literal) if literal.startswith('"') else literal
    assert table.frame["v"].to_list() == ["1", None]
    assert table.frame["v?"].to_list() == [None, kept]
    assert table.warnings == (DataWarning(code="kept_as_text", column="v", count=1, rows=(2,)),)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-01-15", datetime(2024, 1, 15)),
        ("2024-02-29", datetime(2024, 2, 29)),
        ("2024-01-15 10:30", datetime(2024, 1, 15, 10, 30)),
        ("2024-01-15T10:30:05", datetime(2024, 1, 15, 10, 30, 5)),
        ("2024-01-15 10:30:05.123", datetime(2024, 1, 15, 10, 30, 5, 123000)),
        ("2024-01-15 10:30:05.1", datetime(2024, 1, 15, 10, 30, 5, 100000)),
        ("2024-01-15T10:30:05.000000", datetime(2024, 1, 15, 10, 30, 5)),
        ("1900-03-01", datetime(1900, 3, 1)),
        ("9999-12-31 23:59:59.999", datetime(9999, 12, 31, 23, 59, 59, 999000)),
    ],
)
@pytest.mark.parametrize("kind", ["date", "datetime"])
def test_time_that_fits_is_typed(kind, text, moment):
    table = build(kind, f'"{text}"', "null", '"2024-03-01"')
    assert table.frame.schema == {"v": pl.Datetime("ms")}
    assert table.frame["v"].to_list() == [moment, None, datetime(2024, 3, 1)]
    assert table.warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        "0000-00-00",
        "0000-00-00 00:00:00",
        "1900-02-28",
        "2024-02-30",
        "2023-02-29",
        "2024-1-5",
        "2024-01-15 24:00",
        "2024-01-15 10:30:60",
        "2024-01-15 10:30:05.1234",
        "15.01.2024",
        "10000-01-01",
        "2024-01-15 ",
        "2024-01-15\n",
        "yesterday",
        "20240115",
        "1705314600",
        "1900-03-01T00:00:00+14:00",
    ],
)
def test_time_that_does_not_fit_is_kept_as_text_and_counted(text):
    table = build("date", json.dumps(text), '"2024-03-01"')
    assert table.frame["v"].to_list() == [None, datetime(2024, 3, 1)]
    assert table.frame["v?"].to_list() == [text, None]
    assert [warning.count for warning in table.warnings] == [1]


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-15T10:30:00Z",
        "2024-01-15 10:30Z",
        "2024-01-15T10:30:00.000000Z",
        "2024-01-15T12:30:00+02:00",
        "2024-01-15T12:30:00+0200",
        "2024-01-15 12:30 +02:00",
        "2024-01-15T05:30:00.000-05:00",
    ],
)
def test_time_with_an_offset_moves_to_the_zone_of_the_export(text):
    table = build("datetime", '"2024-01-15 10:30:00"', f'"{text}"', zone="Asia/Jakarta")
    assert table.frame["v"].to_list() == [datetime(2024, 1, 15, 10, 30), datetime(2024, 1, 15, 17, 30)]
    assert table.warnings == (DataWarning(code="zone_converted", column="v", count=1, rows=(2,)),)


@pytest.mark.parametrize("kind", ["integer", "money", "date", "datetime"])
def test_empty_text_is_kept_without_a_warning(kind):
    table = build(kind, '""', "null")
    assert table.frame["v?"].to_list() == ["", None]
    assert table.warnings == ()


def test_warning_counts_all_and_names_the_first_rows():
    table = build("integer", *['"x"'] * 30)
    assert table.warnings == (DataWarning(code="kept_as_text", column="v", count=30, rows=tuple(range(1, 11))),)


@pytest.mark.parametrize(
    ("kind", "literals", "width"),
    [
        ("text", ['"ab"', '"Z\u00fcrich"'], 6),
        ("money", ["1500000", "2.5"], len("-1,500,000.00")),
        ("date", ['"2024-01-15"'], 10),
        ("date", ['"2024-01-15 10:30"'], 19),
        ("datetime", ['"2024-01-15"'], 19),
        ("integer", ["1", '"not a number"'], 12),
        ("text", ["null"], 0),
    ],
)
def test_width_is_that_of_the_widest_value_as_shown(kind, literals, width):
    assert build(kind, *literals).widths == {"v": width}


def test_width_of_a_code_is_that_of_its_label():
    assert build("code", "1", labels={"1": "Submitted"}).widths == {"v": 9}


def test_no_records_make_an_empty_table():
    table = columns.build(decode(b"[]", []), [])
    assert (table.count, table.warnings) == (0, ())
    assert build("date").frame.schema == {"v": pl.Datetime("ms")}


def test_python_values_are_columns_too():
    row = (Decimal("1500.00"), date(2024, 1, 15), datetime(2024, 1, 15, 10, 30, tzinfo=UTC), True, 1.5, {"a": 1})
    kinds = ["money", "date", "datetime", "boolean", "decimal", "list"]
    fields = [Field(name=kind, label=kind, kind=Kind(kind)) for kind in kinds]
    table = columns.build(ValueRecords({kind: [value] for kind, value in zip(kinds, row, strict=True)}, 1), fields)
    assert table.frame.rows() == [
        ("1500.00", datetime(2024, 1, 15), datetime(2024, 1, 15, 10, 30), "true", "1.5", '{"a":1}')
    ]


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("né", 2), ("王小明", 6), ("한글x", 5), ("ok👍", 4), ("مرحبا", 5)]
)
def test_width_counts_wide_characters_twice(text, width):
    assert build("text", json.dumps(text)).widths["v"] == width
