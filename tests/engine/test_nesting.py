"""JSON that is nested too deeply is named by row and field before it is decoded, however it is written."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.engine import decode, nesting
from exports.exceptions import BadRequest

HARD = st.sampled_from(["a", '"', "\\", '\\"', '\\\\"[', "[[", "]]", "},{", "}, {", "{}", "é"])
LEAVES = st.none() | st.booleans() | st.integers(0, 9) | HARD
SMALL = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(HARD, inner, max_size=3))


def levels(value):
    if not isinstance(value, (dict, list)):
        return 0
    return 1 + max(map(levels, value.values() if isinstance(value, dict) else value), default=0)


@st.composite
def deep(draw):
    """A value of about 32 levels, with others at each."""
    value = draw(SMALL)
    for _ in range(draw(st.integers(0, 36))):
        beside = draw(st.lists(SMALL, max_size=1))
        value = draw(st.permutations([value, *beside])) if draw(st.booleans()) else {draw(HARD): value}
    return value


RECORDS = st.lists(st.dictionaries(st.sampled_from(["id", "notes", 'no"tes', "a\\"]), deep(), max_size=3), max_size=3)
STYLES = st.sampled_from([{"separators": (",", ":")}, {}, {"indent": 1}, {"ensure_ascii": False}])


@pytest.mark.parametrize("block", [1, 7, 1 << 16])
@given(records=RECORDS, style=STYLES)
@settings(max_examples=150)
def test_first_value_that_is_too_deep_is_named(block, records, style):
    deepest = [(row, name) for row, each in enumerate(records, 1) for name in each if levels(each[name]) > 32]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nesting, "_BLOCK", block)
        patch.setattr(decode, "_BLOCK", block)
        found = refused(json.dumps(records, **style).encode())
    assert found == (deepest[0] if deepest else None)


def refused(text):
    try:
        decode.check(text, nesting.ARRAY)
    except BadRequest as error:
        return error.details["row"], error.details["field"]
    return None


def test_ordinary_records_need_no_second_look(monkeypatch):
    monkeypatch.setattr(nesting, "_containers", None)
    records = [{"id": number, "notes": "}{][", "tags": None} for number in range(1_000)]
    for separators in [(",", ":"), (", ", ": ")]:
        decode.check(json.dumps(records, separators=separators).encode(), nesting.ARRAY)
