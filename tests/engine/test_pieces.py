"""Pieces behind one another are one: rows, warnings, widths and traits of all of them."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from exports.engine import columns
from exports.engine.decode import decode
from exports.engine.pieces import StagedPieces, concat
from exports.engine.table import RowRange
from exports.types import Field, Kind, Trait

FIELDS = [Field(name="id", label="ID", kind=Kind.INTEGER), Field(name="day", label="Day", kind=Kind.DATE)]
SIZES = [3, 1, 0, 5, 2]
COUNT = sum(SIZES)


def table(first, count, day="2024-01-15"):
    rows = [{"id": row, "day": day} for row in range(first, first + count)]
    return columns.build(decode(json.dumps(rows).encode(), FIELDS), FIELDS)


@pytest.fixture
def tables():
    """Tables of eleven rows in all; the days of the second and the last are none."""
    starts = [sum(SIZES[:place]) for place in range(len(SIZES))]
    days = ["2024-01-15", "soon", "2024-01-15", "2024-01-15", "a long time ago"]
    return [table(*each) for each in zip(starts, SIZES, days, strict=True)]


@pytest.fixture
def staged(tables, tmp_path):
    paths = [tmp_path / f"{place}.parquet" for place in range(len(tables))]
    for each, path in zip(tables, paths, strict=True):
        each.save(path)
    return StagedPieces(paths)


def test_every_range_is_that_range_across_pieces(staged, tables):
    whole = concat(tables)

    @settings(max_examples=100)
    @given(first=st.integers(0, COUNT + 2), count=st.integers(0, COUNT + 2))
    def compare(first, count):
        found, expected = staged.read(first, count), whole.read(first, count)
        assert_frame_equal(found, expected.select(found.columns))
        # What is not there is null in all rows.
        assert all(column.is_null().all() for column in expected.drop(found.columns))

    compare()


def test_part_of_an_export_reads_its_own_rows(staged):
    assert list(RowRange(staged, 2, 3).read(0, 10)["id"]) == ["2", "3", "4"]


@pytest.mark.parametrize("whole", ["staged", "concat"])
def test_rows_of_warnings_count_over_all_pieces(staged, tables, whole):
    warnings = staged.warnings if whole == "staged" else concat(tables).warnings
    assert {row for warning in warnings for row in warning.rows} == {4, 10, 11}
    assert sum(warning.count for warning in warnings) == 3
    assert {warning.column for warning in warnings} == {"day"}


def test_widths_are_the_widest_and_traits_what_all_have(staged, tables):
    for whole in (staged, concat(tables)):
        assert whole.widths["day"] == len("a long time ago")
        assert whole.count == COUNT
    texts = [Field(name="note", label="Note")]
    plain, quoted = (
        columns.build(decode(json.dumps([{"note": note}]).encode(), texts), texts) for note in ("plain", 'a "word"')
    )
    assert Trait.PLAIN in concat([plain, plain]).traits["note"]
    assert Trait.PLAIN not in concat([plain, quoted]).traits["note"]


def test_no_pieces_are_no_rows():
    nothing = StagedPieces([])
    assert (nothing.count, nothing.row_bytes, nothing.warnings, nothing.read(0, 5).height) == (0, 0, (), 0)
