"""Every declared filter chooses, in each engine and of records that are sent, what plain Python chooses."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exports import reading, validation
from exports.sources import database, pushed
from tests.sources import oracle

pytestmark = pytest.mark.django_db

RESOURCES = list(oracle.FILTERS)
CODES = {"status": oracle.PAYMENT_STATUS, "payment_status": oracle.PAYMENT_STATUS}
CLOSED = {
    ("participants", "category"): ["fully_funded", "self_funded"],
    ("participants", "form_status"): ["0", "1", "2", 1],
    ("participants", "payment_status"): ["0", 1, "success", "rejected"],
    ("payments", "status"): ["created", "2", "pending", 3],
    ("payments", "payment_method"): ["midtrans", "manual_transfer", 1, "2"],
    ("ambassadors", "status"): ["active", "inactive", 1, "0"],
    ("tickets", "is_open"): [True, False, "1", "false"],
    ("tickets", "is_resolved"): [True, False, 0, "true"],
    ("students", "status"): ["active", "graduated", "suspended"],
}
"""Values of filters that know only some."""
FIELDS = {
    "program_payment_id": "program_payment_ids",
    "ambassador_ref": "ref_code_ambassador",
    "min_referrals": "total_referrals",
}
NUMBERS = ("program_payment_id", "status_id", "assigned_to")
ODD = ["%", "_", "'", '"', "\\", "é", "🌏", "%s", "an", "A_", "", "ẞ", "例"]


@pytest.fixture(scope="session")
def plain(filled):
    """The records of each resource as plain dicts, read once."""
    tables = oracle.tables(filled[1])
    return {resource: oracle.records(resource, tables) for resource in RESOURCES}


def moments(records, field):
    known = ["2025-12-31 23:59:59", *(record[field] for record in records[:200] if record[field])]
    cut = st.tuples(st.sampled_from(known), st.sampled_from([10, 16, 19]), st.sampled_from([" ", "T"]))
    whole = cut.map(lambda drawn: drawn[0][: drawn[1]].replace(" ", drawn[2]))
    return whole | st.sampled_from(known).map(lambda known: f"{known}.5")


def parts_of(texts):
    """Return pieces of texts, in any case."""
    piece = st.tuples(st.sampled_from(texts), st.integers(0, 9), st.integers(1, 6))
    cut = piece.map(lambda drawn: drawn[0][drawn[1] : drawn[1] + drawn[2]])
    return st.tuples(cut, st.sampled_from([str, str.upper, str.lower])).map(lambda drawn: drawn[1](drawn[0]))


def ranges(ends, low, high):
    both = st.fixed_dictionaries({}, optional={ends[0]: low, ends[1]: high})
    return both.filter(
        lambda value: len(value) < 2 or value[ends[0]].replace("T", " ") <= value[ends[1]].replace("T", " ")
    )


def values(resource, name, records):
    """Return what callers may send as the value of a filter."""
    if (resource, name) in CLOSED:
        one = st.sampled_from(CLOSED[resource, name])
        return one | st.lists(one, min_size=1, max_size=3) | st.just("all")
    if name == "search":
        texts = [
            str(record[field])
            for record in records
            for field in ("email", "full_name", "name", "subject")
            if field in record
        ]
        return (st.sampled_from(ODD) | parts_of(texts)).filter(lambda text: text.lower() not in ("", "all"))
    if name.startswith("date"):
        when = moments(records, "payment_date" if resource == "payments" else "created_at")
        return when if name in ("date_from", "date_to") else ranges(("start", "end"), when, when)
    if name == "amount_range":
        amounts = sorted({record["amount"] for record in records}, key=float)
        low, high = amounts[: len(amounts) // 2], amounts[len(amounts) // 2 :]
        return st.fixed_dictionaries({}, optional={"min": st.sampled_from(low), "max": st.sampled_from(high)})
    if name == "min_referrals":
        return st.integers(0, 12)
    field = FIELDS.get(name, name)
    known = {each for record in records for each in oracle.listed(record[field]) if each is not None}
    one = st.sampled_from(sorted(known, key=str)[:60])
    other = one if name in NUMBERS else one.map(str.swapcase) | one.map("{} ".format)
    return one | other | st.lists(one | other, min_size=1, max_size=4)


def wishes(resource, records):
    named = {name: values(resource, name, records) for name in oracle.FILTERS[resource]}
    few = st.lists(st.sampled_from(list(named)), min_size=1, max_size=3, unique=True)
    filters = few.flatmap(lambda names: st.fixed_dictionaries({name: named[name] for name in names}))
    limit = st.none() | st.integers(1, 40)
    return st.tuples(filters, limit).map(
        lambda drawn: drawn[0] if drawn[1] is None else {**drawn[0], "limit": drawn[1]}
    )


def expected(resource, records, filters):
    asked = {name: value for name, value in filters.items() if name != "limit"}
    found = [
        record["id"]
        for record in records
        if all(oracle.FILTERS[resource][name](record, value) for name, value in asked.items())
    ]
    return found[: filters.get("limit")]


def ids(tables):
    return [int(value) for table in tables for value in table.frame["id"]]


def from_database(spec):
    wish = validation.validate(spec)
    with database.snapshot() as source:
        found = ids(source.tables(wish.resource, wish.fields, wish.conditions, wish.limit))
        assert min(source.count(wish.resource, wish.conditions), wish.limit or len(found)) == len(found)
    return found


def from_sent(spec):
    wish = validation.validate(spec)
    return ids([reading.Chosen(wish).of(pushed.read(spec.records, wish.fields))])[: wish.limit]


@pytest.mark.parametrize("resource", RESOURCES)
def test_filters_choose_what_plain_python_chooses(source, plain, wish, resource):
    records = plain[resource]
    sent = json.dumps(records).encode()
    chosen = []

    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(filters=wishes(resource, records))
    def compare(filters):
        wanted = expected(resource, records, filters)
        assert from_database(wish(resource, columns=("id",), filters=filters)) == wanted
        pushed_wish = wish(resource, columns=("id",), filters=filters, records=sent, options={"apply_filters": True})
        assert from_sent(pushed_wish) == wanted
        chosen.append(len(wanted))

    compare()
    assert any(chosen), "No example chose anything."
