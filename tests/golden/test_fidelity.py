"""What goes in comes out of every format, or the export says so (S1, S2, S3)."""

import zipfile

import openpyxl
import polars as pl
import pytest

from exports.engine.decode import decode
from exports.engine.traits import traits_of
from exports.exceptions import BadRequest
from exports.types import Trait
from tests.golden.conftest import FIELDS
from tests.golden.corpus import CELL, REFUSED, corpus
from tests.golden.reading import KINDS, calamine_rows, changed, csv_rows, cut, json_rows, openpyxl_rows


def test_corpus_is_large_and_always_the_same():
    assert len(corpus()) > 1_500
    assert corpus() == corpus()


@pytest.mark.parametrize("literal", REFUSED, ids=lambda literal: literal[:12])
def test_what_is_no_value_is_refused_with_row_and_field(literal):
    with pytest.raises(BadRequest, match="ecord 2, field 'text'"):
        decode(b'[{"text":"fine"},{"text":%s}]' % literal.encode(), FIELDS)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_gives_back_every_value(golden, delimiter):
    made = golden("csv", delimiter=delimiter)
    assert changed(csv_rows(made.path, delimiter), made.values) == []
    assert made.written.warnings == ()


@pytest.mark.parametrize("format", ["json", "json.gz", "ndjson", "ndjson.gz"])
def test_json_gives_back_every_value(golden, format):
    made = golden(format)
    assert changed(json_rows(made.path), made.values) == []
    assert made.written.warnings == ()


@pytest.mark.parametrize("read", [openpyxl_rows, calamine_rows])
@pytest.mark.parametrize("format", ["excel", "xlsx.gz"])
def test_workbook_gives_back_every_value_it_can_hold(golden, format, read):
    made = golden(format)
    assert changed(read(made.path), list(map(cut, made.values))) == []


@pytest.mark.parametrize(("format", "read"), [("csv", csv_rows), ("json", json_rows), ("excel", calamine_rows)])
def test_shortcuts_for_plain_text_change_nothing(golden, format, read):
    plain = [value for value in corpus() if value.text and Trait.PLAIN in traits_of(pl.Series([value.text]))]
    made = golden(format, values=plain)
    assert len(plain) > 400
    assert Trait.PLAIN in made.table.traits["text"]
    assert changed(read(made.path), plain) == []


def test_what_a_workbook_cannot_hold_is_counted_in_every_column(golden):
    made = golden("excel")
    long = sum(len(value.text.encode("utf-16-le")) > 2 * CELL for value in made.values if value.text)
    lost = sum(not {"\ufffe", "\uffff"}.isdisjoint(value.text) for value in made.values if value.text)
    counts = {(warning.code, warning.column): warning.count for warning in made.written.warnings}
    wanted = {("cell_cut", kind.value): long for kind in KINDS}
    assert counts == wanted | {("character_replaced", kind.value): lost for kind in KINDS}


def test_workbook_has_no_formula(golden):
    made = golden("excel")
    with zipfile.ZipFile(made.path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    types = {cell.data_type for row in openpyxl.load_workbook(made.path).active for cell in row}
    assert types == {"s", "n", "d"}


def test_what_did_not_fit_its_kind_is_counted(golden):
    table = golden("csv").table
    warned = {(warning.code, warning.column) for warning in table.warnings}
    assert warned == {("kept_as_text", kind) for kind in KINDS if kind.is_number or kind.is_temporal or kind == "list"}
