"""Figures as Markdown: the targets, a table a case, the machine they come from."""

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from .cases import Case, Target
from .measure import Result

BEGIN, END = "<!-- figures: begin (written by bin/bench --docs) -->", "<!-- figures: end -->"
PACKAGES = (
    *("polars", "isal", "msgspec", "openpyxl", "lxml", "XlsxWriter", "PyExcelerate", "rustpy-xlsxwriter"),
    *("reportlab", "uharfbuzz", "numpy", "fpdf2", "Django", "gunicorn", "PyMySQL", "psycopg"),
)


@dataclass(frozen=True)
class Verdict:
    """A target and what was measured for it."""

    target: Target
    measured: float

    @property
    def met(self) -> bool:
        """Whether the promise is kept."""
        return self.target.met(self.measured)

    def row(self) -> str:
        """Return the line of the table."""
        target = self.target
        figures = (f"{_figure(value)} {target.unit}" for value in (target.required, target.aim, self.measured))
        return f"| {target.work} | {' | '.join(figures)} | {'PASS' if self.met else '**FAIL**'} |"


def verdicts(case: Case, results: list[Result]) -> Iterator[Verdict]:
    """Yield the targets of a case that its results can answer; a quick run leaves some out."""
    for target in case.targets:
        try:
            yield Verdict(target, target.figure(results))
        except StopIteration:
            continue


def markdown(measured: Sequence[tuple[Case, list[Result]]], rounds: int, charts: Sequence[str] = ()) -> str:
    """Return the whole report."""
    found = [verdict for case, results in measured for verdict in verdicts(case, results)]
    lines = [*_origin(rounds), ""]
    if found:
        lines += ["| work | required | aim | measured | |", "|---|---|---|---|---|"]
        lines += [*(verdict.row() for verdict in found), ""]
    lines += [line for chart in charts for line in (chart, "")]
    for case, results in measured:
        lines += [f"### {case.title}", "", *_table(results), "", *([case.note, ""] if case.note else [])]
    return "\n".join(lines).rstrip() + "\n"


def write_docs(page: Path, text: str) -> None:
    """Put a report between the markers of a page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")


def _origin(rounds: int) -> list[str]:
    libraries = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        f"Measured on {datetime.now(UTC):%Y-%m-%d}: {_processor()}, {os.cpu_count()} cores, {_memory():.0f} GiB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}; {libraries}.",
        "",
        f"Every figure is the median of {rounds} runs. The contenders of a case take turns, each run in a process of "
        "its own, and a ratio is the median of the ratios within a turn, so that what else the machine does falls on "
        "both sides.",
    ]


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown processor"
    )


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _table(results: list[Result]) -> Iterator[str]:
    yield "| records | contender | seconds | rows/s | ours against it | peak memory | file size |"
    yield "|---:|---|---:|---:|---:|---:|---:|"
    ours = {result.count: result for result in results if result.title == "ours"}
    for result in sorted(results, key=lambda result: result.count):
        faster = f"{ours[result.count].times_faster_than(result):.1f}x" if result.title != "ours" else ""
        peak = f"{result.peak / 2**20:,.0f} MiB" if result.peak else ""
        size = f"{result.size / 2**20:,.2f} MiB" if result.size else ""
        speed = f"{result.count / result.seconds:,.0f}"
        yield (f"| {result.count:,} | {result.title} | {result.seconds:.3f} | {speed} | {faster} | {peak} | {size} |")


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
