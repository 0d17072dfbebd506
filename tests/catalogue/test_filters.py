"""What callers may say of a filter, and what they are told otherwise."""

import pytest

from exports.catalogue.filters import MAX_VALUES, Filter
from exports.exceptions import BadRequest
from exports.types import Kind, Operator


def filter_of(kind=Kind.TEXT, operator=Operator.EQUALS, choices=(), codes=None, all="all"):
    return Filter(
        name="it", label="It", fields=("it",), kind=kind, operator=operator, choices=choices, codes=codes or {}, all=all
    )


TEXT, CODE = filter_of(), filter_of(Kind.CODE, choices=("0", "1", "Full"), codes={"open": "0", "shut": "1"})
WHOLE, MONEY = filter_of(Kind.INTEGER), filter_of(Kind.MONEY, Operator.BETWEEN)
TRUTH, DATES = filter_of(Kind.BOOLEAN), filter_of(Kind.DATETIME, Operator.BETWEEN)
FROM, SEARCH = filter_of(Kind.DATE, Operator.FROM), filter_of(operator=Operator.SEARCH)
HAS, LIMIT = filter_of(Kind.INTEGER, Operator.HAS), filter_of(Kind.INTEGER, Operator.LIMIT)

UNDERSTOOD = [
    (TEXT, "Ana", [("equals", "Ana")]),
    (TEXT, ["Ana", 5], [("in", ("Ana", "5"))]),
    (TEXT, 5, [("equals", "5")]),
    (TEXT, "%", [("equals", "%")]),
    (CODE, "1", [("equals", "1")]),
    (CODE, 1, [("equals", "1")]),
    (CODE, "Open", [("equals", "0")]),
    (CODE, "FULL", [("equals", "Full")]),
    (CODE, ["shut", 0], [("in", ("1", "0"))]),
    (WHOLE, "-7", [("equals", "-7")]),
    (HAS, [1, "2"], [("has", ("1", "2"))]),
    (TRUTH, True, [("equals", "true")]),
    (TRUTH, "0", [("equals", "0")]),
    (MONEY, {"min": 0, "max": "9.50"}, [("min", "0"), ("max", "9.50")]),
    (MONEY, {"max": 1e22}, [("max", "1e+22")]),
    (MONEY, {"min": "", "max": None}, []),
    (DATES, {"start": "2026-05-15 10:00", "end": "2026-05-15"}, [("from", "2026-05-15 10:00"), ("to", "2026-05-15")]),
    (DATES, {"end": "2026-05-15T10:00:00.5"}, [("to", "2026-05-15T10:00:00.5")]),
    (FROM, "2026-05-15", [("from", "2026-05-15")]),
    (SEARCH, "50%_", [("search", "50%_")]),
]


@pytest.mark.parametrize(("filter_", "value", "expected"), UNDERSTOOD)
def test_value_becomes_conditions(filter_, value, expected):
    found = filter_.conditions(value)
    assert [(condition.operator, condition.value) for condition in found] == expected
    assert all(
        (condition.fields, condition.kind, condition.filter) == (("it",), filter_.kind, "it") for condition in found
    )


@pytest.mark.parametrize("value", [None, "", "all", "ALL", ["all"], ["Ana", "all"], [None]])
def test_word_for_everything_is_no_condition(value):
    assert TEXT.conditions(value) == []
    assert CODE.conditions(value if value != ["Ana", "all"] else "All") == []


REFUSED = [
    (TEXT, [], "is an empty list; leave it out, or send 'all', for no condition."),
    (TEXT, ["x"] * (MAX_VALUES + 1), "takes up to 1,000 values."),
    (TEXT, {"min": 1}, "takes a single value."),
    (TEXT, [["Ana"]], "takes a single value."),
    (TEXT, "A\0", "takes a text without the character U+0000, not 'A\0'."),
    (SEARCH, ["Ana"], "takes a single value."),
    (CODE, "opne", "takes one of: open, shut, Full, all; not 'opne'. Did you mean 'open'?"),
    (CODE, ["open", 7], "takes one of: open, shut, Full, all; not '7'."),
    (CODE, True, "takes one of: open, shut, Full, all; not 'true'."),
    (WHOLE, "1.5", "takes a whole number, not '1.5'."),
    (WHOLE, "x" * 90, f"takes a whole number, not '{'x' * 40}'."),
    (WHOLE, 1 << 63, f"takes a whole number, not '{1 << 63}'."),
    (WHOLE, "١", "takes a whole number, not '١'."),
    (TRUTH, "yes", "takes true or false, not 'yes'."),
    (MONEY, 5, "takes an object with 'min' and 'max'."),
    (MONEY, {"start": 5}, "takes an object with 'min' and 'max'."),
    (MONEY, {"min": "five"}, "takes a number, not 'five'."),
    (MONEY, {"min": "nan"}, "takes a number, not 'nan'."),
    (MONEY, {"min": "1e999"}, "takes a number, not '1e999'."),
    (MONEY, {"min": 6, "max": "5.99"}, "begins after its end: 'min' is greater than 'max'."),
    (DATES, {"start": "2026-05-16", "end": "2026-05-15"}, "begins after its end: 'start' is greater than 'end'."),
    (DATES, {"start": "2026-05-15T11:00", "end": "2026-05-15 10:59"}, "begins after its end"),
    (DATES, {"start": "15.05.2026"}, "takes a date such as 2026-05-15, not '15.05.2026'."),
    (DATES, {"start": "2026-02-30"}, "takes a date such as 2026-05-15, not '2026-02-30'."),
    (DATES, {"start": "2026-05-15T10:00:00Z"}, "takes a date such as 2026-05-15, not '2026-05-15T10:00:00Z'."),
    (DATES, {"start": ["2026-05-15"]}, "takes a single value."),
    (DATES, ["2026-05-15", "2026-05-16"], "takes an object with 'start' and 'end'."),
    (FROM, 20260515, "takes a date such as 2026-05-15, not '20260515'."),
]


@pytest.mark.parametrize(("filter_", "value", "why"), REFUSED)
def test_value_that_makes_no_sense_is_refused_with_the_filter_and_the_reason(filter_, value, why):
    with pytest.raises(BadRequest) as caught:
        filter_.conditions(value)
    assert caught.value.message.startswith(f"Filter 'it' {why}")
    assert caught.value.details["field"] == "filters.it"


@pytest.mark.parametrize(("value", "limit"), [(1, 1), ("250", 250), (10**18, 10**18)])
def test_limit_is_a_whole_number(value, limit):
    assert LIMIT.limit(value) == limit


@pytest.mark.parametrize("value", [0, -1, "0", "1.5", True, "many", "9" * 5_000, [5], {"max": 5}])
def test_limit_that_is_none_is_refused(value):
    with pytest.raises(BadRequest, match="Filter 'it' takes a"):
        LIMIT.limit(value)
