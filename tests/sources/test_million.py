"""A million participants come out of the source database with all rows, in order, and in little memory."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from exports.management.commands._demo_source import fill

pytestmark = pytest.mark.skipif("SLOW_TESTS" not in os.environ, reason="pulls a million rows; set SLOW_TESTS=1")

DRAWN, TIMES_DOUBLED, COUNT = 15_625, 6, 1_000_000
MOST_MB = 600
BELONGS = {"participants": "id", "participant_statuses": "participant_id", "payments": "participant_id"}
"""The tables that a page is read from and that grow with the participants: the column that says whose a row is."""


@pytest.fixture(scope="module")
def million(tmp_path_factory):
    path = tmp_path_factory.mktemp("million") / "source.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        fill(connection, "sqlite", DRAWN)
        for _ in range(TIMES_DOUBLED):
            double(connection)
        connection.execute("UPDATE participants SET is_deleted = 0")
        connection.commit()
    yield path
    path.unlink()


def double(connection):
    """Add everybody once more, under another key."""
    (people,) = connection.execute("SELECT MAX(id) FROM participants").fetchone()
    for table, whose in BELONGS.items():
        (rows,) = connection.execute(f"SELECT MAX(id) FROM {table}").fetchone()
        names = [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
        moved = {"id": f"id + {rows}", whose: f"{whose} + {people}"}
        values = ", ".join(moved.get(name, name) for name in names)
        connection.execute(f"INSERT INTO {table} SELECT {values} FROM {table}")


def exported(source, output, *options):
    """Export in a process of its own; return how many MB it held at most."""
    command = [sys.executable, "-m", "tests.peak", "export", "participants", f"--output={output}", *options]
    environment = {**os.environ, "SOURCE_DATABASE_URL": f"sqlite:///{source}", "DATA_DIR": str(output.parent)}
    done = subprocess.run(command, check=True, capture_output=True, env=environment)
    return json.loads(done.stdout.splitlines()[-1])["peak_mb"]


def keys(source, order):
    with closing(sqlite3.connect(source)) as connection:
        return [key for (key,) in connection.execute(f"SELECT id FROM participants ORDER BY {order}")]


def keys_in_csv(path):
    return pl.read_csv(path, columns=["ID"])["ID"].to_list()


def keys_in_workbook(path):
    book = CalamineWorkbook.from_path(path)
    sheets = (book.get_sheet_by_name(name) for name in book.sheet_names if name != "About")
    return [int(row[0]) for sheet in sheets for row in sheet.to_python()[1:]]


@pytest.mark.parametrize(
    ("format", "keys_in", "options", "order"),
    [
        ("csv", keys_in_csv, "{}", "id"),
        ("excel", keys_in_workbook, "{}", "id"),
        # SQLite compares texts by their bytes, as sorted exports do; equal ones stay in the order of the key.
        ("csv", keys_in_csv, '{"sort_by": "full_name"}', "full_name, id"),
        ("csv", keys_in_csv, '{"sort_by": "full_name", "sort_order": "desc"}', "full_name DESC, id"),
    ],
)
def test_million_is_all_there_in_order_and_takes_little_memory(million, tmp_path, format, keys_in, options, order):
    peak = exported(million, tmp_path / "file", f"--format={format}", f"--options={options}")
    found = keys_in(tmp_path / "file")
    (tmp_path / "file").unlink()
    assert len(found) == COUNT
    assert found == keys(million, order)
    assert peak < MOST_MB
