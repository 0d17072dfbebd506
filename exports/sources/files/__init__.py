"""Files of records in any format: an open binary file in, batches of records in the engine's own terms out.

Call::

    format = upload_format(media_type=…, name=…)
    file = inflated(file, limit)                          # where it came inside gzip
    found = batches(file, format, fields)
    for source in found:                                  # BadRequest where something is wrong, with row and field
        table = columns.build(source, fields, zone)
    found.ignored_columns, found.ignored_sheets           # what people should be told

CSV and NDJSON take the same memory whatever the size of the file; JSON is held whole as text, and of a workbook the
first sheet is. Values are kept as they came: a file we exported shows labels instead of codes, and a label is not
guessed back into its code. A format is one file with its ``Batches`` and a line in ``_FORMATS``.
"""

from collections.abc import Sequence
from typing import IO

from exports.types import Field, UploadFormat

from .base import Batches
from .csv import CsvBatches
from .gzip import inflated
from .json import JsonBatches
from .ndjson import NdjsonBatches
from .xlsx import XlsxBatches

__all__ = ["Batches", "batches", "inflated"]

_FORMATS: dict[UploadFormat, type[Batches]] = {
    UploadFormat.CSV: CsvBatches,
    UploadFormat.XLSX: XlsxBatches,
    UploadFormat.JSON: JsonBatches,
    UploadFormat.NDJSON: NdjsonBatches,
}


def batches(file: IO[bytes], format: UploadFormat, fields: Sequence[Field], *, rows: int = 16_384) -> Batches:
    """Return the records of a file, an iterator over at most ``rows`` of them at a time; nothing is read yet.

    Only what ``fields`` name is taken. The iterator raises:
        InvalidFile: damaged, not of this format, or without a header that fits.
        InvalidBody, InvalidRecord: a record is not right; row, counted from 1 over the whole file, and field are named.
        TooManyBytes, TooManyValues: it would take more memory than it may.
    """
    return _FORMATS[format](file, fields, rows)
