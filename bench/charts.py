"""Bars as SVG, drawn by hand: no library, and a file that a text editor can read."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from .cases import Case
from .measure import Result

_WIDTH, _BAR, _GAP, _LEFT, _RIGHT = 800, 22, 8, 260, 110
_OURS, _OTHER, _INK = "#366092", "#b9c4d0", "#24292f"


def draw(folder: Path, measured: Sequence[tuple[Case, list[Result]]]) -> list[str]:
    """Draw each case that compares, at the most records all its contenders wrote; return Markdown that shows them."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = []
    for case, results in measured:
        compared = _compared(results)
        if len(compared) > 1:
            title = f"{case.title}: {compared[0].count:,} records, {_unit(case)} (less is better)"
            bars = [(result.title, result.size / 2**20 if case.draws_size else result.seconds) for result in compared]
            (folder / f"{case.name}.svg").write_text(_bars(title, bars, _unit(case)), encoding="utf-8")
            shown.append(f"![{title}]({folder.name}/{case.name}.svg)")
    return shown


def _compared(results: Sequence[Result]) -> list[Result]:
    everybody = {result.title for result in results}
    counts = sorted({result.count for result in results}, reverse=True)
    by_count = ([result for result in results if result.count == count] for count in counts)
    return next((some for some in by_count if {result.title for result in some} == everybody), [])


def _unit(case: Case) -> str:
    return "MiB" if case.draws_size else "seconds"


def _bars(title: str, bars: Sequence[tuple[str, float]], unit: str) -> str:
    longest = max(value for _, value in bars)
    height = 40 + len(bars) * (_BAR + _GAP)
    drawn = [
        _bar(40 + place * (_BAR + _GAP), name, f"{value:.3g} {unit.removesuffix('econds')}", value / longest)
        for place, (name, value) in enumerate(sorted(bars, key=lambda bar: bar[1]))
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'font-family="sans-serif" font-size="13">\n<title>{escape(title)}</title>\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>\n'
        f'<text x="0" y="18" font-weight="bold" fill="{_INK}">{escape(title)}</text>\n'
        f"{''.join(drawn)}</svg>\n"
    )


def _bar(top: int, name: str, value: str, share: float) -> str:
    width = max(share * (_WIDTH - _LEFT - _RIGHT), 1)
    middle = top + _BAR - 7
    return (
        f'<text x="{_LEFT - 10}" y="{middle}" text-anchor="end" fill="{_INK}">{escape(name)}</text>\n'
        f'<rect x="{_LEFT}" y="{top}" width="{width:.1f}" height="{_BAR}" '
        f'fill="{_OURS if name == "ours" else _OTHER}"/>\n'
        f'<text x="{_LEFT + width + 8:.1f}" y="{middle}" fill="{_INK}">{value}</text>\n'
    )
