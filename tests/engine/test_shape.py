import json

import pytest

from exports.engine import columns, shape
from exports.engine.decode import decode
from exports.exceptions import UnknownName
from exports.types import Condition, Field, Kind, Operator, Sorting

FIELDS = [
    Field(name="n", label="N"),
    Field(name="amount", label="Amount", kind=Kind.MONEY),
    Field(name="day", label="Day", kind=Kind.DATE),
    Field(name="status", label="Status", kind=Kind.CODE, labels={"1": "Draft", "2": "Sent"}),
    Field(name="active", label="Active", kind=Kind.BOOLEAN, labels={"1": "Yes", "0": "No"}),
]
RECORDS = [
    {"n": "a", "amount": 10, "day": "2024-01-15", "status": 1, "active": True},
    {"n": "b", "amount": 9.5, "day": "2024-01-15 23:30", "status": 2, "active": 0},
    {"n": "c", "amount": "n/a", "day": "2024-01-16", "status": 10, "active": False},
    {"n": "d", "amount": None, "day": None, "status": "x", "active": None},
    {"n": "e", "amount": "10.00", "day": "soon", "status": None, "active": 1},
]


def condition(field, operator, value):
    kind = next((each.kind for each in FIELDS if each.name == field), Kind.TEXT)
    return Condition(fields=(field,), operator=Operator(operator), value=value, kind=kind)


@pytest.fixture
def table():
    return columns.build(decode(json.dumps(RECORDS).encode(), FIELDS), FIELDS)


def noticed(table):
    return {warning.column: warning.rows for warning in table.warnings}


def test_rows_of_warnings_follow_the_records(table):
    assert noticed(table) == {"amount": (3,), "day": (5,)}
    by_name = shape.order(table, [Sorting(field="n", descending=True)], FIELDS)
    assert noticed(by_name) == {"amount": (3,), "day": (1,)}
    ends = [condition("n", Operator.IN, ["d", "e"])]
    assert noticed(shape.select(by_name, ends, FIELDS)) == {"day": (1,)}
    assert shape.select(by_name, ends, FIELDS).frame.columns == table.frame.columns


def names(table):
    return "".join(table.frame["n"])


@pytest.mark.parametrize(
    ("field", "operator", "value", "kept"),
    [
        ("n", "equals", "a", "a"),
        ("n", "in", ["a", "e", "zz"], "ae"),
        ("n", "in", [], ""),
        ("amount", "equals", 10, "ae"),
        ("amount", "equals", "n/a", "c"),
        ("amount", "equals", None, "d"),
        ("amount", "min", 9.75, "ae"),
        ("amount", "max", "9.5", "b"),
        ("amount", "max", "many", ""),
        ("day", "from", "2024-01-16", "c"),
        ("day", "to", "2024-01-15", "ab"),
        ("day", "to", "2024-01-15 23:00", "a"),
        ("day", "equals", "2024-01-15", "ab"),
        ("day", "equals", "2024-01", ""),
        ("day", "equals", "soon", "e"),
        ("status", "equals", 1, "a"),
        ("active", "equals", True, "ae"),
        ("active", "equals", "0", "bc"),
    ],
)
def test_condition_keeps_the_rows_that_meet_it(table, field, operator, value, kept):
    assert names(shape.select(table, [condition(field, operator, value)], FIELDS)) == kept


def test_all_conditions_must_be_met(table):
    both = [
        condition("amount", "equals", 10),
        condition("active", "equals", True),
        condition("day", "from", "2024-01-01"),
    ]
    assert names(shape.select(table, both, FIELDS)) == "a"


@pytest.mark.parametrize(
    ("sorting", "sorted_names"),
    [
        ([Sorting(field="amount")], "baecd"),
        ([Sorting(field="amount", descending=True)], "aebcd"),
        ([Sorting(field="status")], "abcde"),
        ([Sorting(field="day", descending=True)], "cbaed"),
        ([Sorting(field="active"), Sorting(field="n", descending=True)], "cbead"),
    ],
)
def test_order_is_explicit(table, sorting, sorted_names):
    assert names(shape.order(table, sorting, FIELDS)) == sorted_names


def test_order_is_stable():
    records = [{"n": str(row), "amount": row % 3} for row in range(5000)]
    table = columns.build(decode(json.dumps(records).encode(), FIELDS), FIELDS)
    ordered = shape.order(table, [Sorting(field="amount", descending=True)], FIELDS)
    assert ordered.frame["n"].to_list() == [str(row) for left in (2, 1, 0) for row in range(left, 5000, 3)]


def test_without_sorting_the_order_is_that_of_the_records(table):
    assert names(shape.order(table, [], FIELDS)) == "abcde"


@pytest.mark.parametrize("wish", [condition("x", "equals", 1), Sorting(field="x")])
def test_unknown_field_is_named(table, wish):
    with pytest.raises(UnknownName, match="'x'"):
        (shape.select if isinstance(wish, Condition) else shape.order)(table, [wish], FIELDS)


def test_slices_carry_labels_and_leave_unknown_codes(table):
    slices = list(shape.slices(table, FIELDS, 2))
    assert [piece.height for piece in slices] == [2, 2, 1]
    assert [code for piece in slices for code in piece["status"]] == ["Draft", "Sent", "10", "x", None]
    assert [flag for piece in slices for flag in piece["active"]] == ["Yes", "No", "No", None, "Yes"]


def test_word_for_nothing_stands_where_nothing_is():
    (piece,) = shape.slices(
        columns.build(decode(b'[{},{"n":"","amount":"","day":""}]', FIELDS), FIELDS), FIELDS, 9, "-"
    )
    assert piece["n"].to_list() == piece["status"].to_list()[:1] * 2 == ["-", "-"]
    assert piece["active"].to_list() == ["-", "-"]
    for name in ("amount", "day"):
        assert piece[name].to_list() == [None, None]
        assert piece[f"{name}?"].to_list() == ["-", "-"]


def test_word_for_nothing_leaves_values_and_misfits(table):
    (piece,) = shape.slices(table, FIELDS, 9, "-")
    assert piece["amount"].to_list() == ["10", "9.5", None, None, "10.00"]
    assert piece["amount?"].to_list() == [None, None, "n/a", "-", None]
    assert piece["day?"].to_list()[3:] == ["-", "soon"]
    assert piece["status"].to_list() == ["Draft", "Sent", "10", "x", "-"]
