"""Bars as SVG, drawn by hand: no library, and a file that a text editor can read."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from .cases import Case
from .measure import Result

_WIDTH, _BAR, _GAP, _LEFT, _RIGHT = 760, 22, 8, 220, 110
_OURS, _OTHER, _INK = "#366092", "#b9c4d0", "#24292f"


def draw(folder: Path, measured: Sequence[tuple[Case, list[Result]]]) -> list[str]:
    """Draw the seconds of each case that compares, at its first number of records; return Markdown that shows them."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = []
    for case, results in measured:
        compared = [result for result in results if result.count == case.counts[0]]
        if len(compared) > 1:
            title = f"{case.title}: {case.counts[0]:,} records, seconds (less is better)"
            (folder / f"{case.name}.svg").write_text(_bars(title, compared), encoding="utf-8")
            shown.append(f"![{title}]({folder.name}/{case.name}.svg)")
    return shown


def _bars(title: str, results: Sequence[Result]) -> str:
    longest = max(result.seconds for result in results)
    height = 40 + len(results) * (_BAR + _GAP)
    bars = [
        _bar(40 + place * (_BAR + _GAP), result, result.seconds / longest)
        for place, result in enumerate(sorted(results, key=lambda result: result.seconds))
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'font-family="sans-serif" font-size="13">\n<title>{escape(title)}</title>\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>\n'
        f'<text x="0" y="18" font-weight="bold" fill="{_INK}">{escape(title)}</text>\n'
        f"{''.join(bars)}</svg>\n"
    )


def _bar(top: int, result: Result, share: float) -> str:
    width = max(share * (_WIDTH - _LEFT - _RIGHT), 1)
    middle = top + _BAR - 7
    return (
        f'<text x="{_LEFT - 10}" y="{middle}" text-anchor="end" fill="{_INK}">{escape(result.title)}</text>\n'
        f'<rect x="{_LEFT}" y="{top}" width="{width:.1f}" height="{_BAR}" '
        f'fill="{_OURS if result.title == "ours" else _OTHER}"/>\n'
        f'<text x="{_LEFT + width + 8:.1f}" y="{middle}" fill="{_INK}">{result.seconds:.3g} s</text>\n'
    )
