"""The payments of participants: one or two each, and some that came to nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from .dirt import empty, soil_names
from .moments import DAY, HOUR, moments
from .nations import draw_names, draw_nations
from .programs import idr_price, program_payment_id, usd_price
from .registrations import CREATED, MOST_PAYMENTS, PENDING, REJECTED, SUCCESS, Registrations, registrations
from .tables import Batch, Table
from .texts import REMARKS

MIDTRANS, MANUAL = 1, 2
SOURCES = (
    "Bank Contoh",
    "Bank Nusantara Contoh",
    "e-wallet",
    "BANK CONTOH SYARIAH",
    "Örnek Bankası",
    "cash, at the desk",
)
REASONS = ("The proof cannot be read.", "Amount differs: Rp 100.000 instead of Rp 157.500", "Bukti transfer ganda", "?")


@dataclass(frozen=True, kw_only=True)
class Payment:
    """One payment of a batch, before its details are drawn."""

    key: int
    participant_id: int
    program: int
    what: int
    status: int
    created: int


def _payments(people: Registrations, dice: Random) -> list[Payment]:
    return [
        Payment(
            key=number * MOST_PAYMENTS + step,
            participant_id=key,
            program=program,
            what=what,
            status=status,
            created=created + step * 4 * DAY + int(dice.random() * 3 * DAY),
        )
        for number, key, program, created, story in zip(
            people.numbers, people.ids, people.programs, people.created, people.stories, strict=True
        )
        for step, (what, status) in enumerate(story)
    ]


def _batches(participants: int) -> Iterator[Batch]:
    for people in registrations(participants):
        dice = people.dice("payments")
        payments = _payments(people, dice)
        yield {
            "id": [payment.key for payment in payments],
            "participant_id": [payment.participant_id for payment in payments],
            "program_payment_id": [program_payment_id(payment.program, payment.what) for payment in payments],
            "order_id": [f"YS{payment.program}-{payment.created:09}-{payment.key}" for payment in payments],
            "status": [payment.status for payment in payments],
            "payment_date": _payment_dates(payments, dice),
            **_amounts(payments, dice),
            **_ways(payments, dice),
            "notes": empty(dice, [*dice.choices(REMARKS, k=len(payments))], 0.85),
            "rejection_reason": [dice.choice(REASONS) if payment.status == REJECTED else None for payment in payments],
            "is_active": [1] * len(payments),
            "is_deleted": [int(dice.random() < 0.01) for _ in payments],
            "created_at": moments(payment.created for payment in payments),
            "updated_at": moments(payment.created + int(dice.random() * 7 * DAY) for payment in payments),
        }


def _payment_dates(payments: Sequence[Payment], dice: Random) -> list[str | None]:
    """Draw when money came in: only where it did, or where a proof of it was turned down."""
    dates = moments(payment.created + int(dice.random() * 20 * HOUR) for payment in payments)
    return [
        date if payment.status in (SUCCESS, REJECTED) else None for date, payment in zip(dates, payments, strict=True)
    ]


def _amounts(payments: Sequence[Payment], dice: Random) -> Batch:
    currencies = dice.choices(("IDR", "USD"), weights=(91, 9), k=len(payments))
    dollars = [usd_price(payment.program, payment.what) for payment in payments]
    rupiah = [idr_price(payment.program, payment.what) for payment in payments]
    return {
        "currency": currencies,
        "amount": [
            usd if currency == "USD" else idr for currency, usd, idr in zip(currencies, dollars, rupiah, strict=True)
        ],
        "usd_amount": empty(dice, [*dollars], 0.3),
    }


def _ways(payments: Sequence[Payment], dice: Random) -> Batch:
    """Draw how it was paid: the gateway leaves an address, a transfer leaves a proof."""
    methods = dice.choices((MIDTRANS, MANUAL), weights=(6, 4), k=len(payments))
    nations = draw_nations(dice, len(payments))
    owners = soil_names(dice, draw_names(dice, nations, dice.choices(("Female", "Male"), k=len(payments))))
    codes = dice.choices(range(0x10000, 0xFFFFFF), k=len(payments))
    by_hand = [
        method == MANUAL and payment.status not in (CREATED, PENDING)
        for method, payment in zip(methods, payments, strict=True)
    ]
    return {
        "payment_method_id": methods,
        "transaction_code": [f"TRX-{code:06X}-{payment.key}" for code, payment in zip(codes, payments, strict=True)],
        "proof_url": [
            f"https://cdn.example.com/proofs/{code:x}.png" if is_proven else None
            for code, is_proven in zip(codes, by_hand, strict=True)
        ],
        "account_name": [name if is_proven else None for name, is_proven in zip(owners, by_hand, strict=True)],
        "source_name": [dice.choice(SOURCES) if is_proven else None for is_proven in by_hand],
        "payment_url": [
            f"https://pay.example.net/v2/{code:x}/{payment.key}" if method == MIDTRANS else None
            for code, method, payment in zip(codes, methods, payments, strict=True)
        ],
    }


PAYMENTS = Table(
    name="payments",
    columns={
        "id": "integer",
        "participant_id": "integer",
        "program_payment_id": "integer",
        "payment_method_id": "integer",
        "transaction_code": "text(40)",
        "order_id": "text(60)",
        "payment_date": "datetime null",
        "amount": "decimal(15,2)",
        "usd_amount": "decimal(15,2) null",
        "currency": "text(3)",
        "status": "integer",
        "proof_url": "text(255) null",
        "account_name": "text(160) null",
        "source_name": "text(60) null",
        "notes": "longtext null",
        "rejection_reason": "text(255) null",
        "payment_url": "text(255) null",
        "is_active": "integer",
        "is_deleted": "integer",
        "created_at": "datetime",
        "updated_at": "datetime",
    },
    batches=_batches,
    indexes=(("participant_id",), ("program_payment_id",), ("payment_date",)),
)
