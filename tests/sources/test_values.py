"""Values come out of each engine as they are in it, and are compared by what they are."""

import json

import pytest

from exports.exceptions import BadRequest
from tests.sources.conftest import opened_source

pytestmark = pytest.mark.django_db

TWINS = ["Ana", "ana", "ANA", "Ana ", "Ana  ", " Ana", "Äna", "Aná", "A\u0301na", "Ana\t"]
"""Texts that some collation takes for the same."""
ODD_MOMENTS = {
    "sqlite": ["2026-02-30 08:00:00", "0000-00-00 00:00:00", "not yet", "", "12:00", 12],
    "mysql": ["0000-00-00 00:00:00.000000"],
}


def test_texts_that_differ_by_case_blanks_or_accents_are_not_equal(things, export, records):
    for key, twin in enumerate(TWINS, start=1):
        things.add(key, name=twin)
    for name in TWINS:
        value = name if TWINS.index(name) % 2 else [name, "nobody"]
        found = records(export(format="ndjson", filters={"name": value}))
        assert [record["name"] for record in found] == [name]


def test_search_minds_neither_case_nor_wildcards(things, export):
    for key, twin in enumerate(TWINS, start=1):
        things.add(key, name=twin)
    for sought, found in [("ANA", 7), ("ana ", 2), ("á", 1), ("%", 0), ("_", 0), ("a\u0301", 1)]:
        assert export(filters={"search": sought}).record_count == found, sought


RANGES = [
    ({"min": "0.1"}, [1, 2, 3]),
    ({"min": 0.3, "max": 0.3}, [2]),
    ({"max": "0.2999"}, [1]),
    ({"min": "99999999999999.9999"}, [3]),
    ({"min": "1e300"}, []),
    ({"max": "1e300"}, [1, 2, 3]),
    ({"min": "-9223372036854775809"}, [1, 2, 3]),
]


def test_numbers_are_compared_by_size_however_large(things, export, records):
    for key, size in enumerate(["0.1", "0.3", "99999999999999.9999"], start=1):
        things.add(key, size=size)
    for range, found in RANGES:
        made = export(format="ndjson", filters={"size": range})
        assert [record["id"] for record in records(made)] == found, range


@pytest.mark.parametrize("format", ["excel", "csv", "pdf", "json", "ndjson"])
def test_export_of_nothing_is_a_file_in_every_format(things, export, format):
    made = export(format=format, filters={"name": "nobody"})
    assert (made.state, made.record_count, made.files.ready().count()) == ("completed", 0, 1)


def test_whole_number_is_digits_or_refused(things, export):
    things.add(1)
    for value in ["1_0", " 1", "\u0661", "1e0", "0x1", "nan", "inf", "1.5", "9" * 5_000]:
        with pytest.raises(BadRequest, match="Filter 'box' takes a whole number, not"):
            export(filters={"box": value})


@pytest.mark.parametrize("filled", ["sqlite", "mysql"], indirect=True)
def test_moment_that_is_none_is_exported_as_it_is(things, export, records, vendor):
    if vendor == "mysql":
        things.run("SET SESSION sql_mode = ''")
    for key, moment in enumerate(ODD_MOMENTS[vendor], start=1):
        things.add(key, changed_at=moment)
    found = [record["changed_at"] for record in records(export(format="ndjson"))]
    assert list(map(str, found)) == list(map(str, ODD_MOMENTS[vendor]))


def test_fractions_of_a_second_are_kept(things, export, records):
    things.add(1, changed_at="2026-05-15 08:00:00.5")
    things.add(2, changed_at="2026-05-15 08:00:00.123456")
    found = records(export(format="ndjson"))
    assert [record["changed_at"] for record in found] == ["2026-05-15T08:00:00.500", "2026-05-15 08:00:00.123456"]


@pytest.mark.parametrize("filled", ["postgresql"], indirect=True)
def test_moments_with_a_zone_are_compared_as_they_are_shown(things, filled, export, records, vendor, settings):
    settings.EXPORTS_TIME_ZONE = "Asia/Jakarta"
    things.run("ALTER TABLE things ALTER COLUMN changed_at TYPE TIMESTAMPTZ")
    things.add(1, changed_at="2026-05-15 16:59:59+00:00")
    things.add(2, changed_at="2026-05-15 17:00:00+00:00")
    with opened_source(filled[2], "Asia/Jakarta"):
        found = records(export(format="ndjson", filters={"changed": {"start": "2026-05-16", "end": "2026-05-16"}}))
    assert [(record["id"], record["changed_at"]) for record in found] == [(2, "2026-05-16T00:00:00")]


@pytest.mark.parametrize("filled", ["mysql"], indirect=True)
def test_texts_of_an_old_character_set_are_compared_as_what_they_say(things, export):
    """Even with texts that the character set of the column does not know."""
    things.run("ALTER TABLE things MODIFY name VARCHAR(200) CHARACTER SET latin1")
    things.add(1, name="Zoé")
    things.add(2, name="zoe")
    for filters, count in [
        ({"name": ["Zoé", "🌏"]}, 1),
        ({"name": "例"}, 0),
        ({"search": "É"}, 1),
        ({"search": "🌏"}, 0),
    ]:
        assert export(filters=filters).record_count == count, filters


SEARCHES = [
    ("ΓΙΩΡΓΟΣ", ["ργος", "ΟΣ", "γιωργοσ", "ΓΙΩΡΓΟΣ"]),
    ("Γιώργος Ω", ["ΟΣ ω", "ος", "ΏΡΓ"]),
    ("İstanbul Üniversitesi", ["istanbul", "İstanbul", "ISTANBUL ü"]),
    ("ÅSA", ["åsa", "Åsa"]),
    ("Sister's sass", ["sister'S SASS"]),
]


def test_search_finds_letters_in_either_case_in_every_alphabet(things, export):
    for key, (name, _) in enumerate(SEARCHES, start=1):
        things.add(key, name=name)
    sent = json.dumps([{"id": key, "name": name} for key, (name, _) in enumerate(SEARCHES)]).encode()
    for _, found in SEARCHES:
        for sought in found:
            assert export(filters={"search": sought}).record_count >= 1, sought
            made = export(filters={"search": sought}, records=sent, options={"apply_filters": True})
            assert made.record_count >= 1, sought
