"""The harness runs, pairs and reports; its figures are nobody's business here."""

import csv
import io
import json
from contextlib import ExitStack

import openpyxl
import pytest

from bench import charts, data, pull, report, sources
from bench.__main__ import main
from bench.cases import Case, Target, cases
from bench.inputs import Inputs
from bench.measure import Contender, Result, Run, in_process, pair

OURS = Contender("ours", lambda inputs, output: Run(seconds=1.0, peak=1 << 20, size=10))
OTHER = Contender("<other>", lambda inputs, output: Run(seconds=4.0, size=9))


def case_of(*targets):
    return Case("tiny", "Tiny work", (OURS, OTHER), (10,), targets)


def test_records_are_the_same_every_time(tmp_path):
    data.write_json(tmp_path / "r.json", 25)
    assert json.loads((tmp_path / "r.json").read_bytes()) == list(data.records(25)) == list(data.records(30))[:25]


@pytest.mark.parametrize("name", ["ours_staged", "ours_from_records", "openpyxl", "openpyxl_typed"])
def test_contenders_write_all_records(tmp_path, name):
    (result,) = pair([Contender(name, in_process(f"contenders:{name}"))], Inputs(tmp_path, 30), rounds=1)
    with (tmp_path / "output").open("rb") as file:
        sheet = openpyxl.load_workbook(file).worksheets[0]
    assert (sheet.max_row, sheet.max_column) == (31, 15)
    assert result.seconds > 0
    assert result.peak > 1 << 20
    assert result.size == (tmp_path / "output").stat().st_size


def test_contender_that_cannot_is_not_asked(tmp_path):
    assert pair([Contender("slow", OTHER.run, limit=5)], Inputs(tmp_path, 10), rounds=1) == []


def test_ratio_is_the_median_of_the_rounds():
    mine = Result("ours", 1, [Run(1.0), Run(10.0), Run(1.0)])
    theirs = Result("other", 1, [Run(4.0), Run(50.0), Run(1.0)])
    assert mine.times_faster_than(theirs) == 4.0


def test_report_tells_kept_promises_from_missed_ones(tmp_path):
    kept = Target("kept", 3, 5, lambda results: results[0].times_faster_than(results[1]))
    missed = Target("missed", 500, 400, lambda results: 600.0, "MiB")
    case = case_of(kept, missed)
    results = pair(case.contenders, Inputs(tmp_path, 10), rounds=5)
    text = report.markdown([(case, results)], rounds=5)
    assert "| kept | 3 x faster | 5 x faster | 4 x faster | PASS |" in text
    assert "| missed | 500 MiB | 400 MiB | 600 MiB | **FAIL** |" in text
    assert [verdict.met for verdict in report.verdicts(case, results)] == [True, False]


def test_chart_is_drawn_and_names_are_escaped(tmp_path):
    case = case_of()
    shown = charts.draw(tmp_path / "performance", [(case, pair(case.contenders, Inputs(tmp_path, 10), rounds=1))])
    assert shown == ["![Tiny work: 10 records, seconds (less is better)](performance/tiny.svg)"]
    assert "&lt;other&gt;" in (tmp_path / "performance" / "tiny.svg").read_text()


def test_figures_replace_the_old_ones(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    report.write_docs(page, "new\n")
    assert page.read_text() == f"before\n{report.BEGIN}\nnew\n{report.END}\nafter\n"


def test_cases_have_names_of_their_own(tmp_path):
    with ExitStack() as stack:
        names = [case.name for case in cases(stack, tmp_path)]
    assert len(names) == len(set(names))


def test_one_case_of_few_records_runs_from_start_to_end(capsys):
    assert main(["--only", "csv", "--most", "0"]) == 0
    assert "Measured on" in capsys.readouterr().out


@pytest.mark.parametrize("function", ["to_csv", "to_openpyxl"])
def test_both_pull_the_same_participants_from_sqlite(tmp_path, function):
    format = {"to_csv": "csv", "to_openpyxl": "excel"}[function]
    files = {}
    for contender in (pull.ours(format, sources.in_sqlite), pull.theirs("theirs", function, sources.in_sqlite)):
        pair([contender], Inputs(tmp_path, 40), rounds=1)
        files[contender.title] = rows_of(tmp_path / "output", format)
    assert [len(rows) for rows in files.values()] == [41, 41]
    assert [row[1:3] for row in files["ours"][1:]] == [row[1:3] for row in files["theirs"][1:]]


def rows_of(path, format):
    if format == "csv":
        return [*csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))]
    return [[*row] for row in openpyxl.load_workbook(io.BytesIO(path.read_bytes())).worksheets[0].values]


def test_upload_reads_every_record(tmp_path):
    (result,) = pair([Contender("ours", in_process("upload:ours", warm_up=0))], Inputs(tmp_path, 30), rounds=1)
    assert result.peak > 1 << 20


def test_family_of_cases_is_run_by_its_name(capsys):
    assert main(["--only", "pull", "--most", "0"]) == 0
    said = capsys.readouterr().err
    assert "pull-xlsx: " in said
    assert "pull-csv: " in said
    assert "upload" not in said
