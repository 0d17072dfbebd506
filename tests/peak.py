"""How much memory a file takes, measured in a process of its own: ``python -m tests.peak write …``."""

import json
import sys
from pathlib import Path

import polars as pl

from exports.types import Column, Field, Layout
from tests.processes import kib


def stage(path: str, rows: str, size: str) -> None:
    """Stage rows of one long text each."""
    from exports.engine.table import Table

    line = "A <long> line & a 'word'\n"
    text = line * (int(size) // len(line))
    frame = pl.DataFrame({"id": [str(row) for row in range(int(rows))]})
    frame = frame.with_columns(notes=pl.concat_str("id", pl.lit(" " + text)))
    Table(frame=frame, widths={"id": 5, "notes": len(text)}).save(Path(path))


def write(staged: str, format: str, output: str, rows: str) -> None:
    """Write a file of the first rows as a worker does, and print how many MB were held beyond those held before."""
    import django

    django.setup()
    from exports import pipeline
    from exports.engine.table import RowRange, StagedTable

    fields = [Field(name=name, label=name.title()) for name in ("id", "notes")]
    layout = Layout(columns=tuple(Column(field=field, header=field.label, width=12) for field in fields))
    some = RowRange(StagedTable(Path(staged)), 0, int(rows))
    before = kib("VmRSS")
    with Path(output).open("w+b") as file:
        made = pipeline.write_file(file, format, layout, some)
    print(json.dumps({"rows": made.written.rows, "grown_mb": (kib("VmHWM") - before) // 1024}))


def read(path: str, format: str) -> None:
    """Build the columns of an uploaded file batch by batch; print how many MB were held beyond those held before."""
    from exports.engine import columns
    from exports.sources.files import batches
    from exports.types import UploadFormat

    fields = [Field(name=f"f{place}", label=f"Field {place}") for place in range(15)]
    before, rows = kib("VmRSS"), 0
    with Path(path).open("rb") as file:
        for source in batches(file, UploadFormat(format), fields):
            rows += columns.build(source, fields).count
    print(json.dumps({"rows": rows, "grown_mb": (kib("VmHWM") - before) // 1024}))


def order(folder: str, rows: str, size: str) -> None:
    """Sort rows of one long text each on the disk; print how many MB were held beyond those held before."""
    from exports.engine.runs import Runs
    from exports.engine.table import Table
    from exports.types import Sorting

    batch, text = 8_000, "x" * int(size)
    warm_up = pl.DataFrame({"id": ["1"]}).sort("id")
    before, found = kib("VmRSS"), warm_up.height - 1
    runs = Runs(Path(folder), [Sorting(field="id")], [Field(name="id", label="ID")])
    for first in range(0, int(rows), batch):
        ids = pl.int_range(first, first + batch, eager=True).shuffle(seed=first).cast(pl.String).str.zfill(9)
        frame = pl.DataFrame({"id": ids.str.reverse()}).with_columns(notes=pl.concat_str("id", pl.lit(text)))
        runs.add(Table(frame=frame, widths={}))
    for table in runs.merged():
        assert table.frame["id"].is_sorted()
        found += table.count
    print(json.dumps({"rows": found, "grown_mb": (kib("VmHWM") - before) // 1024}))


def export(*arguments: str) -> None:
    """Run ``manage.py export``, and print how many MB were held at most."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", "export", *arguments])
    print(json.dumps({"peak_mb": kib("VmHWM") // 1024}))


if __name__ == "__main__":
    {"stage": stage, "write": write, "read": read, "order": order, "export": export}[sys.argv[1]](*sys.argv[2:])
