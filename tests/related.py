"""Records with related rows, for tests of the engine and of every format."""

import json

from exports import layouts, pipeline
from exports.engine import columns
from exports.engine.decode import decode
from exports.types import Column, Field, Format, Kind, Layout, Related
from exports.writers import writer_class

ID = Field(name="id", label="ID", kind=Kind.INTEGER)
PAYMENTS = Field(
    name="payments",
    label="Payments made",
    kind=Kind.LIST,
    related=Related(
        label="Payments",
        fields=(
            Field(name="amount", label="Amount", kind=Kind.MONEY),
            Field(name="paid_at", label="Paid at", kind=Kind.DATETIME),
            Field(name="method", label="Method", aliases=("payment_method",)),
            Field(name="status", label="Status", kind=Kind.CODE, labels={"1": "Pending", "2": "Paid"}),
        ),
        text="{amount} by {method} on {paid_at}, {status}",
    ),
)
ESSAYS = Field(
    name="essays",
    label="Essays",
    kind=Kind.LIST,
    related=Related(
        label="Essays",
        fields=(Field(name="question", label="Question"), Field(name="answer", label="Answer")),
        text="{question}: {answer}",
        separator="\n",
    ),
)
FIELDS = [ID, PAYMENTS, ESSAYS]
HOSTILE = [
    '=HYPERLINK("http://example.org")',
    "@SUM(1)",
    "two\nlines",
    "a\r\nb",
    '"quoted", with; delimiters|',
    "'guarded",
    " blanks ",
    "<row r='1'>&amp;_x0041_",
    "\x01\x1f",
    "{braces} {amount}",
    "مرحبا 你好 👩‍👩‍👧",
    "x" * 40_000,
]


def table(records, zone="UTC"):
    """Return the columns of records; a text is taken for JSON that is written already."""
    body = records if isinstance(records, str) else json.dumps(records)
    return columns.build(decode(body.encode(), FIELDS), FIELDS, zone)


def with_payments(*payments):
    """Return the table of records that each have these payments, numbered from 1; JSON or None."""
    return table([{"id": number, "payments": value} for number, value in enumerate(payments, start=1)])


def layout_of(table, format, key=None, fields=FIELDS, **look):
    """Return how records look in a format; with ``key``, a workbook has a sheet for each kind of related rows."""
    columns = tuple(Column(field=field, header=field.label, width=table.widths[field.name]) for field in fields)
    layout = Layout(columns=columns, related_key=columns[0] if key else None, **look)
    return layouts.related_placed(layout, Format(format), table.widths)


def write(folder, table, format, key=None, slice_size=None, **look):
    """Write a file as a worker does, every cell read back; return its path, its layout and what was made."""
    layout = layout_of(table, format, key, **look)
    path = folder / f"export{writer_class(format).extension}"
    with path.open("w+b") as file:
        made = pipeline.write_file(file, format, layout, table, slice_size=slice_size, compare_cells=True)
    return path, layout, made
