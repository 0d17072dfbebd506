import csv
import io
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.exceptions import InvalidFile, InvalidRecord
from exports.sources.files import batches, blocks
from exports.types import Field, UploadFormat
from tests.golden.reading import without_guard
from tests.sources.files.conftest import FIELDS

ANA = [("1", "Ana", "x")]
TEXTS = st.text(st.sampled_from("a\"'=,;\t|\r\n \x00é\ufeff7"), max_size=5)


@pytest.mark.parametrize(
    "content",
    [
        b"id,name,note\n1,Ana,x\n",
        b"id,name,note\r\n1,Ana,x\r\n",
        b"id,name,note\n1,Ana,x",
        b"\xef\xbb\xbfid,name,note\n1,Ana,x\n",
        b"id;name;note\n1;Ana;x\n",
        b"id\tname\tnote\n1\tAna\tx\n",
        b"id|name|note\n1|Ana|x\n",
        b"ID, full name ,NOTE\n1,Ana,x\n",
        b"note,person,id\nx,Ana,1\n",
        b'"id","name","note"\n"1","Ana","x"\n',
        b"id,name,note\n\n1,Ana,x\n\r\n\n",
        b'"ID\n",name,note\n1,Ana,x\n',
    ],
)
def test_the_same_record_however_it_is_written(read, content):
    assert read(content, "csv") == ANA


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("007", "007"),
        ("12345678901234567890", "12345678901234567890"),
        (" a ", " a "),
        ("NULL", "NULL"),
        ("#x", "#x"),
        ('"a,b"', "a,b"),
        ('"a\r\nb"', "a\r\nb"),
        ('"a ""b"""', 'a "b"'),
        ("", None),
        ('""', None),
        ("'=1+1", "=1+1"),
        ("''=1+1", "'=1+1"),
        ("'a", "'a"),
        ("-5", "-5"),
        ("a\\", "a\\"),
        ("Hồng 伟", "Hồng 伟"),
    ],
)
def test_cell_is_its_text(read, cell, text):
    assert read(f"id,name,note\n1,{cell},x\n".encode(), "csv") == [("1", text, "x")]


def test_line_with_fewer_cells_lacks_the_last_fields(read):
    assert read(b"id,name,note\n1\n2,B\n,,\n", "csv") == [("1", None, None), ("2", "B", None), (None, None, None)]


def test_line_of_the_only_column_is_a_record_though_empty(read):
    assert read(b"id\n1\n\n2\n", "csv", FIELDS[:1]) == [("1",), (None,), ("2",)]


def test_unknown_columns_are_ignored_and_told():
    found = batches(io.BytesIO(b"id,,Shoe size\n1,a,42\n"), UploadFormat.CSV, FIELDS)
    assert [source.texts(FIELDS[0]) for source in found] == [["1"]]
    assert found.ignored_columns == ("column 2", "Shoe size")


@pytest.mark.parametrize(
    "fields",
    [
        [Field(name="a", label="Y"), Field(name="y", label="Z")],
        [Field(name="a", label="A", aliases=("y",)), Field(name="b", label="Y")],
    ],
)
def test_name_counts_before_label_and_label_before_alias(read, fields):
    assert read(b"y\n1\n", "csv", fields) == [(None, "1")]


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (b"", "The file is empty"),
        (b"a,b\n", "The first row must name the fields 'id', 'name', 'note'; none of its cells does: 'a', 'b'."),
        (b"id,name,Full Name\n", "Columns 'name' and 'Full Name' are both the field 'name'."),
        (b"id,ID\n", "Columns 'id' and 'ID' are both the field 'id'."),
        (b'"id,name\n', "Line 1 is no header"),
        (b"id,name\r1,Ana\r", "Line 1 is no header"),
        (b"id,n\xe4me\n", "Line 1 is not valid UTF-8."),
    ],
)
def test_header_that_does_not_fit_is_refused(read, header, sentence):
    with pytest.raises(InvalidFile) as caught:
        read(header, "csv")
    assert sentence in caught.value.message


