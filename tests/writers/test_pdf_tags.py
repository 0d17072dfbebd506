"""What screen readers follow: the structure tree, read by poppler, and its objects one by one."""

import json
import re
import subprocess
from itertools import chain
from pathlib import Path
from unicodedata import normalize

import pytest

from exports.exceptions import VerificationFailed
from exports.writers.pdf import pages
from exports.writers.pdf.extraction import Extraction
from exports.writers.pdf.parsing import Objects
from exports.writers.pdf.syntax import entry, references
from exports.writers.pdf.tags import Table
from tests.services import require_service
from tests.writers.test_pdf_scripts import LEFT_TO_RIGHT, MIXED, RIGHT_TO_LEFT

KINDS = {"name": "text", "n": "integer", "note": "text"}
RECORDS = [{"name": f"Person {number}", "n": number, "note": "a (b) \\ c"} for number in range(1, 101)]
WIDE = [f"column_{number:02}" for number in range(40)]


def body(records):
    return json.dumps(records).encode()


def pdfinfo(path, *options):
    command = Path(require_service("poppler")).with_name("pdfinfo")
    run = subprocess.run([command, *options, str(path)], capture_output=True, check=True)
    assert run.stderr == b""
    return run.stdout.decode()


def told_by_poppler(path):
    """Return the texts of each row of all tables, after poppler."""
    rows = re.split(r"\n +TR\n", pdfinfo(path, "-struct-text"))[1:]
    return [re.findall(r'T[DH]:?(?: "[A-Z][a-z]+")?\n(?: +/Scope /Column\n)? +"(.*)"', row) for row in rows]


class Element:
    """An element of the structure tree and all below it."""

    def __init__(self, objects, number):
        self.number, self.content = number, objects[number]
        self.kind = re.search(rb"/S/(\w+)", self.content)[1].decode()
        kids = entry(self.content, b"K")
        self.kids = [Element(objects, kid) for kid in references(kids)]
        self.mark = None if self.kids or kids == b"[]" else (references(entry(self.content, b"Pg"))[0], int(kids))
        assert all(references(entry(kid.content, b"P")) == [number] for kid in self.kids)

    def all(self, kind):
        return [*[self] * (self.kind == kind), *chain.from_iterable(kid.all(kind) for kid in self.kids)]

    @property
    def told(self):
        found = re.search(rb"/ActualText<feff([0-9a-f]*)>", self.content)
        return bytes.fromhex(found[1].decode()).decode("utf-16-be") if found else None


def document(objects):
    root = references(entry(objects.root(), b"StructTreeRoot"))[0]
    return Element(objects, references(entry(objects[root], b"K"))[0])


def kinds(elements):
    return [element.kind for element in elements]


def test_poppler_reads_the_records_out_of_the_tree(export):
    made = export("pdf", KINDS, body(RECORDS), title="People (all)")
    assert re.search(r"Tagged: +yes", pdfinfo(made.path))
    assert '"People (all)"' in pdfinfo(made.path, "-struct-text")
    wanted = [[record["name"], str(record["n"]), record["note"]] for record in RECORDS]
    assert told_by_poppler(made.path) == [["Name", "N", "Note"], *wanted]


def test_words_of_neighbouring_lines_stay_apart(export):
    words = " ".join(f"word{number}" for number in range(60))
    made = export("pdf", {"a": "text", "b": "text"}, body([{"a": words, "b": "two\nlines"}] * 3))
    assert told_by_poppler(made.path)[1:] == [[words, "two lines"]] * 3


@pytest.mark.parametrize("texts", [LEFT_TO_RIGHT, RIGHT_TO_LEFT, MIXED])
def test_a_row_says_its_cells_in_reading_order(export, texts):
    made = export("pdf", {"a": "text", "b": "text"}, body([{"a": text, "b": "next"} for text in texts.values()]))
    rows = document(Objects(made.path)).all("TR")[1:]
    shown = drawn(made.path)
    told = [[normalize("NFC", cell.told or shown[cell.mark]) for cell in row.kids] for row in rows]
    assert told == [[normalize("NFC", text), "next"] for text in texts.values()]
    made.verify()


def drawn(path):
    """Return page and mark -> text."""
    objects = Objects(path)
    extraction = Extraction(objects)
    pages = zip(objects.page_numbers(), objects.pages(), strict=True)
    return {
        (page, mark): text
        for number, (page, streams) in enumerate(pages)
        for mark, text in extraction.rows(objects.stream(streams[-2]), 0, first=not number)[1].items()
    }


def test_only_what_is_drawn_in_another_order_says_so(export):
    made = export("pdf", {"a": "text"}, body([{"a": text} for text in ("Zoë", "你好", "Ελένη", "محمد", "हिन्दी")]))
    cells = document(Objects(made.path)).all("TD")
    assert [cell.told for cell in cells] == [None, None, None, "محمد", "हिन्दी"]


