"""``manage.py export``: a file from a file, by the same engine, without server, queue or database."""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from exports import pipeline
from exports.exceptions import ExportError
from exports.layouts import layout_of_table
from exports.sources import pushed
from exports.types import DataWarning, ExportSpec, Format, MadeFile, Principal
from exports.validation import validate


class Command(BaseCommand):
    """Reads records, writes one file."""

    help = 'Turn records (a JSON array, {"data": [...]} or one JSON object a line) into one file.'
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what an API request takes, as options."""
        parser.add_argument("resource", help="what the records are, such as participants")
        parser.add_argument("--input", required=True, help="file to read, or - for standard input")
        parser.add_argument("--output", required=True, type=Path, help="file to write; replaced only by a finished one")
        parser.add_argument("--template", help="which columns (default: the resource's own default)")
        parser.add_argument(
            "--format",
            choices=[format.value for format in Format],
            help="file format (default: the dialect's own default); unlike a request, the command takes every one",
        )
        parser.add_argument("--dialect", default="ybb", help="whose catalogue (default: ybb)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the file and say what it took."""
        started = time.perf_counter()
        try:
            made, warnings = _make(_read(options["input"]), options)
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


def _read(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def _make(body: bytes, options: dict[str, Any]) -> tuple[MadeFile, tuple[DataWarning, ...]]:
    wish = validate(
        ExportSpec(
            dialect=options["dialect"],
            resource=options["resource"],
            principal=Principal(),
            records=b"",
            template=options["template"],
        )
    )
    format = Format(options["format"] or wish.format)
    table = pushed.read(body, wish.fields)
    layout = layout_of_table(wish, format, table, timezone.now())
    output: Path = options["output"]
    with tempfile.NamedTemporaryFile(dir=output.resolve().parent, suffix=".tmp", delete=False) as file:
        try:
            small = pipeline.compares_cells(table.count, 1, table.count, len(layout.columns))
            made = pipeline.write_file(file, format, layout, table, compare_cells=small)
            Path(file.name).replace(output)
        finally:
            Path(file.name).unlink(missing_ok=True)
    return made, table.warnings + made.written.warnings
