import json
import re
import subprocess
import sys
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from exports.exceptions import LimitExceeded
from exports.types import About, Part
from exports.writers.pdf import glyphs, pages, writer
from exports.writers.pdf.parsing import Objects
from tests.writers.test_pdf_scripts import extracted


def body(records):
    return json.dumps(records).encode()


def people(count):
    return body([{"name": f"Person {number}", "n": number} for number in range(1, count + 1)])


KINDS = {"name": "text", "n": "integer"}


def page_texts(made, *options):
    return extracted(made.path, *options).split("\f")[:-1]


def table(made):
    """Return the words of each line, as they stand on the pages."""
    return [re.split(r"\s{2,}", line.strip()) for line in extracted(made.path, "-layout").splitlines() if line.strip()]


def test_every_page_has_the_header_and_its_number(export):
    made = export("pdf", KINDS, people(200), title="People")
    texts = page_texts(made)
    assert len(texts) > 3
    for number, text in enumerate(texts, start=1):
        assert "Name" in text
        assert f"Page {number} of {len(texts)}" in text
    made.verify()


def test_first_page_says_what_when_and_filtered_by_what(export):
    about = About(
        resource="people",
        template="standard",
        template_version="1",
        requester="Ana",
        asked_at=datetime(2026, 3, 1, 9, 30, tzinfo=ZoneInfo("Asia/Jakarta")),
        time_zone="Asia/Jakarta",
        filters={"status": "accepted"},
        records=3,
        part=Part(number=2, first_row=2, last_row=3),
        of=2,
    )
    made = export("pdf", KINDS, people(2), title="People", about=about)
    lines = [line for line in extracted(made.path).splitlines() if line]
    assert lines[:5] == [
        "People",
        "Filters: status: accepted",
        "Exported: 2026-03-01 09:30:00, Asia/Jakarta, by Ana",
        "Records: 3",
        "This file: records 2-3, file 2 of 2",
    ]


def test_footers_tell_which_records_of_the_export_stand_there(export):
    made = export("pdf", KINDS, people(100))
    found = [re.search(r"Records (\d+)\u2013(\d+)", text).groups() for text in page_texts(made)]
    assert found[0][0] == "1"
    assert found[-1][1] == "100"
    assert all(int(one[1]) + 1 == int(other[0]) for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("money", "1500", "1,500.00"),
        ("money", "-1234567.5", "-1,234,567.50"),
        ("money", "123456789012345", "123,456,789,012,345.00"),
        ("money", "0.125", "0.125"),
        ("money", "12", "12.00"),
        ("money", "about 5", "about 5"),
        ("integer", 1500, "1500"),
        ("decimal", "1.50", "1.50"),
        ("date", "2024-01-15", "2024-01-15"),
        ("datetime", "2024-01-15T10:30:00", "2024-01-15 10:30:00"),
        ("text", "<b>&amp;</b> (a\\b)", "<b>&amp;</b> (a\\b)"),
        ("text", "=1+1", "=1+1"),
    ],
)
def test_values_are_shown_by_their_kind(export, kind, value, shown):
    made = export("pdf", {"value": kind}, body([{"value": value}]))
    assert [shown] in table(made)
    made.verify()


def test_numbers_end_at_the_right(export):
    made = export("pdf", {"n": "integer", "name": "text"}, body([{"n": n, "name": "x"} for n in (7, 22222222)]))
    boxes = extracted(made.path, "-bbox")
    ends = {word: float(end) for end, word in re.findall(r'xMax="([0-9.]+)"[^>]*>([^<]+)</word>', boxes)}
    assert ends["7"] == pytest.approx(ends["22222222"], abs=0.2)


def test_long_cell_shows_its_beginning_and_says_what_is_missing(export):
    text = " ".join(f"word{number}" for number in range(1000))
    made = export("pdf", {"a": "text", "b": "text"}, body([{"a": text, "b": "short"}] * 3))
    found = extracted(made.path)
    assert "word0 word1" in found
    assert len(re.findall(r"\[\+[0-9],[0-9]{3} more\]", found)) == 3
    (warning,) = made.written.warnings
    assert (warning.code, warning.column, warning.count, warning.rows) == ("cell_shortened", "a", 3, (1, 2, 3))
    made.verify()


@pytest.mark.parametrize(
    "text", ["x" * 300, "字" * 300, "ك" * 300, "क्ष" * 300, "a\n" * 40, "\n" * 40, " " * 300, "สวัสดี" * 90]
)
def test_no_text_leaves_its_column(export, text):
    made = export("pdf", {"a": "text", "b": "text"}, body([{"a": text, "b": "next"}]))
    boxes = re.findall(r'xMin="([0-9.]+)".*xMax="([0-9.]+)"[^>]*>([^<]+)</word>', extracted(made.path, "-bbox"))
    border = min(float(left) for left, _, word in boxes if word == "next")
    assert all(float(right) <= border for _, right, word in boxes if word[0] in text)
    made.verify()


def test_wide_table_stands_on_pages_side_by_side_and_says_so(export):
    names = [f"column_{number:02}" for number in range(40)]
    record = {name: f"{name} value" for name in names}
    made = export("pdf", dict.fromkeys(names, "text"), body([record] * 30), size=7)
    texts = page_texts(made)
    bands = int(re.search(r"its 40 columns stand on (\d+) pages", texts[0])[1])
    assert bands > 1
    assert len(texts) % bands == 0
    for number, text in enumerate(texts):
        assert re.search(rf"Records \d+\u2013\d+, columns \d+\u2013{'40' if number % bands == bands - 1 else ''}", text)
        assert "Column_00" in text  # tells the rows apart on every page
    made.verify()