def test_title_and_header_from_right_to_left_say_their_texts(export):
    made = export("pdf", {"שם": "text"}, body([{"שם": "x"}]), title="قائمة")
    tree = document(Objects(made.path))
    assert [element.told for element in tree.all("H1") + tree.all("TH")] == ["قائمة", "שם"]


def test_table_is_one_over_all_pages(export):
    objects = Objects(export("pdf", KINDS, body(RECORDS), title="People").path)
    assert len(objects.pages()) > 1
    tree = document(objects)
    assert kinds(tree.kids) == ["H1", "P", "Table"]
    (table,) = tree.all("Table")
    assert kinds(table.kids) == ["THead", "TBody"]
    header, *rows = table.all("TR")
    assert len(rows) == len(RECORDS)
    assert kinds(header.kids) == ["TH"] * 3
    assert all(b"/A<</O/Table/Scope/Column>>" in cell.content for cell in header.kids)
    assert all(kinds(row.kids) == ["TD"] * 3 for row in rows)


@pytest.mark.parametrize("names", [["name", "n", "note"], WIDE])
def test_every_mark_belongs_to_one_element_and_leads_back(export, names):
    record = dict.fromkeys(names, "x") | {names[-1]: None}
    objects = Objects(export("pdf", dict.fromkeys(names, "text"), body([record] * 60), title="Marks").path)
    tree = document(objects)
    marked = [element for kind in ("H1", "P", "TH", "TD") for element in tree.all(kind)]
    by_mark = {element.mark: element.number for element in marked}
    assert len(by_mark) == len(marked)
    for page, streams in zip(objects.page_numbers(), objects.pages(), strict=True):
        content = b" ".join(map(objects.stream, streams))
        marks = [int(mark) for mark in re.findall(rb"/MCID (\d+)", content)]
        elements = elements_of(objects, page)
        assert sorted(marks) == list(range(len(elements)))
        assert [by_mark.pop((page, mark)) for mark in range(len(elements))] == elements
    assert by_mark == {}


def elements_of(objects, page):
    root = objects[references(entry(objects.root(), b"StructTreeRoot"))[0]]
    listed = dict(re.findall(rb"(\d+) (\d+) 0 R", entry(root, b"Nums")))
    return references(objects[int(listed[entry(objects[page], b"StructParents")])])


def test_what_is_repeated_is_no_part_of_the_text(export):
    objects = Objects(export("pdf", KINDS, body(RECORDS)).path)
    for number, streams in enumerate(objects.pages()):
        *_, records, footer = map(objects.stream, streams)
        assert footer.startswith(b"/Artifact<</Type/Pagination>>BDC ")
        assert (b"/Artifact<</Type/Pagination>>BDC /H0 Do EMC" in records) == (number > 0)
        assert records.count(b" re f EMC") == records.count(b" re f") == records.count(b"/Type/Layout")
    assert all(b"MCID" not in objects.stream(form) for form in objects.resources(b"XObject").values())


def test_bands_are_tables_of_their_own(export):
    made = export("pdf", dict.fromkeys(WIDE, "text"), body([{name: f"{name}!" for name in WIDE}] * 30))
    tables = document(Objects(made.path)).all("Table")
    assert len(tables) > 1
    assert [len(table.all("TR")) for table in tables] == [31] * len(tables)
    told = told_by_poppler(made.path)[1::31]
    assert all(row[0] == "column_00!" for row in told)
    assert list(dict.fromkeys(chain.from_iterable(told))) == [f"{name}!" for name in WIDE]


def test_empty_table_is_its_header(export):
    objects = Objects(export("pdf", KINDS, b"[]").path)
    (table,) = document(objects).all("Table")
    assert kinds(table.kids) == ["THead"]


def test_element_of_another_cell_is_found(export, monkeypatch):
    add_page = Table.add_page
    monkeypatch.setattr(Table, "add_page", lambda table, page, above, *rest: add_page(table, page, above[1:], *rest))
    made = export("pdf", KINDS, body(RECORDS))
    with pytest.raises(VerificationFailed):
        made.verify()


@pytest.mark.parametrize("more", [b"/ActualText<feff0041>", b""])
def test_cell_that_says_something_else_is_found(export, monkeypatch, more):
    monkeypatch.setattr(pages, "more_of", lambda cells: [more] * cells.count)
    made = export("pdf", {"a": "text"}, body([{"a": "محمد"}]))
    with pytest.raises(VerificationFailed):
        made.verify()


def test_shortened_text_in_another_order_is_told_whole(export):
    text = "كلمة " * 200
    made = export("pdf", {"a": "text", "b": "text"}, body([{"a": text, "b": "next"}]))
    (warning,) = made.written.warnings
    assert warning.code == "cell_shortened"
    assert document(Objects(made.path)).all("TD")[0].told == text
    made.verify()
