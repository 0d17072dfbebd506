"""A file is the same whatever is taken at a time, and making it takes no more memory for more records."""

import io
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports import pipeline
from exports.engine import columns
from exports.engine.decode import decode
from exports.engine.table import StagedTable, Table
from exports.types import Column, Field, Format, Kind, Layout

ROWS, TEXT = 2_000, 200_000
"""Of the wide table: 400 MB of text."""
MORE_MB = 600
"""What a child may hold beyond the modules it has loaded; taken whole, the table needs 900 to 1,800."""
KINDS = {"name": "text", "n": "integer", "day": "date", "at": "datetime", "ok": "boolean", "tags": "list"}
FIELDS = [Field(name=name, label=name.title(), kind=Kind(kind)) for name, kind in KINDS.items()]
LAYOUT = Layout(columns=tuple(Column(field=field, header=field.label, width=12) for field in FIELDS))
VALUES = (
    st.none() | st.integers() | st.booleans() | st.sampled_from(["", "=1", 'a"b', "1999-05-01", "2026-01-01 10:30"])
)
RECORDS = st.lists(st.dictionaries(st.sampled_from(list(KINDS)), VALUES), min_size=1, max_size=20)


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    path = tmp_path_factory.mktemp("wide") / "records.parquet"
    subprocess.run([sys.executable, "-m", "tests.peak", "stage", path, str(ROWS), str(TEXT)], check=True)
    return path


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize("format", [Format.EXCEL, Format.CSV, Format.JSON, Format.NDJSON, Format.PDF, Format.CSV_GZ])
def test_wide_rows_need_little_memory(wide, format, tmp_path):
    # Laying pages out takes long; a fifth of the table is as much as would have been too much.
    rows = ROWS // 5 if format == Format.PDF else ROWS
    command = [sys.executable, "-m", "tests.peak", "write", wide, format, tmp_path / "file", str(rows)]
    said = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert said["rows"] == rows
    assert said["grown_mb"] < MORE_MB


def content(table, format, size, folder):
    """Return what is in a file, without what depends on the moment it was made."""
    with (folder / "file").open("w+b") as file:
        pipeline.write_file(file, format, LAYOUT, table, slice_size=size, compare_cells=True)
    if format != Format.EXCEL:
        return (folder / "file").read_bytes()
    sheet = openpyxl.load_workbook(io.BytesIO((folder / "file").read_bytes())).worksheets[0]
    return [[(cell.value, cell.data_type, cell.number_format) for cell in row] for row in sheet.rows]


@pytest.mark.parametrize("format", [Format.CSV, Format.JSON, Format.NDJSON, Format.EXCEL])
@settings(max_examples=20)
@given(records=RECORDS)
def test_file_is_the_same_whatever_the_slice(tmp_path_factory, format, records):
    table = columns.build(decode(json.dumps(records).encode(), FIELDS), FIELDS)
    folder = tmp_path_factory.mktemp("slices")
    whole = content(table, format, 16_384, folder)
    for size in (1, 2, 7):
        assert content(table, format, size, folder) == whole


@pytest.mark.parametrize("format", [Format.CSV, Format.EXCEL])
def test_file_of_heavy_rows_is_that_of_one_slice(format, tmp_path):
    names = [f"{number} {'x' * (number % 7 * 9_000)}" for number in range(3_000)]
    frame = pl.DataFrame(
        {"name": names, **{name: pl.Series([None] * 3_000, dtype=pl.String) for name in ("n", "tags", "ok")}}
    )
    frame = frame.with_columns(pl.lit(None, pl.Datetime("ms")).alias(name) for name in ("day", "at"))
    table = Table(frame=frame, widths=dict.fromkeys(KINDS, 12))
    table.save(tmp_path / "staged")
    whole = content(table, format, 16_384, tmp_path)
    assert content(StagedTable(tmp_path / "staged"), format, None, tmp_path) == whole
