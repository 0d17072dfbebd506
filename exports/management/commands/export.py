"""``manage.py export``: a file from a file or the source database, by the same engine, without server or queue."""

import json
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from exports import pipeline, reading
from exports.delivery import storage
from exports.engine import shape
from exports.engine.pieces import StagedPieces
from exports.engine.table import Table
from exports.exceptions import ExportError
from exports.layouts import layout_of_table
from exports.sources import database, pushed, staging
from exports.types import DataWarning, ExportSpec, Format, MadeFile, Principal
from exports.validation import ValidSpec, validate


class Command(BaseCommand):
    """Reads records, writes one file."""

    help = 'Turn records (a JSON array, {"data": [...]}, one JSON object a line, or the source database) into one file.'
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what an API request takes, as options."""
        parser.add_argument("resource", help="what the records are, such as participants")
        parser.add_argument("--input", help="file to read, or - for standard input (default: the source database)")
        parser.add_argument("--output", required=True, type=Path, help="file to write; replaced only by a finished one")
        parser.add_argument("--template", help="which columns (default: the resource's own default)")
        parser.add_argument(
            "--format",
            choices=[format.value for format in Format],
            help="file format (default: the dialect's own default); unlike a request, the command takes every one",
        )
        parser.add_argument("--filters", default="{}", help='JSON object, such as \'{"category": "fully_funded"}\'')
        parser.add_argument("--options", default="{}", help='JSON object, such as \'{"sort_by": "full_name"}\'')
        parser.add_argument("--program", type=int, help="ID of a programme (default: all)")
        parser.add_argument("--columns", help="names of fields, with commas between (default: the template's)")
        parser.add_argument(
            "--dialect", help="whose catalogue and rules (default: ybb; platform for the source database)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the file and say what it took."""
        started = time.perf_counter()
        try:
            made, warnings = _make(options)
        except (ExportError, OSError) as error:
            raise CommandError(str(error)) from error
        seconds = time.perf_counter() - started
        rows = made.written.rows
        self.stdout.write(
            f"{rows:,} rows in {seconds:.2f} s ({rows / seconds:,.0f} rows/s), "
            f"{made.checked.size:,} bytes -> {options['output']}"
        )
        for warning in warnings:
            self.stderr.write(f"{warning.column}: {warning.code}, {warning.count:,} values, first rows {warning.rows}")


def _wish(options: dict[str, Any]) -> ValidSpec:
    columns = options["columns"]
    return validate(
        ExportSpec(
            dialect=options["dialect"] or ("ybb" if options["input"] else "platform"),
            resource=options["resource"],
            principal=Principal(),
            records=b"" if options["input"] else None,
            template=options["template"],
            columns=tuple(map(str.strip, columns.split(","))) if columns else None,
            filters=_object(options, "filters"),
            options={"apply_filters": True, **_object(options, "options")},
            program_id=options["program"],
        )
    )


def _object(options: dict[str, Any], name: str) -> dict[str, Any]:
    try:
        found = json.loads(options[name])
    except ValueError as error:
        raise CommandError(f"--{name} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise CommandError(f"--{name} must be a JSON object.")
    return found


@contextmanager
def _records(wish: ValidSpec, name: str | None) -> Iterator[Table | StagedPieces]:
    if name:
        body = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        table = reading.Chosen(wish).of(pushed.read(body, wish.fields))
        yield shape.first(shape.order(table, wish.sorting, wish.fields), wish.limit)
        return
    # Kept on the disk for a while, so that memory does not grow with them.
    kept = uuid.uuid4()
    try:
        with database.snapshot() as source:
            wanted = [*wish.conditions, *wish.changed]
            tables = source.tables(wish.resource, wish.fields, wanted, None if wish.sorting else wish.limit)
            staged = staging.stage(tables, kept, wish.fields, sorting=wish.sorting, limit=wish.limit)
        yield staging.open_staged(kept, staged.name)
    finally:
        storage.remove_folder(kept)


def _make(options: dict[str, Any]) -> tuple[MadeFile, tuple[DataWarning, ...]]:
    wish, output = _wish(options), Path(options["output"])
    format = Format(options["format"] or wish.format)
    with _records(wish, options["input"]) as records:
        layout = layout_of_table(wish, format, records, timezone.now())
        small = pipeline.compares_cells(records.count, 1, records.count, len(layout.columns))
        with tempfile.NamedTemporaryFile(dir=output.resolve().parent, suffix=".tmp", delete=False) as file:
            try:
                made = pipeline.write_file(file, format, layout, records, compare_cells=small)
                Path(file.name).replace(output)
            finally:
                Path(file.name).unlink(missing_ok=True)
        return made, (*records.warnings, *made.written.warnings)
