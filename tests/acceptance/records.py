"""Records as the YBB platform sends them (document 001, "API Reference")."""

from typing import Any

Record = dict[str, Any]


def participants(count: int) -> list[Record]:
    return [
        {
            "id": number,
            "form_id": f"YBB2024_{number:05}",
            "first_name": "Siti" if number % 2 else "José",
            "last_name": f"Doe {number}",
            "email": f"person{number}@example.com",
            "phone": f"+62812{number:07}",
            "birthdate": "1995-05-15",
            "nationality": "Indonesian",
            "state": "Jawa Barat",
            "form_status": number % 4 + 1,
            "is_active": number % 2,
            "is_deleted": 0,
            "created_at": f"2024-01-15 10:{number // 60 % 60:02}:{number % 60:02}",
            "updated_at": "2024-01-16 11:31:00",
            "notes": "A note about this person that is about as long as such notes are.",
        }
        for number in range(1, count + 1)
    ]


def payments(count: int) -> list[Record]:
    return [
        {
            "id": number,
            "participant_id": number + 100,
            "payment_method_id": number % 4 + 1,
            "amount": "1500.50",
            "usd_amount": 1500.5,
            "payment_date": "2024-01-20",
            "payment_status": number % 4 + 1,
            "reference_number": f"PAY_{number:03}_2024",
            "notes": "Registration fee payment",
            "created_at": "2024-01-15 10:30:00",
            "updated_at": "2024-01-15 10:30:00",
        }
        for number in range(1, count + 1)
    ]


def ambassadors(count: int) -> list[Record]:
    categories = ("university", "high_school", "professional", "community")
    return [
        {
            "id": number,
            "participant_id": number + 100,
            "ambassador_code": f"AMB_{number:03}",
            "category": categories[number % 4],
            "status": "active",
            "referral_count": 15,
            "commission_earned": 750.0,
            "is_active": number % 2,
            "created_at": "2024-01-15 10:30:00",
            "updated_at": "2024-01-15 10:30:00",
        }
        for number in range(1, count + 1)
    ]


OF = {"participants": participants, "payments": payments, "ambassadors": ambassadors}
