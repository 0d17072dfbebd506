"""The ambassadors who bring participants in, each for one program."""

from collections.abc import Iterator
from random import Random

from .dirt import empty, soil_names
from .moments import DAY, moments
from .nations import draw_names, draw_nations, draw_phones
from .registrations import WINDOW, dice_of
from .tables import Batch, Table, gapped, spans
from .texts import REMARKS

FEWEST = 6
PARTICIPANTS_EACH = 60
PROGRAMS = (4, 3, 2, 4, 3, 1, 4, 3, 2, 4)
"""Whose the ambassadors are, over and over, so that the largest program has most and none has nobody."""
INSTITUTIONS = ("Example State University", "Universitas Contoh", "SMA Negeri 3 Contoh", "Örnek Üniversitesi", "-")


def codes_by_program(participants: int) -> dict[int, list[str]]:
    """Return the codes that participants of each program may name."""
    codes: dict[int, list[str]] = {}
    for number in range(1, _count(participants) + 1):
        codes.setdefault(_program(number), []).append(_ref_code(number))
    return codes


def _count(participants: int) -> int:
    return max(FEWEST, participants // PARTICIPANTS_EACH)


def _program(number: int) -> int:
    return PROGRAMS[(number - 1) % len(PROGRAMS)]


def _ref_code(number: int) -> str:
    return f"YS{_program(number)}-{Random(number).choice('ABCDEFGHJKLMNPQRSTUVWXYZ')}{number:05}"


def _batches(participants: int) -> Iterator[Batch]:
    for numbers in spans(_count(participants)):
        dice, count = dice_of("ambassadors", numbers), len(numbers)
        nations = draw_nations(dice, count)
        genders = dice.choices(("Female", "Male"), k=count)
        created = [WINDOW * (_program(number) - 1) + int(dice.random() * 60 * DAY) for number in numbers]
        yield {
            "id": [gapped(number, 300) for number in numbers],
            "name": soil_names(dice, draw_names(dice, nations, genders)),
            "email": [f"Ambassador.{number}@example.org" for number in numbers],
            "ref_code": [_ref_code(number) for number in numbers],
            "program_id": [_program(number) for number in numbers],
            "institution": dice.choices(INSTITUTIONS, k=count),
            "gender": genders,
            "phone_number": draw_phones(dice, nations),
            "notes": empty(dice, [*dice.choices(REMARKS, k=count)], 0.5),
            "is_active": [int(dice.random() > 0.1) for _ in numbers],
            "is_deleted": [int(dice.random() < 0.03) for _ in numbers],
            "created_at": moments(created),
            "updated_at": moments(second + int(dice.random() * 90 * DAY) for second in created),
        }


AMBASSADORS = Table(
    name="ambassadors",
    columns={
        "id": "integer",
        "name": "text(150)",
        "email": "text(150)",
        "ref_code": "text(20)",
        "program_id": "integer",
        "institution": "text(150)",
        "gender": "text(10)",
        "phone_number": "text(40)",
        "notes": "longtext null",
        "is_active": "integer",
        "is_deleted": "integer",
        "created_at": "datetime",
        "updated_at": "datetime",
    },
    batches=_batches,
    indexes=(("program_id",),),
    unique=("ref_code",),
)
