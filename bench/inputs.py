"""What contenders start from, made once and kept in the folder of a run."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

from . import data

RESOURCE, TEMPLATE = "participants", "complete"
_PIECE = 50_000


@dataclass(frozen=True)
class Inputs:
    """``count`` records in every form a contender may start from."""

    folder: Path
    count: int

    @property
    def json(self) -> Path:
        """A JSON array in a file."""
        path = self.folder / f"{self.count}.json"
        if not path.exists():
            data.write_json(path, self.count)
        return path

    @property
    def ndjson(self) -> Path:
        """A record a line in a file."""
        path = self.folder / f"{self.count}.ndjson"
        if not path.exists():
            data.write_ndjson(path, self.count)
        return path

    @property
    def staged(self) -> Path:
        """The engine's durable columns."""
        path = self.folder / f"{self.count}.parquet"
        if not path.exists():
            # In a process of its own, whose memory is not counted for the one that asks.
            command = [sys.executable, "-m", "bench.inputs", str(self.count), str(path)]
            subprocess.run(command, cwd=Path(__file__).parent.parent, check=True)
        return path

    def records(self) -> list[data.Record]:
        """Return the records as the standard library decodes them."""
        return list(json.loads(self.json.read_bytes()))


def rows(records: list[data.Record]) -> Any:
    """Yield the records as tuples, in the order of the template's columns."""
    return map(itemgetter(*names()), records)


def names() -> list[str]:
    """Return the keys of a record."""
    return list(next(data.records(1)))


def source_of(rows: Iterable[Sequence[Any]]) -> Any:
    """Return the tuples of some records as the engine takes the rows of a database."""
    from exports.engine.value_records import ValueRecords, transposed

    columns = transposed(rows, len(names()))
    return ValueRecords(dict(zip(names(), columns, strict=True)), len(columns[0]))


def django() -> None:
    """Load the project, with a data directory in the folder of the run."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ybbexport.settings")
    import django as framework

    framework.setup()


def wish(dialect: str = "ybb", template: str = TEMPLATE, records: bytes | None = b"") -> Any:
    """Return what an export asks for; without records (None) they are in the source database."""
    django()
    from exports.types import ExportSpec, Principal
    from exports.validation import validate

    spec = {"dialect": dialect, "resource": RESOURCE, "template": template, "format": "excel"}
    return validate(ExportSpec(principal=Principal(), records=records, **spec))


def _stage(count: int, path: Path) -> None:
    """Stage piece by piece: a million records at once would need a gigabyte, and here that measures nothing."""
    import polars as pl

    fields = wish().fields
    from exports.engine import columns
    from exports.engine.table import Table

    tables, piece = [], []
    for number, record in enumerate(data.records(count), start=1):
        piece.append(tuple(record.values()))
        if len(piece) == _PIECE or number == count:
            tables.append(columns.build(source_of(piece), fields))
            piece.clear()
    Table(
        frame=pl.concat([table.frame for table in tables]),
        widths={name: max(table.widths[name] for table in tables) for name in tables[0].widths},
        traits={name: frozenset.intersection(*(table.traits[name] for table in tables)) for name in tables[0].traits},
    ).save(path)


if __name__ == "__main__":
    _stage(int(sys.argv[1]), Path(sys.argv[2]))
