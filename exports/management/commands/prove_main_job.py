"""Prove over HTTP that the portal turns records into files: post, wait, download, open, compare every cell."""

import io
import json
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from python_calamine import CalamineWorkbook

Record = dict[str, Any]

HEADERS = {
    "id": "ID",
    "form_id": "Form ID",
    "first_name": "First Name",
    "last_name": "Last Name",
    "email": "Email",
    "phone": "Phone",
    "birthdate": "Birth Date",
    "nationality": "Nationality",
    "state": "State",
    "form_status": "Status",
    "is_active": "Active",
    "is_deleted": "Deleted",
    "created_at": "Created",
    "updated_at": "Updated",
    "notes": "Notes",
}
"""The template `complete` of participants: field to header, in the order of the columns."""

LABELS = {
    "form_status": {1: "Draft", 2: "Submitted", 3: "Approved", 4: "Rejected"},
    "is_active": {0: "No", 1: "Yes"},
    "is_deleted": {0: "No", 1: "Yes"},
}

FIRST_NAMES = ("Ayu", "Bima", "Citra", "Dewi", "Eka", "Zoë", "Łukasz", "明")
LAST_NAMES = ("Example", "Sample", "Specimen", "Demo", "O'Test")


class Command(BaseCommand):
    """Exits with an error as soon as anything differs from what was sent."""

    help = "Prove the main job against a running portal: post, download, open and compare real exports."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", required=True, help="where the portal answers, such as http://127.0.0.1:8000")
        parser.add_argument("--demo", required=True, type=Path, help="the file that load_demo wrote")
        parser.add_argument("--timeout", type=float, default=60, help="seconds to wait for the portal (%(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        demo = json.loads(options["demo"].read_text(encoding="utf-8"))
        portal = Portal(options["url"], demo["api_key"])
        portal.wait(options["timeout"])
        self.stdout.write(prove_single_file(portal, 3))
        self.stdout.write(prove_many_files(portal, 6_000, files=3))
        self.stdout.write(farewell(options["url"], demo))


class Portal:
    """The portal as a client sees it."""

    def __init__(self, url: str, api_key: str) -> None:
        self.url = url
        self.headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}

    def wait(self, seconds: float) -> None:
        """Return once the portal calls itself healthy and knows of a worker."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                health = json.loads(self.get("/health"))
            except CommandError as error:
                reason = str(error)
            else:
                if health["status"] == "healthy" and health.get("workers", True):
                    return
                reason = f"/health says {health}"
            if time.monotonic() > deadline:
                raise CommandError(f"The portal was not ready after {seconds:.0f} s: {reason}")
            time.sleep(0.2)

    def export(self, records: list[Record]) -> Record:
        """Post participants and return the answer to a finished export."""
        body = {"data": records, "template": "complete", "format": "excel", "filename": "proof.xlsx"}
        answer: Record = json.loads(self.get("/api/ybb/export/participants", json.dumps(body).encode()))
        require(answer.get("status"), "success", "status of the answer")
        return answer

    def get(self, path: str, body: bytes | None = None) -> bytes:
        """Return the body of an answer; with a body of its own the request is a POST."""
        request = urllib.request.Request(self.url + path, body, self.headers)  # noqa: S310 - the portal's own address
        try:
            with urllib.request.urlopen(request, timeout=300) as response:  # noqa: S310
                return bytes(response.read())
        except urllib.error.HTTPError as error:
            raise CommandError(f"{path} answered {error.code}: {error.read(1000).decode(errors='replace')}") from error
        except OSError as error:
            raise CommandError(f"{path} did not answer: {error}") from error


def prove_single_file(portal: Portal, count: int) -> str:
    """Export few records as one workbook and say what was found in it."""
    records = participants(count)
    started = time.monotonic()
    answer = portal.export(records)
    content = portal.get(answer["data"]["download_url"])
    seconds = time.monotonic() - started
    require("export_strategy" in answer, False, "whether a single file names a strategy")
    rows = rows_of_workbook(content, "the workbook")
    require_rows(rows, records, "the workbook")
    return summary(records, "1 workbook", seconds, len(content), rows[1])


def prove_many_files(portal: Portal, count: int, *, files: int) -> str:
    """Export many records as several workbooks in a ZIP, which takes the workers, and say what was found."""
    records = participants(count)
    started = time.monotonic()
    answer = portal.export(records)
    content = portal.get(answer["data"]["archive"]["download_url"])
    seconds = time.monotonic() - started
    require(answer.get("export_strategy"), "multi_file", "export_strategy")
    require(answer["data"]["total_files"], files, "total_files")
    found: list[list[str]] = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [f"participants_batch_{number}_of_{files}.xlsx" for number in range(1, files + 1)]
        workbooks = sorted(name for name in archive.namelist() if name.endswith(".xlsx"))
        require(workbooks, names, "workbooks in the archive")
        for name, part in zip(names, parts(records, files), strict=True):
            rows = rows_of_workbook(archive.read(name), name)
            require_rows(rows, part, name)
            found += rows[1:]
    return summary(records, f"{files} workbooks + ZIP", seconds, len(content), found[0])


def participants(count: int) -> list[Record]:
    """Return made-up participants; the first one carries what must stay text: a formula."""
    start = datetime(2025, 1, 1, 8, 30, 15)
    return [
        {
            "id": number,
            "form_id": f"DEMO_{number:06}",
            "first_name": FIRST_NAMES[number % len(FIRST_NAMES)],
            "last_name": LAST_NAMES[number % len(LAST_NAMES)],
            "email": f"participant{number}@example.com",
            "phone": f"+1555{number:07}",
            "birthdate": str(date(1990, 1, 1) + timedelta(days=number)),
            "nationality": "Indonesian",
            "state": "West Java",
            "form_status": number % 4 + 1,
            "is_active": number % 2,
            "is_deleted": 0,
            "created_at": str(start + timedelta(minutes=number)),
            "updated_at": str(start + timedelta(minutes=2 * number)),
            "notes": "=1+1" if number == 1 else f"made-up record {number}",
        }
        for number in range(1, count + 1)
    ]


def parts(records: list[Record], files: int) -> Iterator[list[Record]]:
    """Yield the equal slices that the files should hold."""
    size = len(records) // files
    for number in range(files):
        yield records[number * size : (number + 1) * size]


def rows_of_workbook(content: bytes, name: str) -> list[list[str]]:
    """Read the first sheet with a reader that shares no code with the writer; every value as text."""
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except Exception as error:  # the reader has no common error class
        raise CommandError(f"{name} is not a workbook: {error}") from error
    return [[as_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]


def as_text(value: Any) -> str:
    """Write a cell's value the way the records spell it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def require_rows(rows: list[list[str]], records: list[Record], name: str) -> None:
    """Compare the header and every row with what was sent."""
    expected = [list(HEADERS.values()), *map(row_of_record, records)]
    require(len(rows), len(expected), f"number of rows in {name}")
    for number, (row, wanted) in enumerate(zip(rows, expected, strict=True), start=1):
        require(row, wanted, f"row {number} of {name}")


