"""The programs that people register for, and what they are asked to pay."""

from collections.abc import Iterator

from .tables import Batch, Table

_PROGRAMS = {
    1: ("Harbour Youth Summit 2025", 2025, "2025-02-10", "2025-02-14"),
    2: ("Highland Youth Forum 2025", 2025, "2025-08-04", "2025-08-08"),
    3: ("Harbour Youth Summit 2026", 2026, "2026-02-09", "2026-02-13"),
    4: ("Island Youth Summit & Expo 2026", 2026, "2026-08-03", "2026-08-08"),
}
_CATEGORIES = ("registration", "program_fee_1", "program_fee_2")
_USD = ((10, 150, 175), (10, 160, 185), (12, 175, 200), (15, 190, 225))
_RUPIAH_A_DOLLAR = 15_750


def program_payment_id(program: int, what: int) -> int:
    """Return the key of what is paid for."""
    return program * 5 + what


def usd_price(program: int, what: int) -> str:
    """Return what it costs in US dollars."""
    return f"{_USD[program - 1][what]}.00"


def idr_price(program: int, what: int) -> str:
    """Return what it costs in rupiah."""
    return f"{_USD[program - 1][what] * _RUPIAH_A_DOLLAR}.00"


def _programs(_participants: int) -> Iterator[Batch]:
    yield {
        "id": [*_PROGRAMS],
        "name": [name for name, *_ in _PROGRAMS.values()],
        "year": [year for _, year, *_ in _PROGRAMS.values()],
        "starts_on": [starts_on for *_, starts_on, _ in _PROGRAMS.values()],
        "ends_on": [ends_on for *_, ends_on in _PROGRAMS.values()],
    }


def _program_payments(_participants: int) -> Iterator[Batch]:
    asked = [(program, what) for program in _PROGRAMS for what in range(len(_CATEGORIES))]
    yield {
        "id": [program_payment_id(*one) for one in asked],
        "program_id": [program for program, _ in asked],
        "name": [_CATEGORIES[what].replace("_", " ").title() for _, what in asked],
        "category": [_CATEGORIES[what] for _, what in asked],
        "idr_amount": [idr_price(*one) for one in asked],
        "usd_amount": [usd_price(*one) for one in asked],
        "order_number": [what + 1 for _, what in asked],
    }


def _payment_methods(_participants: int) -> Iterator[Batch]:
    yield {
        "id": [1, 2],
        "name": ["Midtrans", "Manual Transfer"],
        "type": ["gateway", "manual"],
        "is_active": [1, 1],
    }


PROGRAMS = Table(
    name="programs",
    columns={"id": "integer", "name": "text(150)", "year": "integer", "starts_on": "date", "ends_on": "date"},
    batches=_programs,
)
PROGRAM_PAYMENTS = Table(
    name="program_payments",
    columns={
        "id": "integer",
        "program_id": "integer",
        "name": "text(100)",
        "category": "text(20)",
        "idr_amount": "decimal(15,2)",
        "usd_amount": "decimal(15,2)",
        "order_number": "integer",
    },
    batches=_program_payments,
)
PAYMENT_METHODS = Table(
    name="payment_methods",
    columns={"id": "integer", "name": "text(60)", "type": "text(20)", "is_active": "integer"},
    batches=_payment_methods,
)
