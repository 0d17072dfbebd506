"""Records that came with the request: decoded and made into columns."""

from collections.abc import Sequence

from exports.conf import conf
from exports.engine import columns, decode, diagnose, nesting
from exports.engine.table import Table
from exports.exceptions import BadRequest, NoData, TooManyRecords
from exports.types import Field


def read(body: bytes, fields: Sequence[Field], *, limit: int | None = None) -> Table:
    """Return the columns of records: a JSON array, ``{"data": [...]}``, or one JSON object a line.

    ``limit`` is the most records that are taken.

    Raises:
        NoData, TooManyRecords: in the words of document 001, "Error Handling".
        InvalidBody, InvalidRecord: not JSON, or a record that is no object; row and field are named.
    """
    records = decode.decode_body(body, fields)
    if not len(records):
        raise NoData(field="data")
    if limit is not None and len(records) > limit:
        raise TooManyRecords(f"Data exceeds maximum limit of {limit} records", field="data", record_count=len(records))
    return columns.build(records, fields, conf.time_zone)


def check(body: bytes) -> None:
    """Refuse a JSON object that would take far too much memory decoded, or is nested too deeply; with its records.

    Raises TooManyValues; InvalidRecord or InvalidBody, which name row and field.
    """
    decode.check(body, nesting.BODY)


def reason(body: bytes, error: Exception) -> BadRequest:
    """Return what is wrong with a body that its decoder refused with ``error``; row and field are named."""
    return diagnose.reason_in_object(body, error)
