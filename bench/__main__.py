"""``bin/bench``: measure, print, and say with the exit code whether every promise is kept."""

import argparse
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from . import charts, report
from .cases import Case, cases
from .inputs import Inputs
from .measure import ROOT, Result, pair

_ROOM = 8 << 30
"""Bytes; a million records are half a gigabyte of JSON."""
PAGE = ROOT / "docs" / "performance.md"


def main(arguments: list[str] | None = None) -> int:
    """Measure what was asked for; return 1 where a required figure was missed, else 0."""
    wanted = _parse(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=wanted.folder)))
        chosen = [case for case in cases(stack, folder) if not wanted.only or _is_any_of(case.name, wanted.only)]
        measured = [(case, results) for case in chosen if (results := _measure(case, folder, wanted))]
    shown = charts.draw(PAGE.with_suffix(""), measured) if wanted.docs else []
    text = report.markdown(measured, wanted.rounds, shown)
    print(text)
    if wanted.docs:
        report.write_docs(PAGE, text)
    return int(not all(verdict.met for case, results in measured for verdict in report.verdicts(case, results)))


def _measure(case: Case, folder: Path, wanted: argparse.Namespace) -> list[Result]:
    print(f"{case.name}: {case.title}", file=sys.stderr)
    counts = case.counts[: case.quick] if wanted.quick else case.counts
    chosen = [count for count in counts if count <= wanted.most]
    return [result for count in chosen for result in pair(case.contenders, Inputs(folder, count), wanted.rounds)]


def _is_any_of(name: str, wanted: list[str]) -> bool:
    """Tell whether a case is asked for: ``pull`` asks for ``pull-xlsx`` too."""
    return any(name == each or name.startswith(f"{each}-") for each in wanted)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="50,000 records only: some minutes instead of 20")
    parser.add_argument("--only", action="append", metavar="NAME", help="one case (may be repeated)")
    parser.add_argument("--rounds", type=int, default=5, help="runs of every contender (default: 5)")
    parser.add_argument("--most", type=int, default=1_000_000, metavar="N", help="leave out numbers of records above N")
    parser.add_argument("--folder", type=Path, default=_memory(), help="where the files go for as long as it runs")
    parser.add_argument("--docs", action="store_true", help="write docs/performance.md and its charts")
    return parser.parse_args(arguments)


def _memory() -> Path | None:
    """Return a folder in memory, where there is one with room: writers are measured, not the machine's disk."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free >= _ROOM else None


if __name__ == "__main__":
    sys.exit(main())
