"""Embeddings, overrides and isolates of the Unicode Bidirectional Algorithm (UAX #9, X1 to X10)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

_EMBEDDINGS = {"LRE": "L", "LRO": "L", "RLE": "R", "RLO": "R"}
_OVERRIDES = {"LRO": "L", "RLO": "R"}
_ISOLATES = ("LRI", "RLI", "FSI")
_REMOVED = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "BN"))
_MAX_DEPTH = 125


@dataclass
class Run:
    """An isolating run sequence (BD13): text that is resolved as if nothing stood between its parts."""

    level: int
    places: list[int]
    types: list[str]
    """Bidi classes, resolved step by step."""
    before: str
    """Direction at its left border, L or R (sos)."""
    after: str
    """Direction at its right border (eos)."""
    marks: list[bool] = field(default_factory=list)
    """Which were non-spacing marks."""

    @property
    def direction(self) -> str:
        """The direction of the level."""
        return _direction(self.level)


@dataclass
class _Stack:
    """The directional status stack (X1)."""

    entries: list[tuple[int, str, bool]]
    """Level, override, whether an isolate."""
    overflow_isolates: int = 0
    overflow_embeddings: int = 0
    isolates: int = 0

    def push(self, direction: str, override: str, *, isolate: bool) -> None:
        """Open an embedding or an isolate (X2 to X5)."""
        level = self.entries[-1][0]
        deeper = level + (1 if (level + 1) % 2 == (direction == "R") else 2)
        if deeper <= _MAX_DEPTH and not self.overflow_isolates and not self.overflow_embeddings:
            self.isolates += isolate
            self.entries.append((deeper, override, isolate))
        elif isolate:
            self.overflow_isolates += 1
        elif not self.overflow_isolates:
            self.overflow_embeddings += 1

    def pop_isolate(self) -> None:
        """Close an isolate with everything opened inside it (X6a)."""
        if self.overflow_isolates:
            self.overflow_isolates -= 1
        elif self.isolates:
            self.overflow_embeddings = 0
            while not self.entries.pop()[2]:
                pass
            self.isolates -= 1

    def pop_embedding(self) -> None:
        """Close an embedding (X7)."""
        if self.overflow_isolates:
            return
        if self.overflow_embeddings:
            self.overflow_embeddings -= 1
        elif len(self.entries) > 1 and not self.entries[-1][2]:
            self.entries.pop()


def resolve_explicit(kinds: list[str]) -> tuple[list[int], list[str], int]:
    """Return level and class of each character as embeddings and overrides have them, and the paragraph's level."""
    ends = _isolate_ends(kinds)
    base = _first_strong(kinds, ends, 0, len(kinds))
    stack = _Stack([(base, "", False)])
    found, types = [base] * len(kinds), list(kinds)
    for place, kind in enumerate(kinds):
        if kind == "PDI":
            stack.pop_isolate()
        level, override, _ = stack.entries[-1]
        if kind != "B":
            found[place] = level
        if override and kind not in _REMOVED and kind != "B":
            types[place] = override
        if kind in _EMBEDDINGS:
            stack.push(_EMBEDDINGS[kind], _OVERRIDES.get(kind, ""), isolate=False)
        elif kind in _ISOLATES:
            odd = kind == "RLI" or (kind == "FSI" and _first_strong(kinds, ends, place + 1, ends[place]) == 1)
            stack.push("R" if odd else "L", "", isolate=True)
        elif kind == "PDF":
            stack.pop_embedding()
    return found, types, base


def isolating_runs(kinds: list[str], types: list[str], found: list[int], base: int) -> Iterator[Run]:
    """Yield the isolating run sequences (X9, X10)."""
    kept = [place for place, kind in enumerate(kinds) if kind not in _REMOVED]
    level_runs = [list(places) for _, places in groupby(kept, key=found.__getitem__)]
    ends = {start: end for start, end in _isolate_ends(kinds).items() if end < len(kinds)}
    by_start = {run[0]: run for run in level_runs}
    continuations = {ends[run[-1]] for run in level_runs if run[-1] in ends}
    neighbours = dict(zip(kept, zip([None, *kept[:-1]], [*kept[1:], None], strict=True), strict=True)) if kept else {}
    for run in level_runs:
        if run[0] in continuations:
            continue
        places = list(run)
        while places[-1] in ends and ends[places[-1]] in by_start:
            places += by_start[ends[places[-1]]]
        level = found[places[0]]
        left, right = neighbours[places[0]][0], neighbours[places[-1]][1]
        if kinds[places[-1]] in _ISOLATES:
            right = None
        yield Run(
            level=level,
            places=places,
            types=[types[place] for place in places],
            before=_direction(max(level, base if left is None else found[left])),
            after=_direction(max(level, base if right is None else found[right])),
        )


def _isolate_ends(kinds: list[str]) -> dict[int, int]:
    """Return where each isolate is closed; at the end of the text where nothing closes it (BD9)."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for place, kind in enumerate(kinds):
        if kind in _ISOLATES:
            waiting.append(place)
        elif kind == "PDI" and waiting:
            found[waiting.pop()] = place
    return found | dict.fromkeys(waiting, len(kinds))


def _first_strong(kinds: list[str], ends: dict[int, int], start: int, end: int) -> int:
    """Return 1 where the first strong character outside isolates is a right-to-left one, else 0 (P2, P3)."""
    place = start
    while place < end:
        if kinds[place] in ("L", "R", "AL"):
            return int(kinds[place] != "L")
        place = ends.get(place, place) + 1
    return 0


def _direction(level: int) -> str:
    return "R" if level % 2 else "L"
