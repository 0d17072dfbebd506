import pytest

from exports.engine.value_records import ROWS_AT_ONCE, ValueRecords, transposed
from exports.exceptions import InvalidRecord
from exports.types import Field

NOTE = Field(name="note", label="Note")
NAME = Field(name="name", label="Name", aliases=("fname",))


def test_values_of_a_database_are_records_too():
    records = ValueRecords({"note": ["a", None], "fname": ["x", "y"]}, 2)
    assert (len(records), records.values(NOTE), records.values(NAME)) == (2, ["a", None], ["x", "y"])
    assert records.values(NAME, slice(1, 5)) == ["y"]
    assert records.values(Field(name="other", label="x")) == [None, None]


def test_value_without_a_text_is_named_by_row_and_field():
    with pytest.raises(InvalidRecord, match="Record 2, field 'note': Bytes that are no UTF-8"):
        ValueRecords({"note": ["a", b"\xff"]}, 2).texts(NOTE)


@pytest.mark.parametrize("count", [0, 1, ROWS_AT_ONCE, ROWS_AT_ONCE + 1, 3 * ROWS_AT_ONCE])
def test_rows_become_columns_however_many_there_are(count):
    assert transposed(((row, -row) for row in range(count)), 2) == [[*range(count)], [-row for row in range(count)]]


def test_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="zip"):
        transposed([(1, 2), (3,)], 2)
