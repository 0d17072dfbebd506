import errno
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from exports.engine.table import Noticed, StagedTable, Table
from exports.types import DataWarning


def table_of(rows):
    frame = pl.DataFrame({"id": [str(row) for row in range(rows)], "note": [None, ""] * (rows // 2)})
    noticed = Noticed("kept_as_text", "id", pl.Series([0], dtype=pl.UInt32))
    return Table(frame=frame, widths={"id": 5, "note": 0}, noticed=(noticed,))


def test_every_range_of_the_durable_form_is_that_range(tmp_path):
    table = table_of(20_000)
    table.save(tmp_path / "t")
    staged = StagedTable(tmp_path / "t")
    assert (staged.count, staged.widths) == (20_000, table.widths)
    assert staged.warnings == (DataWarning(code="kept_as_text", column="id", count=1, rows=(1,)),)
    for first, count in [(0, 1), (0, 4096), (4095, 2), (4096, 4096), (19_990, 100), (20_000, 5), (123, 16_384)]:
        assert_frame_equal(staged.read(first, count), table.read(first, count))


def test_full_disk_is_the_error_it_is_everywhere():
    with pytest.raises(OSError, match="No space left on device") as caught:
        table_of(20_000).save(Path("/dev/full"))
    assert caught.value.errno == errno.ENOSPC


def test_empty_table_is_durable(tmp_path):
    table = table_of(0)
    table.save(tmp_path / "t")
    assert StagedTable(tmp_path / "t").read(0, 100).height == 0
