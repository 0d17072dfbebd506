import hashlib
import sqlite3
import tracemalloc
import unicodedata
from contextlib import closing

import pytest

from exports.management.commands._demo_source import TABLES, VERSION, fill, statements
from tests.demo_databases import digests, open_database

PARTICIPANTS = 4_000
REFERENCES = [
    "participants.user_id users.id",
    "participants.program_id programs.id",
    "participants.ref_code_ambassador ambassadors.ref_code",
    "participant_statuses.participant_id participants.id",
    "essays.participant_id participants.id",
    "program_payments.program_id programs.id",
    "payments.participant_id participants.id",
    "payments.program_payment_id program_payments.id",
    "payments.payment_method_id payment_methods.id",
    "ambassadors.program_id programs.id",
    "grades.student_id students.id",
    "grades.course_id courses.id",
]
INDEXES = [
    "participants.program_id,id",
    "participants.ref_code_ambassador",
    "participants.user_id",
    "participants.created_at",
    "payments.participant_id",
    "payments.program_payment_id",
    "payments.payment_date",
    "participant_statuses.participant_id",
    "essays.participant_id",
    "ambassadors.program_id",
    "ambassadors.ref_code",
    "grades.student_id",
    "grades.course_id",
]
SCRIPTS = {
    "LATIN", "ARABIC", "HEBREW", "DEVANAGARI", "BENGALI", "THAI", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "CYRILLIC",
    "GREEK",
}  # fmt: skip
ROWS_OF_VERSION = {1: "d791ba284bf0fba7427b060a8d0368ef9c329a4df6c8da29427e4a79a4ddb9c7"}
DIRTY = [
    "participants.full_name LIKE '%''%'",
    "participants.full_name LIKE '%\"%'",
    "participants.full_name LIKE '%  %'",
    "participants.full_name LIKE ' %'",
    "participants.full_name LIKE '% '",
    "participants.full_name LIKE '%' || char(9)",
    "participants.full_name LIKE '%🌏%'",
    "participants.phone_number LIKE '0%'",
    "participants.phone_number LIKE '+%'",
    "participants.phone_number LIKE '% %'",
    "participants.phone_number = '+62'",
    "participants.instagram_account LIKE '@%'",
    "participants.instagram_account LIKE '=%'",
    "participants.current_address LIKE '%,%' || char(10) || '%'",
    "participants.major = 'N/A'",
    "participants.institution = '-'",
    "participants.achievements = ''",
    "participants.achievements IS NULL",
    "participants.birthdate IS NULL",
    "users.email GLOB '[A-Z]*'",
    "users.last_login IS NULL",
    "essays.answer LIKE '=HYPERLINK(%'",
    "essays.answer LIKE '%\"%' || char(10) || '%'",
    "length(essays.answer) > 3000",
    "assets.serial_number GLOB '[0-9]*E12'",
    "payments.usd_amount IS NULL",
]


@pytest.fixture(scope="module")
def demo():
    with closing(sqlite3.connect(":memory:")) as connection:
        fill(connection, "sqlite", PARTICIPANTS)
        yield connection


def count(demo, question):
    return demo.execute(f"SELECT count(*) FROM {question}").fetchone()[0]


