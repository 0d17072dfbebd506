import polars as pl
import pytest

from exports.engine.table import StagedTable, Table
from exports.engine.weight import SLICE_BYTES, SLICE_ROWS, row_bytes, slice_rows


def columns(count, text, rows=2_000):
    return pl.DataFrame({f"c{number}": [text] * rows for number in range(count)})


@pytest.mark.parametrize(("count", "text"), [(15, "x" * 12), (30, "x" * 20), (30, None), (15, "x" * 100)])
def test_ordinary_rows_are_taken_by_16384(count, text):
    assert slice_rows(row_bytes(columns(count, text))) == SLICE_ROWS == 16_384


@pytest.mark.parametrize("size", [4_000, 200_000])
def test_heavy_rows_are_taken_by_as_many_as_weigh_enough(size):
    assert slice_rows(row_bytes(columns(1, "x" * size))) == pytest.approx(SLICE_BYTES / size, rel=0.01)


@pytest.mark.parametrize(
    ("attempt", "ordinary", "heavy", "heavier_than_a_slice"),
    [(1, 16_384, 320, 1), (2, 4_096, 80, 1), (3, 1_024, 20, 1)],
)
def test_each_later_start_takes_a_quarter(attempt, ordinary, heavy, heavier_than_a_slice):
    rows = [slice_rows(weight, attempt=attempt, target=32_000_000) for weight in (300, 100_000, 90_000_000)]
    assert rows == [ordinary, heavy, heavier_than_a_slice]


def test_long_texts_that_stand_together_count_as_they_stand():
    texts = ["x"] * 50_000 + ["y" * 20_000] * 1_024 + ["x"] * 50_000
    assert row_bytes(pl.DataFrame({"c": texts})) > 9_000


def test_rows_that_were_filtered_out_weigh_nothing():
    texts = columns(1, "x" * 10_000).with_columns(keep=pl.Series([True] + [False] * 1_999))
    assert row_bytes(texts.filter("keep").drop("keep")) == 10_016
    assert row_bytes(texts.head(0)) == 32


def test_heavy_rows_are_packed_and_read_by_few(tmp_path):
    Table(frame=columns(1, "x" * 100_000, rows=1_500), widths={"c0": 100_000}).save(tmp_path / "t")
    staged = StagedTable(tmp_path / "t")
    assert staged.row_bytes == 100_016
    assert staged.read(700, 1).equals(columns(1, "x" * 100_000, rows=1))
    assert staged._window[1].height * staged.row_bytes <= 2 * SLICE_BYTES
    assert staged._window[0] <= 700


def test_what_an_earlier_release_staged_is_read(tmp_path):
    facts = '{"rows": 20000, "widths": {"c0": 1}, "warnings": [], "traits": {}}'
    columns(1, "x", rows=20_000).write_parquet(tmp_path / "t", row_group_size=16_384, metadata={"facts": facts})
    staged = StagedTable(tmp_path / "t")
    assert (slice_rows(staged.row_bytes), staged.read(16_000, 1_000).height) == (16_384, 1_000)
