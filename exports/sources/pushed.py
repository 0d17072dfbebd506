"""Records that came with the request: decoded, made into columns, filtered and sorted before they are kept."""

import uuid
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from exports.conf import conf
from exports.delivery import storage
from exports.engine import columns, decode, diagnose, shape
from exports.engine.table import StagedTable, Table
from exports.exceptions import BadRequest, NoData, TooManyRecords
from exports.types import Condition, Field, Sorting


def read(
    body: bytes,
    fields: Sequence[Field],
    *,
    limit: int | None = None,
    conditions: Sequence[Condition] = (),
    sorting: Sequence[Sorting] = (),
) -> Table:
    """Return the columns of records: a JSON array, ``{"data": [...]}``, or one JSON object a line.

    ``fields`` must hold what conditions and sorting name; ``limit`` is the most records that are taken.

    Raises:
        NoData, TooManyRecords: in the words of document 001, "Error Handling".
        InvalidBody, InvalidRecord: not JSON, or a record that is no object; row and field are named.
    """
    records = decode.decode(decode.record_array(body), fields)
    if not len(records):
        raise NoData(field="data")
    if limit is not None and len(records) > limit:
        raise TooManyRecords(f"Data exceeds maximum limit of {limit} records", field="data", record_count=len(records))
    table = columns.build(records, fields, conf.time_zone)
    return shape.order(shape.select(table, conditions, fields), sorting, fields)


def reason(body: bytes, error: Exception) -> BadRequest:
    """Return what is wrong with a body that its decoder refused with ``error``; row and field are named."""
    return diagnose.reason_in_object(body, error)


def stage(table: Table, public_id: uuid.UUID) -> int:
    """Keep the columns durably under the export's own key; return their size in bytes."""
    with storage.temporary(public_id) as file:
        table.save(Path(file.name))
        storage.flush(file)
        size = Path(file.name).stat().st_size
        storage.publish(Path(file.name), storage.staged_key(public_id))
    return size


@lru_cache(maxsize=2)
def staged(public_id: uuid.UUID) -> StagedTable:
    """Open the columns of an export, which never change; rows are read as they are asked for."""
    return StagedTable(storage.path(storage.staged_key(public_id)))
