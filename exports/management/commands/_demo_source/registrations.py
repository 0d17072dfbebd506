"""What several tables have to agree on about participants: who registered when, for which program, and what was paid.

Each table draws it anew from the same seed, so that none waits for another and nothing is kept.
"""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from .moments import DAY, HOUR
from .tables import gapped, spans

SEED = 2026
SHARES = (0.1, 0.2, 0.3, 0.4)
"""Of the programs 1 to 4."""
WINDOW = 182 * DAY
"""How long one can register for a program; each opens when the one before it closes."""
RUSH = 2.2
"""How steeply registrations grow towards the deadline; 1 would be evenly."""
LATE = 0.02
"""How far into the neighbouring program registrations reach, as a share of all."""

CREATED, PENDING, SUCCESS, CANCELLED, REJECTED = range(5)
REGISTRATION, FEE_1, FEE_2 = range(3)
Story = tuple[tuple[int, int], ...]
"""The payments of a participant in their order: what for, and what became of it."""
STORIES: dict[Story, int] = {
    (): 10,
    ((REGISTRATION, CREATED),): 6,
    ((REGISTRATION, PENDING),): 9,
    ((REGISTRATION, SUCCESS),): 34,
    ((REGISTRATION, CANCELLED),): 5,
    ((REGISTRATION, REJECTED),): 3,
    ((REGISTRATION, CANCELLED), (REGISTRATION, SUCCESS)): 8,
    ((REGISTRATION, REJECTED), (REGISTRATION, SUCCESS)): 4,
    ((REGISTRATION, SUCCESS), (FEE_1, SUCCESS)): 7,
    ((REGISTRATION, SUCCESS), (FEE_1, PENDING)): 4,
    ((REGISTRATION, SUCCESS), (FEE_1, SUCCESS), (FEE_2, SUCCESS)): 4,
    ((REGISTRATION, SUCCESS), (FEE_1, SUCCESS), (FEE_2, PENDING)): 2,
    ((REGISTRATION, CANCELLED), (REGISTRATION, SUCCESS), (FEE_1, SUCCESS)): 4,
}
MOST_PAYMENTS = max(map(len, STORIES))
_WORTH = (SUCCESS, PENDING, REJECTED, CANCELLED, CREATED)
_BOUNDS = tuple(accumulate(SHARES))


@dataclass(frozen=True, kw_only=True)
class Registrations:
    """A batch of registrations, column by column."""

    numbers: range
    """Counted from 1, oldest first."""
    programs: Sequence[int]
    created: Sequence[int]
    """Seconds since the first day."""
    stories: Sequence[Story]

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def ids(self) -> list[int]:
        """Keys of the participants."""
        return [gapped(number, 1_000) for number in self.numbers]

    @property
    def user_ids(self) -> list[int]:
        """Keys of their users."""
        return [gapped(number, 5_000) for number in self.numbers]

    def dice(self, table: str) -> Random:
        """Return what one table draws this batch with."""
        return dice_of(table, self.numbers)

    def later(self, dice: Random, within: int) -> list[int]:
        """Return a moment for each that is at most so many seconds after the registration."""
        return [second + int(dice.random() * within) for second in self.created]


def dice_of(table: str, numbers: range) -> Random:
    """Return what a table draws these rows with."""
    return Random(f"{SEED} {table} {numbers.start}")


def registrations(participants: int) -> Iterator[Registrations]:
    """Yield all of them in batches."""
    for numbers in spans(participants):
        dice = dice_of("registrations", numbers)
        places = [(number - 0.5) / participants for number in numbers]
        yield Registrations(
            numbers=numbers,
            programs=[_program(place + (dice.random() - 0.5) * LATE) for place in places],
            created=[_created(place) + int(dice.random() * 12 * HOUR) for place in places],
            stories=dice.choices(list(STORIES), weights=list(STORIES.values()), k=len(numbers)),
        )


def payment_status(story: Story) -> int:
    """Return what all payments together come to: the best of them."""
    return next((status for status in _WORTH if any(status == found for _, found in story)), CREATED)


def _program(place: float) -> int:
    """Return the program of a place in the row of all registrations, from 0 to 1."""
    return min(bisect(_BOUNDS, place), len(SHARES) - 1) + 1


def _created(place: float) -> int:
    """Return the second at which somebody at this place registers."""
    program = _program(place)
    share = SHARES[program - 1]
    done = (place - _BOUNDS[program - 1] + share) / share
    return int(WINDOW * (program - 1 + max(done, 0.0) ** (1 / RUSH)))