def test_header_that_may_be_two_fields_is_refused(read):
    fields = [Field(name="a", label="Name"), Field(name="b", label="name")]
    with pytest.raises(InvalidFile, match="'Name' may be the field 'a' or 'b'"):
        read(b"Name\n1\n", "csv", fields)


@pytest.mark.parametrize("rows", [1, 16_384])
@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"2,B,x,y,z", "column '4': the line has 5 cells, but the header has 3."),
        (b'2,B,5" pipe', "column 'note': has a quote inside a cell that does not begin with one."),
        (b'2,"B"x,y', "column 'name': goes on behind its closing quote."),
        (b'2,"B', "column 'name': opens a quote that is never closed."),
        (b"2,B\rC,x", "column 'name': has a carriage return outside quotes; lines end in LF or CRLF."),
        (b"2,B,\xff", "column 'note': is not valid UTF-8."),
    ],
)
def test_broken_line_is_named(read, line, sentence, rows):
    with pytest.raises(InvalidRecord) as caught:
        read(b'id,name,note\n1,"A\nA",x\n\n' + line, "csv", rows=rows)
    # The first record takes two lines, and an empty one follows.
    assert caught.value.message == f"Record 2 (line 5), {sentence}"
    assert caught.value.details["row"] == 2


def test_broken_line_is_named_over_the_whole_file(read, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK", 64)
    good = b"".join(b'%d,"A\n",x\r\n' % row for row in range(1, 1_000))
    with pytest.raises(InvalidRecord, match=r"Record 1000 \(line 2000\), column '4'"):
        read(b"id,name,note\n" + good + b"1,2,3,4\n5,6,7\n", "csv")


def test_record_that_never_ends_is_refused(read, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK", 64)
    monkeypatch.setattr(blocks, "LONGEST", 1_000)
    with pytest.raises(InvalidRecord, match="Record 2 takes more than 1,000 bytes"):
        read(b'id,name\n1,A\n2,"' + b"x" * 2_000, "csv")


def test_at_most_so_many_records_at_a_time():
    found = batches(io.BytesIO(b"id\n" + b"1\n" * 10), UploadFormat.CSV, FIELDS, rows=4)
    assert [len(source) for source in found] == [4, 4, 2]


@settings(max_examples=300)
@given(
    rows=st.lists(st.lists(TEXTS, min_size=3, max_size=3), max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    # Before Python 3.13 the module leaves a carriage return bare where lines end in LF.
    style=st.sampled_from([("\r\n", csv.QUOTE_MINIMAL), ("\r\n", csv.QUOTE_ALL), ("\n", csv.QUOTE_ALL)]),
    block=st.sampled_from([1, 7, 1 << 20]),
)
def test_what_the_csv_module_writes_is_read(rows, delimiter, style, block):
    (end, quoting), file = style, io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(
        [["id", "name", "note"], *rows]
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", block)
        found = batches(io.BytesIO(file.getvalue().encode()), UploadFormat.CSV, FIELDS)
        read = [list(row) for each in found for row in zip(*map(each.texts, FIELDS), strict=True)]
    assert read == [[without_guard(cell) or None for cell in row] for row in rows]


@settings(max_examples=300)
@given(text=st.text(st.sampled_from('a",\r\n'), max_size=12))
def test_what_is_taken_is_what_the_csv_module_takes(text):
    content = f"id,name,note\n{text}"
    found = batches(io.BytesIO(content.encode()), UploadFormat.CSV, FIELDS)
    try:
        read = [list(row) for each in found for row in zip(*map(each.texts, FIELDS), strict=True)]
    except InvalidRecord:
        return
    strict = itertools.islice(csv.reader(io.StringIO(content, newline=""), strict=True), 1, None)
    assert read == [[*(cell or None for cell in row), None, None][:3] for row in strict if row]
