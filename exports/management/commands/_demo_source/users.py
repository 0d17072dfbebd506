"""The accounts that participants registered with."""

from collections.abc import Iterator

from .dirt import empty, strike
from .moments import DAY, moments
from .registrations import registrations
from .tables import Batch, Table

_FIRST = (
    "sunny", "garuda", "quiet", "melati", "blue", "rapid", "kopi", "lucky", "nova", "pixel", "senja", "green", "little",
    "bright", "ocean", "rimba", "mister", "miss", "happy", "angin", "tiny", "north", "bintang",
)  # fmt: skip
_SECOND = (
    "traveller", "biru", "reader", "harapan", "walker", "studies", "pagi", "dreamer", "coder", "langit", "writer", "x",
    "journal", "nusantara", "leaf", "debater", "rivers",
)  # fmt: skip

_ENDINGS = ("com", "net", "org")


def handle(number: int) -> str:
    """Return what the n-th participant is called online."""
    return f"{_FIRST[number % len(_FIRST)]}{'._'[number % 2]}{_SECOND[number % len(_SECOND)]}{number}"


def _batches(participants: int) -> Iterator[Batch]:
    for people in registrations(participants):
        dice = people.dice("users")
        emails = [f"{handle(number)}@example.{_ENDINGS[number % 3]}" for number in people.numbers]
        strike(dice, emails, 0.06, str.title)
        strike(dice, emails, 0.01, str.upper)
        last_logins: list[str | None] = [*moments(people.later(dice, 90 * DAY))]
        yield {
            "id": people.user_ids,
            "account_id": [f"YBB-{number:06}" for number in people.numbers],
            "email": emails,
            "last_login": empty(dice, last_logins, 0.15),
            "created_at": moments(people.created),
        }


USERS = Table(
    name="users",
    columns={
        "id": "integer",
        "account_id": "text(20)",
        "email": "text(150)",
        "last_login": "datetime null",
        "created_at": "datetime",
    },
    batches=_batches,
)
