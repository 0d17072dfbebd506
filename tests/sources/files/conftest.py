"""Files of records, read as a caller reads them."""

import io

import polars as pl
import pytest

from exports.engine import columns
from exports.sources.files import batches
from exports.types import Field, Kind, UploadFormat

FIELDS = [
    Field(name="id", label="ID", kind=Kind.INTEGER),
    Field(name="name", label="Full Name", aliases=("full", "person")),
    Field(name="note", label="Note"),
]


@pytest.fixture
def read():
    """Return what a file holds: ``read(b"id,name…", "csv")`` is a list of rows of texts."""

    def read(content, format, fields=FIELDS, **options):
        file = content if hasattr(content, "read") else io.BytesIO(content)
        found = batches(file, UploadFormat(format), fields, **options)
        return [row for source in found for row in zip(*(source.texts(field) for field in fields), strict=True)]

    return read


def built(file, format, fields, **options):
    """Return the typed columns of a whole file."""
    sources = batches(file, UploadFormat(format), fields, **options)
    return pl.concat([columns.build(source, fields).frame for source in sources], how="diagonal")