def test_character_without_a_glyph_is_boxed_counted_and_still_read(export):
    made = export("pdf", {"a": "text", "b": "text"}, body([{"a": "x\U0001fffdy"}, {"a": "\U0001fffd\ue000", "b": "z"}]))
    (warning,) = made.written.warnings
    assert (warning.code, warning.column, warning.count, warning.rows) == ("no_glyph", "a", 2, (1, 2))
    assert warning.detail == "U+1FFFD, U+E000"
    assert "x\U0001fffdy" in extracted(made.path)
    made.verify()


def test_more_characters_without_a_glyph_than_a_font_holds(export):
    text = "".join(map(chr, range(0xF0000, 0xF0000 + 600)))
    made = export("pdf", {"a": "text"}, body([{"a": text[start : start + 20]} for start in range(0, 600, 20)]))
    assert sorted(set(extracted(made.path)) & set(text)) == sorted(text)
    made.verify()


def test_more_shapes_than_the_tables_have_room_for(export, monkeypatch):
    monkeypatch.setattr(glyphs, "_SPARE", 3)
    made = export("pdf", {"a": "text"}, body([{"a": "कि की कु कू के कै को कौ कं"}, {"a": "खि खी गी घी ची छी जी"}]))
    made.verify()


def test_note_fits_into_a_narrow_column(export):
    made = export("pdf", {"n": "integer", "a": "text"}, body([{"n": 7}] * 700 + [{"n": "x\n" * 2000, "a": "next"}]))
    assert "+3,976" in extracted(made.path)
    made.verify()


def test_control_characters_are_boxed_and_counted(export):
    made = export("pdf", {"a": "text"}, body([{"a": "a\x01b\x7f"}, {"a": "tab\tin"}, {"a": "two\r\nlines\rhere"}]))
    (warning,) = made.written.warnings
    assert (warning.code, warning.count, warning.detail) == ("control_character", 1, "U+0001, U+007F")
    text = extracted(made.path)
    assert "tab in" in text
    assert "two\nlines\nhere" in text
    made.verify()


def test_many_records_are_warned_of_and_still_written(export, monkeypatch):
    monkeypatch.setattr(writer, "MANY_ROWS", 100)
    made = export("pdf", KINDS, people(101))
    assert [(warning.code, warning.count) for warning in made.written.warnings] == [("many_rows", 101)]
    made.verify()


def test_too_many_pages_are_refused_with_a_number_that_helps(export, monkeypatch):
    monkeypatch.setattr(pages, "MAX_PAGES", 3)
    with pytest.raises(LimitExceeded, match=r"holds 3 pages; they are full after \d+ records") as caught:
        export("pdf", KINDS, people(1000))
    fitting = caught.value.details["rows"]
    assert export("pdf", KINDS, people(fitting)).written.rows == fitting


def test_no_records_are_a_page_with_a_header(export):
    made = export("pdf", KINDS, b"[]", title="Nobody")
    (text,) = page_texts(made)
    assert all(word in text for word in ("Nobody", "Name", "No records", "Page 1 of 1"))
    made.verify()


def test_rows_without_values_are_still_rows(export):
    made = export("pdf", KINDS, body([{"name": None, "n": None}, {"name": "", "n": ""}, {"name": "x", "n": 1}]))
    assert made.written.rows == 3
    made.verify()


def test_slices_do_not_show(export):
    whole, sliced = (export("pdf", KINDS, people(150), size=size) for size in (1000, 7))
    assert extracted(whole.path) == extracted(sliced.path)


def test_document_has_title_language_and_bookmarks(export):
    made = export("pdf", KINDS, people(200), title="Pe<o>ple", language="id")
    content = made.path.read_bytes()
    assert b"/Lang (id)" in content
    assert b"/DisplayDocTitle true" in content
    assert b"Pe&lt;o&gt;ple" in content
    assert content.count(b"/Dest") == len(page_texts(made))


def test_nothing_in_it_is_active(export):
    made = export("pdf", {"a": "text"}, body([{"a": "https://example.com /JS (x) >> /OpenAction"}]))
    objects = Objects(made.path)
    for number in objects:
        for word in (b"/JS", b"/JavaScript", b"/OpenAction", b"/AA", b"/URI", b"/Annots", b"/Launch", b"/AcroForm"):
            assert word not in objects[number].split(b"\nstream\n")[0]


def test_only_what_is_drawn_is_embedded(export):
    small = export("pdf", {"a": "text"}, body([{"a": "你好"}]))
    assert small.written.file_size < 25_000


def test_memory_does_not_grow_with_the_table():
    run = [sys.executable, "-c", _PEAK]
    small, large = (
        int(subprocess.run([*run, str(rows)], capture_output=True, check=True, text=True).stdout)
        for rows in (2_000, 10_000)
    )
    assert large < 1.2 * small


_PEAK = """
import resource, sys, tempfile
import polars as pl
from exports.types import Column, Field, Layout
from exports.writers.pdf.writer import PdfWriter
columns = tuple(Column(field=Field(name=f"c{n}", label=f"C{n}"), header=f"C{n}") for n in range(8))
with tempfile.TemporaryFile() as file:
    writer = PdfWriter(file, Layout(columns=columns))
    for first in range(0, int(sys.argv[1]), 1000):
        texts = [f"value {row} of some length" for row in range(first, first + 1000)]
        writer.write(pl.DataFrame({column.name: texts for column in columns}))
    writer.close()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
