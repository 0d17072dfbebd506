"""How much memory a file takes, measured in a process of its own: ``python -m tests.peak stage|write …``."""

import json
import sys
from pathlib import Path

import polars as pl

from exports.types import Column, Field, Layout


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
    before = _kib("VmRSS")
    with Path(output).open("w+b") as file:
        made = pipeline.write_file(file, format, layout, some)
    print(json.dumps({"rows": made.written.rows, "grown_mb": (_kib("VmHWM") - before) // 1024}))


def _kib(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


if __name__ == "__main__":
    {"stage": stage, "write": write}[sys.argv[1]](*sys.argv[2:])
