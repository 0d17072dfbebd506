"""What came of the rounds, as a table."""

import os
import platform
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from .rounds import KINDS, Result

BEGIN, END = "<!-- figures: begin (written by bin/faults --docs) -->", "<!-- figures: end -->"
PLACES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "redis": "SQLite, queue in Redis"}
PROMISES = ("lost", "corrupt", "twice", "illegal", "answers", "leftovers")
HEAD = (
    *("what was done to it", "configuration", "rounds", "faults", "exports accepted", "lost", "corrupt"),
    *("published twice", "illegal histories", "wrong answers", "left over", "slowest recovery", "median"),
)


def markdown(results: Sequence[Result], command: str, minutes: float) -> str:
    """Return the whole report."""
    groups = defaultdict(list)
    for result in results:
        groups[list(KINDS).index(result.kind), list(PLACES).index(result.place)].append(result)
    lines = [*_origin(command, minutes), "", _row(HEAD), _row(["---", "---", *["---:"] * (len(HEAD) - 2)])]
    lines += [_row(_cells(group)) for _, group in sorted(groups.items())]
    return "\n".join([*lines, _row(_total(results))]) + "\n"


def write_docs(page: Path, text: str) -> None:
    """Put a report between the markers of a page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")


def _origin(command: str, minutes: float) -> Iterator[str]:
    yield (
        f"`{command}` on {datetime.now(UTC):%Y-%m-%d}: {minutes:.0f} minutes, "
        f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}. "
        "Recovery in seconds, with leases of 1 to 2 s in place of 30."
    )


def _cells(group: Sequence[Result]) -> Iterator[str]:
    yield from (KINDS[group[0].kind].title, PLACES[group[0].place])
    yield from _counts(group)
    times = [result.recovery for result in group]
    yield from (f"{max(times):.1f}", f"{median(times):.1f}")


def _total(results: Sequence[Result]) -> list[str]:
    return ["**all**", "", *_counts(results), f"{max(result.recovery for result in results):.1f}", ""]


def _counts(group: Sequence[Result]) -> Iterator[str]:
    yield f"{len(group):,}"
    yield f"{sum(result.faults for result in group):,}"
    yield f"{sum(result.accepted for result in group):,}"
    for promise in PROMISES:
        broken = sum(result.broken.get(promise, 0) for result in group)
        yield f"**{broken:,}**" if broken else "0"


def _row(cells: Sequence[str] | Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"
