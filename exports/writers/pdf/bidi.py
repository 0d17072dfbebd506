"""In which direction each character of a line runs: the Unicode Bidirectional Algorithm (UAX #9, revision 48).

The published packages answer with a reordered text, which cannot be shaped any more: shaping wants runs in logical
order and their levels. Rules are named as in the standard; explicit embeddings are in ``bidi_explicit``.
"""

from collections.abc import Sequence
from itertools import groupby
from unicodedata import bidirectional

from .bidi_explicit import Run, isolating_runs, resolve_explicit

_NEUTRAL = frozenset(("B", "S", "WS", "ON", "FSI", "LRI", "RLI", "PDI"))
_AS_STRONG = {"L": "L", "R": "R", "AN": "R", "EN": "R"}
# The pairs of BidiBrackets.txt that people type; the others are rare mathematical signs.
_CLOSING = dict(zip("([{⟨〈《「『【〔\uff08\uff3b\uff5b⟦⟪〖", ")]}⟩〉》」』】〕\uff09\uff3d\uff5d⟧⟫〗", strict=True))
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}
MIRRORED = str.maketrans(_CLOSING | _OPENING)
_MAX_OPEN = 63


def levels(text: str) -> tuple[list[int], int]:
    """Return the embedding level of each character of one paragraph, and the level of the paragraph (P2 to I2).

    An odd level runs from right to left. Characters that only steer the algorithm get the level before them.
    """
    kinds = [bidirectional(character) or "L" for character in text]
    found, types, base = resolve_explicit(kinds)
    for run in list(isolating_runs(kinds, types, found, base)):
        _resolve_weak(run)
        _resolve_brackets(run, text)
        _resolve_neutral(run)
        for place, kind in zip(run.places, run.types, strict=True):
            found[place] = _implicit(run.level, kind)
    return found, base


def visual_order(line: Sequence[int]) -> list[int]:
    """Return the places of a line's characters from left to right, given their levels (L2)."""
    order = list(range(len(line)))
    lowest_odd = min((level for level in line if level % 2), default=1)
    for level in range(max(line, default=0), lowest_odd - 1, -1):
        for deep, run in groupby(range(len(order)), key=lambda place: line[order[place]] >= level):
            if deep:
                places = list(run)
                order[places[0] : places[-1] + 1] = order[places[0] : places[-1] + 1][::-1]
    return order


def _resolve_weak(run: Run) -> None:
    """Resolve numbers and what belongs to them (W1 to W7)."""
    types, originals = run.types, list(run.types)
    previous = run.before
    for place, kind in enumerate(types):  # W1
        if kind == "NSM":
            types[place] = "ON" if previous in ("LRI", "RLI", "FSI", "PDI") else previous
        previous = types[place]
    run.marks = [kind == "NSM" for kind in originals]
    strong = run.before
    for place, kind in enumerate(types):  # W2, W3
        if kind in ("L", "R", "AL"):
            strong = kind
        elif kind == "EN" and strong == "AL":
            types[place] = "AN"
    types[:] = ["R" if kind == "AL" else kind for kind in types]
    for place in range(1, len(types) - 1):  # W4
        left, kind, right = types[place - 1 : place + 2]
        if left == right and ((kind in ("ES", "CS") and left == "EN") or (kind == "CS" and left == "AN")):
            types[place] = left
    _resolve_terminators(types)
    strong = run.before
    for place, kind in enumerate(types):  # W7
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            types[place] = "L"


def _resolve_terminators(types: list[str]) -> None:
    """Let signs beside a number be part of it, and all other separators be neutral (W5, W6)."""
    start = 0
    for kind, group in groupby(list(types)):
        end = start + len(list(group))
        if kind == "ET":
            beside_number = (start and types[start - 1] == "EN") or (end < len(types) and types[end] == "EN")
            types[start:end] = ["EN" if beside_number else "ON"] * (end - start)
        elif kind in ("ES", "CS"):
            types[start:end] = ["ON"] * (end - start)
        start = end


def _resolve_brackets(run: Run, text: str) -> None:
    """Give both brackets of a pair the direction of what they hold (N0)."""
    for opening, closing in sorted(_pairs(run, text)):
        inside = {_AS_STRONG.get(kind) for kind in run.types[opening + 1 : closing]}
        if run.direction in inside:
            direction = run.direction
        elif inside & {"L", "R"}:
            context = next((_AS_STRONG[kind] for kind in run.types[opening::-1] if kind in _AS_STRONG), run.before)
            direction = context if context != run.direction else run.direction
        else:
            continue
        for place in (opening, closing):
            run.types[place] = direction
            for mark in range(place + 1, len(run.types)):
                if not run.marks[mark]:
                    break
                run.types[mark] = direction


def _pairs(run: Run, text: str) -> list[tuple[int, int]]:
    """Return the places of matching brackets (BD16)."""
    found: list[tuple[int, int]] = []
    waiting: list[tuple[str, int]] = []
    for number, (place, kind) in enumerate(zip(run.places, run.types, strict=True)):
        character = text[place]
        if kind != "ON":
            continue
        if character in _CLOSING:
            if len(waiting) == _MAX_OPEN:
                return []
            waiting.append((character, number))
        elif character in _OPENING:
            for depth in range(len(waiting) - 1, -1, -1):
                if _same(waiting[depth][0], _OPENING[character]):
                    found.append((waiting[depth][1], number))
                    del waiting[depth:]
                    break
    return found


def _same(one: str, other: str) -> bool:
    """Return whether two opening brackets are canonically equivalent."""
    return one == other or {one, other} == {"〈", "\u2329"}


def _resolve_neutral(run: Run) -> None:
    """Give what has no direction that of its surroundings (N1, N2)."""
    start = 0
    for neutral, group in groupby(list(run.types), key=_NEUTRAL.__contains__):
        end = start + len(list(group))
        if neutral:
            left = _AS_STRONG[run.types[start - 1]] if start else run.before
            right = _AS_STRONG[run.types[end]] if end < len(run.types) else run.after
            run.types[start:end] = [left if left == right else run.direction] * (end - start)
        start = end


def _implicit(level: int, kind: str) -> int:
    """Return the level of a resolved type (I1, I2)."""
    if level % 2:
        return level + (kind != "R")
    return level + {"L": 0, "R": 1}.get(kind, 2)
