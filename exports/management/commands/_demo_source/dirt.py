"""What people and other programs leave in columns of text."""

from collections.abc import Callable
from itertools import cycle
from random import Random
from typing import TypeVar

Kept = TypeVar("Kept")

ODD_TEXTS = (
    '=HYPERLINK("http://example.com")',
    "=1+1",
    "+62",
    "-",
    "--",
    "N/A",
    "n/a",
    "NULL",
    "0",
    "00123",
    "@",
    "'",
    "0000-00-00",
    "31/02/2025",
    "",
    " ",
    "<b>bold</b> & more",
)


def strike(dice: Random, values: list[Kept], share: float, change: Callable[[Kept], Kept]) -> None:
    """Change about this share of the values where they stand."""
    for index in dice.sample(range(len(values)), k=round(len(values) * share)):
        values[index] = change(values[index])


def empty(dice: Random, values: list[str | None], share: float) -> list[str | None]:
    """Leave out about this share of the values, and return the list."""
    strike(dice, values, share, lambda _: None)
    return values


def soil(dice: Random, values: list[str], share: float = 0.012) -> list[str]:
    """Put each odd text in turn in the place of about this share of the values, and return the list."""
    odd = cycle(dice.sample(ODD_TEXTS, k=len(ODD_TEXTS)))
    strike(dice, values, share, lambda _: next(odd))
    return values


def soil_names(dice: Random, names: list[str]) -> list[str]:
    """Mistype about one name in twelve the way forms are mistyped, and return the list."""
    for change in MISTYPED:
        strike(dice, names, 0.008, change)
    return names


def _doubled_blank(name: str) -> str:
    return name.replace(" ", "  ")


def _nickname(name: str) -> str:
    first, _, rest = name.partition(" ")
    return f'{first} "{first[:3]}" {rest}'.rstrip()


MISTYPED: tuple[Callable[[str], str], ...] = (
    _doubled_blank,
    _nickname,
    str.upper,
    str.lower,
    " {}".format,
    "{} ".format,
    "{}\t".format,
    "{}\u00a0".format,
    "{} 🌏".format,
    "✨ {} 👩🏽\u200d🎓".format,
)
