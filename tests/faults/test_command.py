"""`bin/faults` plays every kind everywhere, says how to play a round again, and fails when a promise was broken."""

import pytest

from . import command, report
from .rounds import KINDS, Result

EVERYWHERE = {(name, place) for name, kind in KINDS.items() for place in kind.places}


@pytest.fixture
def played(monkeypatch):
    """Let rounds be played in no time; the one with seed 9 goes wrong."""

    def play(kind, place, seed):
        broken = {"lost": 1} if seed == 9 else {}
        sentences = ["lost: e1"] if seed == 9 else []
        return Result(
            kind=kind, place=place, seed=seed, faults=2, accepted=3, recovery=seed, broken=broken, sentences=sentences
        )

    monkeypatch.setattr(command, "play_elsewhere", play)
    monkeypatch.setattr(command, "migrated_sqlite", lambda: None)
    monkeypatch.setattr(command, "migrated_postgresql", lambda: None)
    monkeypatch.setattr(command, "find", lambda service: ("there", ""))


def plan(*arguments):
    return command.plan(command.parse(arguments))


def test_first_rounds_play_every_kind_everywhere(played):
    rounds = plan("--rounds", str(len(EVERYWHERE)))
    assert {(kind, place) for kind, place, _ in rounds} == EVERYWHERE


def test_same_command_plays_the_same_rounds(played):
    assert plan("--rounds", "90", "--seed", "7") == plan("--rounds", "90", "--seed", "7")
    assert len({seed for _, _, seed in plan("--rounds", "90")}) == 90


def test_kept_promises_are_no_failure(played, capsys):
    assert command.main(["--rounds", "3"]) == 0
    out = capsys.readouterr().out
    assert "| **all** |  | 3 | 6 | 9 | 0 | 0 | 0 | 0 | 0 | 0 | 3.0 |  |" in out


def test_broken_promise_is_a_failure_and_says_how_to_play_it_again(played, capsys):
    arguments = ["--rounds", "1", "--seed", "9", "--only", "zombie", "--on", "redis"]
    assert command.main(arguments) == 1
    told = capsys.readouterr()
    assert "Play it again: bin/faults --rounds 1 --seed 9 --only zombie --on redis" in told.err
    assert "| **1** |" in told.out


def test_place_that_is_not_there_is_named_and_left_out(played, monkeypatch, capsys):
    monkeypatch.setattr(command, "find", lambda service: ("", "not installed" if "redis" in service else ""))
    assert {place for _, place, _ in plan("--rounds", "90")} == {"sqlite", "postgresql"}
    assert "left out: redis (not installed)" in capsys.readouterr().err


def test_page_keeps_what_stands_around_the_table(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    report.write_docs(page, "new\n")
    assert page.read_text() == f"before\n{report.BEGIN}\nnew\n{report.END}\nafter\n"