@pytest.mark.parametrize("participants", [1, 59, 1_000, 2_001])
def test_tables_grow_with_the_participants(participants):
    with closing(sqlite3.connect(":memory:")) as connection:
        counts = fill(connection, "sqlite", participants)
    assert list(counts) == [table.name for table in TABLES]
    assert (counts["programs"], counts["program_payments"], counts["payment_methods"]) == (4, 12, 2)
    assert counts["users"] == counts["participants"] == participants
    assert counts["participant_statuses"] == pytest.approx(0.99 * participants, abs=1)
    assert counts["ambassadors"] == max(6, participants // 60)
    assert counts["assets"] == max(40, participants // 25)
    assert counts["tickets"] == counts["students"] == max(40, participants // 10)
    assert counts["grades"] == pytest.approx(4 * counts["students"], rel=0.1)


def test_participants_pay_more_than_once_and_write_up_to_three_essays(demo):
    assert count(demo, "payments") == pytest.approx(1.3 * PARTICIPANTS, rel=0.05)
    essays = "SELECT count(*) FROM essays GROUP BY participant_id"
    assert {number for (number,) in demo.execute(essays)} == {1, 2, 3}


def test_rows_are_the_same_each_time(demo):
    with closing(sqlite3.connect(":memory:")) as again:
        fill(again, "sqlite", PARTICIPANTS)
        assert digests(again) == digests(demo)


def test_version_is_raised_with_every_change_of_the_rows():
    """Or demos that were made before would not be replaced."""
    with closing(sqlite3.connect(":memory:")) as connection:
        fill(connection, "sqlite", 100)
        found = hashlib.sha256(repr(digests(connection)).encode()).hexdigest()
    assert {VERSION: found} == ROWS_OF_VERSION


@pytest.mark.parametrize("service", ["mariadb", "postgresql"])
def test_rows_are_the_same_in_every_database(service):
    with open_database(service) as (vendor, connection), closing(sqlite3.connect(":memory:")) as sqlite:
        counts = fill(connection, vendor, 400)
        assert counts == fill(sqlite, "sqlite", 400)
        assert digests(connection) == digests(sqlite)


@pytest.mark.parametrize("service", ["mariadb", "postgresql"])
def test_statements_alone_make_the_tables(service):
    with open_database(service) as (vendor, connection):
        cursor = connection.cursor()
        for statement in statements(vendor):
            cursor.execute(statement)
        assert [rows for rows, _ in digests(connection).values()] == [0] * len(TABLES)


@pytest.mark.parametrize("reference", REFERENCES)
def test_reference_holds(demo, reference):
    (table, column), (other, key) = (end.split(".") for end in reference.split())
    assert count(demo, f"{table} WHERE {column} IS NOT NULL") > 0
    assert count(demo, f"{table} WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT {key} FROM {other})") == 0


@pytest.mark.parametrize("index", INDEXES)
def test_index_is_there(demo, index):
    table, columns = index.split(".")
    names = [row[1] for row in demo.execute(f"PRAGMA index_list({table})")]
    indexed = {",".join(row[2] for row in demo.execute(f"PRAGMA index_info({name})")) for name in names}
    assert columns in indexed


@pytest.mark.parametrize("dirt", DIRTY)
def test_value_that_breaks_programs_is_there(demo, dirt):
    table = next(table.name for table in TABLES if f"{table.name}." in dirt)
    assert count(demo, f"{table} WHERE {dirt}") > 0


def test_names_are_in_many_scripts(demo):
    text = "".join(name for (name,) in demo.execute("SELECT full_name FROM participants"))
    scripts = {unicodedata.name(letter).split()[0] for letter in set(text) if letter.isalpha()}
    assert scripts >= SCRIPTS


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_text_fits_its_column_and_only_some_columns_may_be_empty(table):
    rows = list(table.rows(PARTICIPANTS))
    for values, (name, kind) in zip(zip(*rows, strict=True), table.columns.items(), strict=True):
        assert kind.endswith(" null") == (None in values), name
        texts = [value for value in values if isinstance(value, str)]
        assert not any("\0" in text for text in texts), name
        if kind.startswith("text("):
            assert max(map(len, texts)) <= int(kind.partition("(")[2].partition(")")[0]), name


@pytest.mark.parametrize("table", ["users", "participants", "payments", "essays", "tickets", "students", "courses"])
def test_keys_have_gaps(demo, table):
    (first, last), *_ = demo.execute(f"SELECT min(id), max(id) FROM {table}")
    assert last - first + 1 > count(demo, table)


@pytest.mark.parametrize(("program", "share"), [(1, 0.1), (2, 0.2), (3, 0.3), (4, 0.4)])
def test_programs_grow(demo, program, share):
    assert count(demo, f"participants WHERE program_id = {program}") == pytest.approx(share * PARTICIPANTS, rel=0.1)


def test_registrations_grow_towards_the_deadline(demo):
    of_month = "participants WHERE created_at LIKE '{}%'".format
    months = [count(demo, of_month(month)) for month in ("2025-12", "2026-02", "2026-04", "2026-05")]
    assert months == sorted(months)
    assert months[-1] > 5 * months[0] > 0


@pytest.mark.parametrize(
    "fault",
    [
        "participants p JOIN ambassadors a ON a.ref_code = p.ref_code_ambassador WHERE a.program_id <> p.program_id",
        "payments JOIN participants p ON p.id = participant_id JOIN program_payments f ON f.id = program_payment_id "
        "WHERE f.program_id <> p.program_id",
        "participant_statuses s WHERE (payment_status = 2) <> EXISTS "
        "(SELECT 1 FROM payments p WHERE p.participant_id = s.participant_id AND p.status = 2)",
        "participant_statuses s WHERE payment_status = 1 AND NOT EXISTS "
        "(SELECT 1 FROM payments p WHERE p.participant_id = s.participant_id AND p.status = 1)",
        "payments WHERE status = 2 AND payment_date IS NULL",
        "payments WHERE (status = 4) <> (rejection_reason IS NOT NULL)",
        "payments JOIN program_payments f ON f.id = program_payment_id "
        "WHERE amount <> CASE currency WHEN 'IDR' THEN f.idr_amount ELSE f.usd_amount END",
        "tickets WHERE is_open <> (status_id < 4) OR is_resolved <> (status_id >= 4)",
        "grades WHERE (letter = 'A') <> (score >= 85)",
        *(f"{table.name} WHERE updated_at < created_at" for table in TABLES if "updated_at" in table.columns),
    ],
)
def test_columns_agree_with_each_other(demo, fault):
    assert count(demo, fault) == 0


def test_three_in_ten_were_brought_by_an_ambassador(demo):
    assert count(demo, "participants WHERE ref_code_ambassador IS NOT NULL") == pytest.approx(0.3 * PARTICIPANTS)


def test_memory_does_not_grow_with_the_rows():
    def peak(participants):
        tracemalloc.start()
        for table in TABLES:
            for _ in table.rows(participants):
                pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)  # pools are made once
    assert peak(8_000) < 1.3 * peak(4_000)
