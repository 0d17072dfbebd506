"""Sorting on disk is sorting in memory: the same order, the same warnings, and little memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from exports.engine import columns, pieces, runs, shape
from exports.engine.decode import decode
from exports.engine.runs import Runs
from exports.types import Field, Kind, Sorting

FIELDS = [
    Field(name="id", label="ID", kind=Kind.INTEGER),
    Field(name="name", label="Name"),
    Field(name="amount", label="Amount", kind=Kind.MONEY),
    Field(name="day", label="Day", kind=Kind.DATE),
    Field(name="status", label="Status", kind=Kind.CODE, labels={"1": "Draft", "2": "Sent"}),
    Field(name="active", label="Active", kind=Kind.BOOLEAN),
]
VALUES = {
    "name": st.sampled_from(["", " ", "a", "A", "b", "É", "例", None]),
    "amount": st.sampled_from([-1.5, 0, 9, 10, "10", "n/a", "", None, "12345678901234567890"]),
    "day": st.sampled_from(["2024-01-15", "2024-01-16", "2024-01-15 10:30", "soon", "", None]),
    "status": st.sampled_from([1, 2, 10, "x", "", None]),
    "active": st.sampled_from([True, False, 0, 1, "maybe", None]),
}
RECORDS = st.lists(st.fixed_dictionaries(VALUES), max_size=12)
SORTING = st.lists(
    st.builds(Sorting, field=st.sampled_from(sorted(VALUES)), descending=st.booleans()),
    min_size=1, max_size=3, unique_by=lambda way: way.field,
)  # fmt: skip


def table(records, first=0):
    rows = [{"id": first + place, **record} for place, record in enumerate(records)]
    return columns.build(decode(json.dumps(rows).encode(), FIELDS), FIELDS)


def tables(batches):
    starts = [sum(map(len, batches[:place])) for place in range(len(batches))]
    return [table(records, first) for records, first in zip(batches, starts, strict=True)]


def all_at_once(batches, sorting, limit=None):
    whole = table([record for records in batches for record in records])
    return shape.first(shape.order(whole, sorting, FIELDS), limit)


def on_disk(folder, some, sorting, limit=None):
    """Return the rows as Runs gives them, as one table, and how many tables that were."""
    sorted_runs = Runs(folder, sorting, FIELDS)
    for each in some:
        sorted_runs.add(each)
    found = list(sorted_runs.merged(limit))
    sorted_runs.remove()
    return pieces.concat(found) if found else None, len(found)


@pytest.mark.parametrize("block", [1, 1 << 24])
def test_order_and_warnings_are_those_of_everything_at_once(tmp_path, block, monkeypatch):
    monkeypatch.setattr(runs, "_BLOCK_BYTES", block)

    @settings(max_examples=60)
    @given(batches=st.lists(RECORDS, min_size=1, max_size=4), sorting=SORTING, limit=st.none() | st.integers(1, 12))
    def compare(batches, sorting, limit):
        found, _ = on_disk(tmp_path, tables(batches), sorting, limit)
        expected = all_at_once(batches, sorting, limit)
        if found is None:
            assert expected.count == 0
            return
        assert_frame_equal(found.frame.select(sorted(found.frame.columns)), filled(expected, found))
        assert {w.column: (w.count, w.rows) for w in found.warnings} == {
            w.column: (w.count, w.rows) for w in expected.warnings
        }

    compare()
    assert not list(tmp_path.iterdir())


def filled(expected, found):
    """Return the rows with the columns of misfits that the other table has, and no others."""
    frame = expected.frame
    missing = [found.frame[name].clear(frame.height) for name in found.frame.columns if name not in frame.columns]
    return frame.with_columns(missing).select(sorted(found.frame.columns))


def test_blocks_are_as_heavy_as_memory_allows(tmp_path, monkeypatch):
    batches = [[{"name": f"{place:03}"} for place in range(start, 90, 3)] for start in range(3)]
    made = tables(batches)
    monkeypatch.setattr(runs, "_BLOCK_BYTES", made[0].row_bytes * 20)
    found, blocks = on_disk(tmp_path, made, [Sorting(field="name")])
    assert list(found.frame["name"]) == [f"{place:03}" for place in range(90)]
    assert 5 <= blocks <= 6


def test_widths_are_those_of_all_rows(tmp_path):
    made = tables([[{"name": "short"}], [{"name": "much longer"}]])
    assert on_disk(tmp_path, made, [Sorting(field="name")], limit=1)[0].widths["name"] == len("much longer")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_many_rows_are_sorted_in_little_memory(tmp_path):
    command = [sys.executable, "-m", "tests.peak", "order", tmp_path, "400000", "1000"]
    said = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert said["rows"] == 400_000
    # They weigh 420 MB.
    assert said["grown_mb"] < 250
