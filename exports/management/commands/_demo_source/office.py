"""What the office of the platform keeps: its equipment, and the questions that people send."""

from collections.abc import Iterator
from datetime import date
from random import Random

from .dirt import empty, soil
from .moments import DAY, days, moments
from .registrations import WINDOW, dice_of
from .tables import Batch, Table, gapped, spans

FEWEST = 40
EQUIPMENT = (
    'Laptop 14" (i5, 16 GB)',
    "Projector",
    "Office chair",
    'Monitor 27"',
    "Label printer",
    "Radio, pair",
    "Café table",
)
PURCHASES = days(date(2019, 1, 1), date(2025, 12, 31))
WARRANTIES = days(date(2026, 1, 1), date(2029, 12, 31))
RESOLVED = 4
"""Tickets of this status and above need nothing more; below, they are open."""
SUBJECTS = (
    "Cannot log in", "Payment not confirmed yet", "RE: RE: Fwd: visa letter", "Salah ketik nama", 'Upload says "413"',
    "Certificate: wrong name", "=refund?", "Tidak menerima email", "¿Fecha límite?", "Urgent!!!",
)  # fmt: skip
DESCRIPTIONS = (
    "Hello,\n\nI tried three times, no success.\n\nRegards",
    "My name has an apostrophe and the form says it's invalid: O'Neil",
    "Saya sudah transfer kemarin, mohon dicek.",
    'See attached screenshot; step 1) open, step 2) click "Save", step 3) nothing.',
    "متى يصدر خطاب القبول؟",
    "Thanks 🙏 solved itself",
    "-",
    "",
)


def _assets(participants: int) -> Iterator[Batch]:
    for numbers in spans(max(FEWEST, participants // 25)):
        dice, count = dice_of("assets", numbers), len(numbers)
        created, updated = _times(dice, count)
        yield {
            "id": [gapped(number, 50) for number in numbers],
            "name": soil(dice, dice.choices(EQUIPMENT, k=count)),
            "asset_tag": [f"AST-{number:05}" for number in numbers],
            "serial_number": _serial_numbers(dice, numbers),
            "status_id": dice.choices(range(1, 6), weights=(20, 60, 8, 8, 4), k=count),
            "location_id": dice.choices(range(1, 9), k=count),
            "assigned_to": [dice.randint(1, 40) if dice.random() < 0.6 else None for _ in numbers],
            "manufacturer_id": dice.choices(range(1, 10), k=count),
            "asset_type_id": dice.choices(range(1, 7), k=count),
            "purchase_date": empty(dice, [*dice.choices(PURCHASES, k=count)], 0.1),
            "warranty_expiry_date": empty(dice, [*dice.choices(WARRANTIES, k=count)], 0.3),
            "created_at": created,
            "updated_at": updated,
        }


def _serial_numbers(dice: Random, numbers: range) -> list[str]:
    """Draw serial numbers, many of which a spreadsheet would take for numbers."""
    forms = dice.choices(("{:010}", "{}E12", "SN/{:06}-X", "{:X}", "89620000000000{:06}"), k=len(numbers))
    return [form.format(number) for form, number in zip(forms, numbers, strict=True)]


def _times(dice: Random, count: int) -> tuple[list[str], list[str]]:
    """Draw when rows were made, and when they were changed for the last time."""
    created = [int(dice.random() * 3.8 * WINDOW) for _ in range(count)]
    return moments(created), moments(second + int(dice.random() * 30 * DAY) for second in created)


def _tickets(participants: int) -> Iterator[Batch]:
    for numbers in spans(max(FEWEST, participants // 10)):
        dice, count = dice_of("tickets", numbers), len(numbers)
        statuses = dice.choices(range(1, 6), weights=(10, 15, 10, 20, 45), k=count)
        created = [int(dice.random() * 3.8 * WINDOW) for _ in numbers]
        due: list[str | None] = [*moments(second + dice.randint(1, 14) * DAY for second in created)]
        yield {
            "id": [gapped(number, 200) for number in numbers],
            "ticket_code": [f"TKT-{number:06}" for number in numbers],
            "subject": soil(dice, dice.choices(SUBJECTS, k=count)),
            "description": soil(dice, dice.choices(DESCRIPTIONS, k=count)),
            "status_id": statuses,
            "priority_id": dice.choices(range(1, 5), weights=(20, 50, 20, 10), k=count),
            "type_id": dice.choices(range(1, 6), k=count),
            "assigned_to": [dice.randint(1, 40) if dice.random() < 0.7 else None for _ in numbers],
            "created_by": dice.choices(range(1, 61), k=count),
            "is_open": [int(status < RESOLVED) for status in statuses],
            "is_resolved": [int(status >= RESOLVED) for status in statuses],
            "created_at": moments(created),
            "due_date": empty(dice, due, 0.2),
            "updated_at": moments(second + int(dice.random() * 20 * DAY) for second in created),
        }


ASSETS = Table(
    name="assets",
    columns={
        "id": "integer",
        "name": "text(120)",
        "asset_tag": "text(20)",
        "serial_number": "text(40)",
        "status_id": "integer",
        "location_id": "integer",
        "assigned_to": "integer null",
        "manufacturer_id": "integer",
        "asset_type_id": "integer",
        "purchase_date": "date null",
        "warranty_expiry_date": "date null",
        "created_at": "datetime",
        "updated_at": "datetime",
    },
    batches=_assets,
)
TICKETS = Table(
    name="tickets",
    columns={
        "id": "integer",
        "ticket_code": "text(20)",
        "subject": "text(200)",
        "description": "longtext",
        "status_id": "integer",
        "priority_id": "integer",
        "type_id": "integer",
        "assigned_to": "integer null",
        "created_by": "integer",
        "is_open": "integer",
        "is_resolved": "integer",
        "created_at": "datetime",
        "due_date": "datetime null",
        "updated_at": "datetime",
    },
    batches=_tickets,
)