def row_of_record(record: Record) -> list[str]:
    """Return what a person should read in the record's row."""
    return [str(LABELS[name][record[name]] if name in LABELS else record[name]) for name in HEADERS]


def require(found: object, expected: object, what: str) -> None:
    """Stop the proof at the first difference."""
    if found != expected:
        raise CommandError(f"{what}: expected {expected!r}, found {found!r}")


def summary(records: list[Record], made: str, seconds: float, size: int, first_row: Iterable[str]) -> str:
    """Say in one line what was made and found."""
    return (
        f"{len(records):,} participants -> {made} in {seconds:.2f} s, {size / 1000:,.0f} KB, "
        f"every cell as sent; first row: {' | '.join(first_row)}"
    )


def farewell(url: str, demo: dict[str, Any]) -> str:
    """Say where to go from here: address, people, and one line to try."""
    people = {role: person for role, person in demo.items() if isinstance(person, dict)}
    body = '{"data": [{"id": 1, "first_name": "Ayu", "email": "ayu@example.com"}], "template": "summary"}'
    return "\n".join(
        [
            "",
            f"{'Portal':<10} {url}",
            f"{'API':<10} {url}/api/docs",
            *(f"{role:<10} {person['username']} / {person['password']}" for role, person in people.items()),
            f"{'Try':<10} curl {url}/api/ybb/export/participants -H 'Authorization: Bearer {demo['api_key']}' "
            f"-H 'Content-Type: application/json' -d '{body}'",
            "",
        ]
    )
