"""The corpus as records, and as a file of each format."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from exports.engine import columns, shape
from exports.engine.decode import decode
from exports.engine.table import Table
from exports.engine.traits import traits_shown
from exports.types import Column, Field, Kind, Layout, WrittenFile
from exports.writers import writer_class
from exports.writers.verify import verify
from tests.golden.corpus import Hostile, corpus

FIELDS = [Field(name=kind.value, label=kind.value.title(), kind=kind) for kind in Kind]


@dataclass(frozen=True)
class Golden:
    """One file with every value in a column of every kind."""

    path: Path
    written: WrittenFile
    values: list[Hostile]
    table: Table


@pytest.fixture(scope="session")
def golden(tmp_path_factory):
    """Return a maker of files: ``golden("excel")``; each is made once."""
    made = {}

    def make(format, values=None, **layout):
        key = (format, tuple(values or ()), *layout.items())
        if key not in made:
            made[key] = _make(tmp_path_factory.mktemp("golden"), format, values or corpus(), layout)
        return made[key]

    return make


def _make(folder, format, values, extra):
    table = _table(values)
    measured = tuple(
        Column(
            field=field, header=field.label, width=table.widths[field.name], traits=traits_shown(field, table.traits)
        )
        for field in FIELDS
    )
    layout, writer = Layout(columns=measured, **extra), writer_class(format)
    path = folder / f"golden{writer.extension}"
    with path.open("w+b") as file:
        made = writer(file, layout)
        for rows in shape.slices(table, FIELDS, 500):
            made.write(rows)
        written = made.close()
    verify(path, format, written, layout, shape.slices(table, FIELDS, 500))
    return Golden(path, written, values, table)


def _table(values):
    members = [",".join(f"{json.dumps(field.name)}:{value.literal}" for field in FIELDS) for value in values]
    body = ",".join(f"{{{each}}}" for each in members)
    return columns.build(decode(f"[{body}]".encode(), FIELDS), FIELDS)
