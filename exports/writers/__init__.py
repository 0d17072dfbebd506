"""Writers: shaped slices in, bytes in an open file out; no database, no HTTP.

Call::

    with open(path, "w+b") as file:
        writer = writer_class("excel")(file, layout)      # LimitExceeded when the format cannot hold the columns
        for rows in slices: writer.write(rows)            # frames as ``exports.engine`` shapes them
        for rows in related: writer.write_related(0, rows)  # where ``layout.related_sheets`` has any
        written = writer.close()
    checked = verify(path, "excel", written, layout)      # read back from disk: VerificationFailed, or size and SHA-256

A format is one file with a ``Writer`` and one with its ``Reading`` (how verification reads the format back), and a
line in each dict below. Nothing heavy is loaded before somebody asks for the format. Gzip goes around any of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from exports.exceptions import UnknownName

if TYPE_CHECKING:
    from .base import Writer
    from .verify import Reading

WRITERS = {
    "excel": "exports.writers.xlsx.XlsxWriter",
    "csv": "exports.writers.csv.CsvWriter",
    "json": "exports.writers.json.JsonWriter",
    "ndjson": "exports.writers.ndjson.NdjsonWriter",
    "pdf": "exports.writers.pdf.writer.PdfWriter",
}
READINGS = {
    "excel": "exports.writers.xlsx_reading.XlsxReading",
    "csv": "exports.writers.csv_reading.CsvReading",
    "json": "exports.writers.json_reading.JsonReading",
    "ndjson": "exports.writers.json_reading.NdjsonReading",
    "pdf": "exports.writers.pdf.reading.PdfReading",
}
GZIPPED = {"xlsx.gz": "excel", "csv.gz": "csv", "json.gz": "json", "ndjson.gz": "ndjson"}
"""Formats that are another one inside gzip."""


def writer_class(format: str) -> "type[Writer]":
    """Return the writer of a format. Raises UnknownName."""
    if format in GZIPPED:
        from .gzip import gzipped

        return gzipped(writer_class(GZIPPED[format]))
    writer: type[Writer] = _load(WRITERS, format)
    return writer


def reading_class(format: str) -> "type[Reading]":
    """Return how a format is read back. Raises UnknownName."""
    if format in GZIPPED:
        from .gzip_reading import gzipped_reading

        return gzipped_reading(reading_class(GZIPPED[format]))
    reading: type[Reading] = _load(READINGS, format)
    return reading


def _load(registry: dict[str, str], format: str) -> Any:
    if format not in registry:
        raise UnknownName(f"There is no format '{format}'.", name=format, known=sorted({*registry, *GZIPPED}))
    module, _, name = registry[format].rpartition(".")
    return getattr(import_module(module), name)
