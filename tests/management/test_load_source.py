import io
import os
import resource
import sqlite3
import time
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command

from exports.management.commands import load_source


@pytest.fixture
def file(tmp_path):
    return tmp_path / "deep" / "source.sqlite3"


@pytest.fixture
def small_disk():
    """Let no file grow beyond 100 kB."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def load(file, participants):
    out = io.StringIO()
    call_command("load_source", "--participants", str(participants), "--file", str(file), stdout=out)
    return out.getvalue()


def ask(file, question):
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(question).fetchall()


def participants_in(file):
    return ask(file, "SELECT count(*) FROM participants")[0][0]


def test_every_table_gets_as_many_rows_as_are_printed(file):
    printed = dict(line.split() for line in load(file, 600).splitlines()[:-1])
    tables = [name for (name,) in ask(file, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert sorted(printed) == sorted(tables)
    for table, count in printed.items():
        assert ask(file, f"SELECT count(*) FROM {table}") == [(int(count.replace(",", "")),)]


def test_file_is_in_wal_mode_and_alone(file):
    load(file, 50)
    assert ask(file, "PRAGMA journal_mode") == [("wal",)]
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("participants", [300, 20])
def test_file_that_is_large_enough_is_left_as_it_is(file, participants):
    load(file, 300)
    before = file.read_bytes(), file.stat().st_mtime_ns
    assert f"{file} has 300 participants already" in load(file, participants)
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before


def test_file_that_is_too_small_is_replaced(file):
    load(file, 50)
    load(file, 60)
    assert participants_in(file) == 60


def test_file_of_other_rows_is_replaced(file, monkeypatch):
    load(file, 60)
    monkeypatch.setattr(load_source, "VERSION", load_source.VERSION + 1)
    load(file, 50)
    assert participants_in(file) == 50
    assert ask(file, "PRAGMA user_version") == [(load_source.VERSION,)]


def test_empty_file_is_filled(file):
    file.parent.mkdir()
    file.touch()
    load(file, 50)
    assert participants_in(file) == 50


def test_damaged_file_is_replaced(file):
    load(file, 50)
    with file.open("r+b") as damaged:
        damaged.seek(100)
        damaged.write(b"\xff" * 4_000)
    load(file, 50)
    assert ask(file, "PRAGMA integrity_check") == [("ok",)]


def test_broken_off_run_leaves_nothing(file, small_disk):
    with pytest.raises(CommandError, match=f"{file} could not be made"):
        load(file, 2_000)
    assert list(file.parent.iterdir()) == []


def test_broken_off_run_leaves_the_old_file(file, request):
    load(file, 50)
    before = file.read_bytes()
    request.getfixturevalue("small_disk")
    with pytest.raises(CommandError, match="could not be made"):
        load(file, 2_000)
    assert list(file.parent.iterdir()) == [file]
    assert file.read_bytes() == before


def test_what_a_killed_run_left_is_cleared_and_a_running_one_is_not(file):
    file.parent.mkdir()
    left, running = file.with_name("source.sqlite3.left.part"), file.with_name("source.sqlite3.running.part")
    left.touch()
    running.touch()
    os.utime(left, (time.time() - 7_200,) * 2)
    load(file, 50)
    assert sorted(file.parent.iterdir()) == [file, running]


def test_log_of_the_old_file_is_not_taken_for_one_of_the_new(file):
    load(file, 50)
    with closing(sqlite3.connect(file)) as reader:
        reader.execute("UPDATE participants SET full_name = 'old'")
        reader.commit()
        assert file.with_name("source.sqlite3-wal").stat().st_size
        load(file, 60)
        assert participants_in(file) == 60
        assert ask(file, "SELECT count(*) FROM participants WHERE full_name = 'old'") == [(0,)]
        assert ask(file, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("kind", ["database", "text", "folder"])
def test_what_is_not_a_demo_source_is_left_alone(tmp_path, kind):
    file = tmp_path / "theirs"
    if kind == "folder":
        file.mkdir()
    elif kind == "text":
        file.write_text("their notes, all of them\n" * 100)
    else:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE participants (id)")
    before = None if kind == "folder" else file.read_bytes()
    with pytest.raises(CommandError, match="is not a demo source and is left alone"):
        load(file, 50)
    assert (None if kind == "folder" else file.read_bytes()) == before


@pytest.mark.parametrize("number", ["0", "-5", "1000001", "many", "1.5", ""])
def test_impossible_number_is_refused(file, number):
    with pytest.raises(CommandError, match=f"argument --participants: '{number}' is not a number from 1 to 1,000,000"):
        load(file, number)
    assert not file.exists()
