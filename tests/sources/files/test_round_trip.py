"""What we exported can be uploaded again: the same columns, to the last character."""

import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.engine import columns, shape
from exports.engine.decode import decode
from exports.sources.files import inflated
from exports.types import Column, Field, Kind, Layout
from exports.writers import writer_class
from tests.golden.conftest import FIELDS
from tests.golden.corpus import CELL, corpus
from tests.golden.reading import loads
from tests.sources.files.conftest import built

TRUTH = {"1": "true", "0": "false"}
FORMATS = ["csv", "ndjson", "json", "excel", "csv.gz", "ndjson.gz", "json.gz", "xlsx.gz"]


def uploaded(folder, format, table, fields, rows=500, **layout):
    """Write a table, and build the columns of the file."""
    writer, path = writer_class(format), folder / "file"
    look = Layout(columns=tuple(Column(field=field, header=field.label) for field in fields), **layout)
    with path.open("w+b") as file:
        made = writer(file, look)
        for some in shape.slices(table, fields, rows):
            made.write(some)
        made.close()
    with path.open("rb") as file:
        name = format.removesuffix(".gz").replace("excel", "xlsx")
        return built(inflated(file, 1 << 30) if format.endswith(".gz") else file, name, fields, rows=rows)


def texts(frame, fields):
    """Return every value as text, a misfit as the text it is, and nothing for an empty one."""
    shown = {field.name: frame[field.name].cast(pl.String).replace("", None) for field in fields}
    misfits = {name: frame[f"{name}?"].replace("", None) for name in shown if f"{name}?" in frame.columns}
    return pl.DataFrame(
        {name: column.zip_with(column.is_not_null(), misfits.get(name, column)) for name, column in shown.items()}
    )


def same(kind, format, sent, came):
    """Tell whether a value says what was sent, in a format that has its own word for it."""
    if sent == came:
        return True
    if sent is None or came is None:
        return False
    if kind is Kind.BOOLEAN:
        return format.startswith(("json", "ndjson")) and TRUTH.get(sent) == came
    if kind is Kind.LIST and sent[:1] in "[{":
        # The integer -0 is no other number than 0.
        return format.startswith(("json", "ndjson")) and loads(sent.replace("-0]", "0]")) == loads(came)
    return kind.is_number and format in ("excel", "xlsx.gz") and float(sent) == float(came)


@pytest.fixture(scope="module")
def sent():
    """Return every hostile value that any format can hold in a column of every kind, and a number to tell rows by."""
    values = [
        each.literal
        for each in corpus()
        if each.text is None or (len(each.text) <= CELL // 2 and {"\ufffe", "\uffff"}.isdisjoint(each.text))
    ]
    members = [",".join(f"{json.dumps(field.name)}:{value}" for field in FIELDS) for value in values]
    body = ",".join(f'{{"row":"r{row}",{each}}}' for row, each in enumerate(members)).encode()
    fields = [Field(name="row", label="Row"), *FIELDS]
    return columns.build(decode(b"[%s]" % body, fields), fields), fields


@pytest.mark.parametrize("format", FORMATS)
def test_hostile_values_come_back(sent, format, tmp_path):
    table, fields = sent
    came = texts(uploaded(tmp_path, format, table, fields), fields)
    kept = texts(table.frame, fields)
    assert came.height == kept.height > 1_500
    assert [
        (format, field.name, one, other)
        for field in fields
        for one, other in zip(kept[field.name], came[field.name], strict=True)
        if not same(field.kind, format, one, other)
    ] == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_comes_back_exactly(sent, delimiter, tmp_path):
    table, fields = sent
    came = uploaded(tmp_path, "csv", table, fields, delimiter=delimiter)
    # An empty text is the one thing that a CSV file may not keep: to be uploaded, it is nothing.
    kept = table.frame.with_columns(pl.col(pl.String).replace("", None))
    assert came.equals(kept)


@pytest.mark.parametrize("format", ["csv", "ndjson", "json"])
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1, max_size=20))
def test_any_text_comes_back(tmp_path_factory, format, texts):
    fields = [Field(name="t", label="Text"), Field(name="row", label="Row", kind=Kind.INTEGER)]
    body = json.dumps([{"t": text, "row": row} for row, text in enumerate(texts)]).encode()
    table = columns.build(decode(body, fields), fields)
    came = uploaded(tmp_path_factory.mktemp("any"), format, table, fields, rows=7)
    wanted = table.frame if format != "csv" else table.frame.with_columns(pl.col("t").replace("", None))
    assert came.equals(wanted)
