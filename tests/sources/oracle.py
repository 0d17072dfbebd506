"""What every filter of the demo's resources chooses, in plain Python over plain rows: an opinion of its own."""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal

from exports.management.commands._demo_source import TABLES
from tests.demo_databases import plain

STEPS = {10: timedelta(days=1), 16: timedelta(minutes=1), 19: timedelta(seconds=1)}
PAYMENT_STATUS = {"created": "0", "pending": "1", "success": "2", "cancelled": "3", "rejected": "4"}


def tables(connection):
    """Return the rows of every table of the demo, by the names of their columns."""
    cursor, found = connection.cursor(), {}
    for table in TABLES:
        cursor.execute(f"SELECT {', '.join(table.columns)} FROM {table.name} ORDER BY id")
        kinds = table.columns
        rows = [map(plain, row, kinds.values()) for row in cursor.fetchall()]
        found[table.name] = [dict(zip(kinds, row, strict=True)) for row in rows]
    return found


def records(resource, tables):
    """Return the records of a resource in the order of their keys, under the names of its fields."""
    return {"participants": participants, "payments": payments, "ambassadors": ambassadors}.get(
        resource, lambda tables: tables[resource]
    )(tables)


def participants(tables):
    users, paid = by(tables["users"], "id"), grouped(living(tables["payments"]), "participant_id")
    statuses = by(tables["participant_statuses"], "participant_id")
    return [
        {
            **person,
            "email": users[person["user_id"]]["email"],
            "form_status": statuses.get(person["id"], {"form_status": 0})["form_status"],
            "payment_status": best([each["status"] for each in paid[person["id"]]]),
            "program_payment_ids": [each["program_payment_id"] for each in paid[person["id"]]],
        }
        for person in living(tables["participants"])
    ]


def payments(tables):
    fees = by(tables["program_payments"], "id")
    return [
        {**each, "payment_category": fees.get(each["program_payment_id"], {"category": None})["category"]}
        for each in living(tables["payments"])
    ]


def ambassadors(tables):
    referred = grouped(living(tables["participants"]), "ref_code_ambassador")
    return [{**each, "total_referrals": len(referred[each["ref_code"]])} for each in living(tables["ambassadors"])]


def living(rows):
    return [row for row in rows if not row["is_deleted"]]


def by(rows, name):
    return {row[name]: row for row in rows}


def grouped(rows, name):
    found = defaultdict(list)
    for row in rows:
        found[row[name]].append(row)
    return found


def best(statuses):
    return 2 if 2 in statuses else 1 if 1 in statuses else max(statuses, default=None)


# What a filter asks of a record: a function of the record and of the value that was sent.


def same(field, codes=None, holds_many=False):
    def meets(record, value):
        if value == "all":
            return True
        sent = {str(each).lower() if isinstance(each, bool) else str(each) for each in listed(value)}
        wanted = {(codes or {}).get(each, each) for each in sent}
        return any(
            each is not None and str(each) in wanted for each in (record[field] if holds_many else [record[field]])
        )

    return meets


def truth(field):
    return same(field, {"true": "1", "false": "0"})


def between(field):
    def meets(record, value):
        there = record[field] and datetime.fromisoformat(record[field])
        return all(there is not None and within(there, end, text) for end, text in value.items())

    return meets


def within(moment, end, text):
    given = datetime.fromisoformat(text)
    return moment >= given if end == "start" else moment < given + STEPS.get(len(text), timedelta(microseconds=1))


def end(field, side):
    return lambda record, value: between(field)(record, {side: value})


def sized(field):
    def meets(record, value):
        there = Decimal(str(record[field]))
        return Decimal(value.get("min", there)) <= there <= Decimal(value.get("max", there))

    return meets


def search(*fields):
    def meets(record, value):
        return any(value.lower() in (record[field] or "").lower() for field in fields)

    return meets


def listed(value):
    return value if isinstance(value, list) else [value]


FILTERS = {
    "participants": {
        "category": same("category"),
        "form_status": same("form_status"),
        "payment_status": same("payment_status", PAYMENT_STATUS),
        "program_payment_id": same("program_payment_ids", holds_many=True),
        "date_range": between("created_at"),
        "ambassador_ref": same("ref_code_ambassador"),
        "nationality": same("nationality"),
        "search": search("full_name", "email", "institution"),
    },
    "payments": {
        "status": same("status", PAYMENT_STATUS),
        "payment_method": same("payment_method_id", {"midtrans": "1", "manual_transfer": "2"}),
        "payment_category": same("payment_category"),
        "date_range": between("payment_date"),
        "amount_range": sized("amount"),
        "currency": same("currency"),
    },
    "ambassadors": {
        "status": same("is_active", {"active": "1", "inactive": "0"}),
        "min_referrals": lambda record, value: record["total_referrals"] >= int(value),
        "date_range": between("created_at"),
    },
    "assets": {
        "status_id": same("status_id"),
        "assigned_to": same("assigned_to"),
        "date_from": end("created_at", "start"),
        "date_to": end("created_at", "end"),
        "search": search("name", "asset_tag", "serial_number"),
    },
    "tickets": {
        "status_id": same("status_id"),
        "is_open": truth("is_open"),
        "is_resolved": truth("is_resolved"),
        "date_range": between("created_at"),
        "search": search("ticket_code", "subject", "description"),
    },
    "students": {
        "status": same("status"),
        "program": same("program"),
        "search": search("student_code", "first_name", "last_name", "email"),
    },
}
