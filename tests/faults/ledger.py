"""What was asked of an installation and what it promised, to hold the outcome against."""

import itertools
import json
import threading
from dataclasses import dataclass, field
from typing import Any

COMPLETED = frozenset({"completed"})


@dataclass
class Asked:
    """One export that somebody asked for."""

    name: str
    """In every record of it, and behind the # of its ``caller_user_id``."""
    rows: int
    accepted: bool = False
    """Somebody was told that it will be made."""
    ends: frozenset[str] = COMPLETED
    """The states it may end in."""
    starts: int | None = None
    """Exactly how often each of its files must have been started; None where that is chance."""


@dataclass
class Ledger:
    """Everything that was asked in one round, from any thread."""

    asked: dict[str, Asked] = field(default_factory=dict)
    wrong_answers: list[str] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, rows: int, **expected: Any) -> Asked:
        """Note a wish, before it is expressed."""
        with self._lock:
            asked = Asked(f"e{next(self._numbers)}", rows, **expected)
            self.asked[asked.name] = asked
        return asked

    @property
    def accepted(self) -> list[Asked]:
        return [asked for asked in self.asked.values() if asked.accepted]


def records(name: str, rows: int, text: str = "") -> list[dict[str, Any]]:
    """Return records that tell of themselves to which export they belong, and where in it."""
    return [
        {"id": number, "amount": f"{number}.50", "reference_number": reference(name, number, text)}
        for number in range(1, rows + 1)
    ]


def reference(name: str, number: int, text: str = "") -> str:
    """Return what record ``number`` says of itself."""
    return f"{name} {number}{text}"


def body(asked: Asked, how: str = "", text: str = "") -> bytes:
    """Return the request for an export."""
    wish = {"data": records(asked.name, asked.rows, text), "format": "csv", "user_id": f"{how}#{asked.name}"}
    return json.dumps(wish).encode()
