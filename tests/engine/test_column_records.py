import polars as pl

from exports.engine import columns
from exports.engine.column_records import ColumnRecords
from exports.types import Field, Kind

FIELDS = [Field(name="n", label="N", kind=Kind.INTEGER), Field(name="absent", label="A", aliases=("other",))]


def test_columns_of_text_are_typed_by_the_kinds_of_their_fields():
    frame = pl.DataFrame({"n": ["7", "007", None, "x"], "other": ["a"] * 4})
    table = columns.build(ColumnRecords(frame), FIELDS)
    assert table.frame.rows() == [("7", None, None), (None, "007", None), (None, None, None), (None, "x", None)]
    assert table.warnings[0].rows == (2, 4)


def test_many_records_keep_their_order():
    texts = [str(row) for row in range(10_000)]
    assert columns.build(ColumnRecords(pl.DataFrame({"n": texts})), FIELDS).frame["n"].to_list() == texts
