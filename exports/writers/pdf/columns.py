"""How wide the columns are, and which of them stand on a page together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from exports.types import Column, Kind

from .cells import Cells
from .characters import Trait
from .faces import EM
from .geometry import INNER_WIDTH, PAD_X, SIZE
from .glyphs import Glyphs, Ints
from .lines import Borders

FLOOR, CEILING = 360, 1900
"""Widths between which a column stays, whatever is in it; a note of how much is missing fits into the narrowest."""
_EASY = 620
"""A column of text that must give way to others keeps this width."""
_LONGEST_WORD = 1100
"""A longer word is broken."""
_TEXTUAL = (Kind.TEXT, Kind.CODE, Kind.LIST)


@dataclass(frozen=True)
class Band:
    """Columns that stand on a page side by side."""

    columns: tuple[int, ...]
    """Places in the layout."""
    widths: tuple[int, ...]
    """With what is left free on both sides."""
    repeated: int = 0
    """How many of its columns, at its beginning, stand on another band before."""

    @property
    def name(self) -> str:
        """Which columns stand on it for the first time, counted from 1."""
        new = self.columns[self.repeated :]
        return f"{new[0] + 1}\u2013{new[-1] + 1}"

    @property
    def lefts(self) -> list[int]:
        """Where the columns begin, from the left edge of the table."""
        return [0, *np.cumsum(self.widths).tolist()][:-1]


@dataclass(frozen=True)
class Measured:
    """What the columns would like, each in the tenths of a point of the page."""

    natural: list[int]
    """To show the widest cell in one line."""
    word: list[int]
    """To show the widest word in one line."""

    @classmethod
    def nothing(cls, columns: int) -> "Measured":
        """Return the measure of columns without cells."""
        return cls(natural=[0] * columns, word=[0] * columns)


def measure(cells: Cells, widths: Ints, columns: int, glyphs: Glyphs) -> Measured:
    """Measure the columns of cells that stand row by row."""
    full, word = np.zeros(columns, np.int64), np.zeros(columns, np.int64)
    np.maximum.at(full, np.arange(cells.count) % columns, np.diff(widths[cells.starts]))
    bits = glyphs.traits[cells.units]
    allowed = Borders(cells.units, bits, np.flatnonzero(bits & Trait.NEWLINE)).allowed
    allowed[cells.starts] = True
    places = np.flatnonzero(allowed)
    owners = (np.searchsorted(cells.starts, places[:-1], "right") - 1) % columns
    np.maximum.at(word, owners, np.diff(widths[places]))
    return Measured(natural=_on_page(full), word=_on_page(word))


def arrange(columns: Sequence[Column], values: Measured, headers: Measured, seen: Sequence[int]) -> tuple[Band, ...]:
    """Return the bands of a table.

    ``seen`` is the longest text measured of each column, in characters: where the whole export holds longer ones,
    the column gets wider in proportion.
    """
    natural, least = [], []
    for place, column in enumerate(columns):
        longer = max((column.width or 0) / max(seen[place], 1), 1)
        header = max(headers.word[place], headers.natural[place] // 2 + PAD_X)
        wish = _within(FLOOR, max(round(values.natural[place] * longer), header), CEILING)
        natural.append(wish)
        shown_whole = column.kind not in _TEXTUAL
        easy = wish if shown_whole else max(_EASY, min(values.word[place], _LONGEST_WORD), headers.word[place])
        least.append(min(wish, easy))
    bands = _bands(least)
    if len(bands) > 1:
        # The column that opens every band is equally wide in all of them.
        natural[0] = least[0]
    return tuple(
        Band(tuple(band), _widths(band, natural, least), repeated=int(number > 0 and band[0] == 0))
        for number, band in enumerate(bands)
    )


def _on_page(units: Ints) -> list[int]:
    """Turn widths of text into widths of columns; the tenth more is what rounding may take."""
    wide: list[int] = (-(-units * SIZE // EM) + 2 * PAD_X + 1).tolist()
    return wide


def _within(least: int, wish: int, most: int) -> int:
    return max(least, min(wish, most))


def _bands(least: list[int]) -> list[list[int]]:
    """Cut columns into bands that fit; the first column, which tells rows apart, opens each if it is not too wide."""
    repeated = [0] if len(least) > 1 and least[0] <= INNER_WIDTH // 4 else []
    bands: list[list[int]] = [[]]
    for place, width in enumerate(least):
        if bands[-1] and sum(least[other] for other in bands[-1]) + width > INNER_WIDTH:
            bands.append(list(repeated))
        bands[-1].append(place)
    return bands


def _widths(band: list[int], natural: list[int], least: list[int]) -> tuple[int, ...]:
    """Share what is left of a page's width: those that want little more get it, the others equal parts of the rest."""
    left = INNER_WIDTH - sum(least[place] for place in band)
    given = dict.fromkeys(band, 0)
    by_wish = sorted(band, key=lambda place: natural[place] - least[place])
    for served, place in enumerate(by_wish):
        given[place] = max(min(natural[place] - least[place], left // (len(band) - served)), 0)
        left -= given[place]
    return tuple(least[place] + given[place] for place in band)
