"""Deterministic records in the shape the YBB applications send: 15 fields, names in several scripts, gaps, mark-up."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Record = dict[str, Any]

FIRST_NAMES = ("Ana", "Budi", "Chloé", "Dewi", "Erik", "Farah", "Gita", "Hồng", "Iris", "José", "Wei 伟", "Zoë")
LAST_NAMES = ("Santoso", "O'Neil", "Nguyễn", "Müller", "Smith", "Wijaya", "Khan", "D'Angelo", "Owusu", "Siregar")
COUNTRIES = ("Indonesia", "Malaysia", "Viet Nam", "Germany", "Ghana", "Philippines", "Japan", "Brazil")
STATES = ("DKI Jakarta", "Jawa Barat", "Hà Nội", "Berlin & Umland", "Greater Accra", "Metro Manila", "Kyoto")
REMARKS = (
    "Needs a visa letter.",
    "Asked for a scholarship; answer pending.",
    "Vegetarian.\nArrives one day early.",
    "Score <80>, see interview notes.",
)
_PIECE = 10_000
_SEED = 20_260_101


def records(count: int) -> Iterator[Record]:
    """Yield ``count`` records; the first n are the same for every count."""
    dice = random.Random(_SEED)
    for number in range(1, count + 1):
        yield _record(number, dice)


def write_json(path: Path, count: int) -> None:
    """Write the records as the JSON array a caller sends, a piece at a time so that a million fit into memory."""
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        piece: list[str] = []
        for number, record in enumerate(records(count), start=1):
            piece.append(_text(record))
            if len(piece) == _PIECE or number == count:
                file.write(",".join(piece) + ("," if number < count else ""))
                piece.clear()
        file.write("]")


def write_ndjson(path: Path, count: int) -> None:
    """Write the records as an application uploads them, one a line."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{_text(record)}\n" for record in records(count))


def _text(record: Record) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def _record(number: int, dice: random.Random) -> Record:
    pick = dice.random
    first, last = FIRST_NAMES[int(pick() * 12)], LAST_NAMES[int(pick() * 10)]
    return {
        "id": 100_000 + number,
        "form_id": f"YBB2026_{number:06}",
        "first_name": first,
        "last_name": last,
        "email": f"{first.split()[0].lower()}.{int(pick() * 1e6)}@example.com",
        "phone": f"+62812{int(pick() * 1e8):08}",
        "birthdate": f"{1990 + int(pick() * 18)}-{1 + int(pick() * 12):02}-{1 + int(pick() * 28):02}",
        "nationality": COUNTRIES[int(pick() * 8)],
        "state": STATES[int(pick() * 7)],
        "form_status": 1 + int(pick() * 4),
        "is_active": int(pick() * 10 > 1),
        "is_deleted": int(pick() * 20 > 19),
        "created_at": f"2026-{1 + number * 10 // 1_000_003 % 12:02}-{1 + int(pick() * 28):02} {_time(pick())}",
        "updated_at": f"2026-11-{1 + int(pick() * 20):02} {_time(pick())}",
        "notes": REMARKS[int(pick() * 4)] if pick() < 0.3 else None,
    }


def _time(fraction: float) -> str:
    seconds = int(fraction * 86_400)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
