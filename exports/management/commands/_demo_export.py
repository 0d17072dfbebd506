"""One export of the demo's history: drawn once, then told as a request, files, events and analytics."""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from random import Random
from typing import Any

RETENTION = timedelta(hours=24)
PARTICIPANT = ["id", "form_id", "first_name", "last_name", "email", "phone", "nationality", "state", "form_status"]
PAYMENT = [
    "id",
    "participant_id",
    "amount",
    "payment_date",
    "payment_status",
    "reference_number",
    "created_at",
    "updated_at",
]
AMBASSADOR = ["id", "participant_id", "ambassador_code", "category", "status", "referral_count", "commission_earned"]
COLUMNS = {
    ("participants", "standard"): PARTICIPANT,
    ("participants", "detailed"): [*PARTICIPANT, "birthdate", "is_active", "created_at"],
    ("participants", "summary"): ["id", "first_name", "last_name", "email", "form_status", "created_at"],
    ("participants", "complete"): [
        *PARTICIPANT,
        "birthdate",
        "is_active",
        "is_deleted",
        "created_at",
        "updated_at",
        "notes",
    ],
    ("payments", "standard"): PAYMENT,
    ("payments", "detailed"): [*PAYMENT, "payment_method_id", "usd_amount", "notes"],
    ("ambassadors", "standard"): AMBASSADOR,
    ("ambassadors", "detailed"): [*AMBASSADOR, "is_active", "created_at", "updated_at"],
}
POPULARITY = (26, 14, 10, 8, 18, 10, 9, 5)
USUAL_ROWS = {"participants": (1_500, 1.3), "payments": (1_100, 1.2), "ambassadors": (180, 0.7)}
"""Median and spread of a log-normal distribution."""
MOST_ROWS = 50_000
FILTERS: tuple[dict[str, str], ...] = ({}, {"status": "approved"}, {"status": "submitted"}, {"date_from": "2025-01-01"})
OUTCOMES, OUTCOME_WEIGHTS = ("expired", "failed", "cancelled"), (955, 22, 23)
FAILURES = (
    ("STORAGE_FULL", "There is no room left to store the export."),
    ("BUILD_FAILED", "The export was started 3 times and its worker ended each time, so it was given up."),
    ("VERIFICATION_FAILED", "What was read back from the file is not what was written."),
)
EXTENSIONS = {"excel": ".xlsx", "csv": ".csv"}
BYTES_A_CELL = {"excel": 6.5, "csv": 11.0}
CONTENT_A_CELL = {"excel": 41.0, "csv": 11.0}


@dataclass(frozen=True, kw_only=True)
class DemoExport:
    """What was drawn for one export."""

    public_id: uuid.UUID
    created_at: datetime
    resource: str
    template: str
    format: str
    rows: int
    columns: list[str]
    filters: dict[str, str]
    program_id: int
    state: str
    error: tuple[str, str]
    wait: float
    """Seconds before the work began."""
    work: float
    """Seconds of work."""
    memory_peak: int
    """KiB."""

    @property
    def completed_at(self) -> datetime:
        """When it ended, well or not."""
        return self.created_at + timedelta(seconds=self.wait + self.work)

    @property
    def parts(self) -> list[tuple[int, int]]:
        """First and last row of each file."""
        size = (
            max(self.rows, 1)
            if self.rows <= 5_000
            else 3_000
            if self.rows < 10_000
            else 2_000
            if self.rows <= 30_000
            else 1_000
        )
        return [(n * size + 1, min((n + 1) * size, self.rows)) for n in range(max(ceil(self.rows / size), 1))]

    @property
    def is_split(self) -> bool:
        """Whether it became several files and an archive."""
        return len(self.parts) > 1

    @property
    def is_done(self) -> bool:
        """Whether its files were made; they have expired since."""
        return self.state == "expired"

    @property
    def stem(self) -> str:
        """How its file names begin."""
        return f"{self.resource}_{self.template}_{self.created_at:%Y-%m-%d}"

    @property
    def file_name(self) -> str:
        """What the caller downloads."""
        return f"{self.stem}.zip" if self.is_split else f"{self.stem}{EXTENSIONS[self.format]}"

    def request_values(self) -> dict[str, Any]:
        """Return the columns of its ``ExportRequest``, besides who asked."""
        ended = {"expires_at": self.completed_at + RETENTION, "parts_done": len(self.parts)} if self.is_done else {}
        code, message = self.error
        return {
            "public_id": self.public_id, "dialect": "ybb", "catalogue": "ybb", "resource": self.resource,
            "template": self.template, "format": self.format, "columns": self.columns, "filters": self.filters,
            "program_id": self.program_id, "file_name": self.file_name, "sheet_name": self.resource.title(),
            "strategy": "multi_file" if self.is_split else "single_file", "lane": self._lane, "state": self.state,
            "stage": "compression" if self.is_done and self.is_split else "file_generation",
            "record_count": self.rows, "parts_total": len(self.parts), "created_at": self.created_at,
            "started_at": self.created_at + timedelta(seconds=self.wait), "completed_at": self.completed_at,
            "memory_peak": self.memory_peak, "error_code": code, "error_message": message, "attempts": 1, "staged": "-",
            **ended,
        }  # fmt: skip

    def files(self) -> Iterator[dict[str, Any]]:
        """Yield the columns of its files; those of a failed or cancelled export were never made."""
        values: dict[str, Any]
        for number, (first, last) in enumerate(self.parts, start=1):
            name = f"{self.stem}_part_{number:02}_of_{len(self.parts):02}" if self.is_split else self.stem
            values = {"number": number, "of": len(self.parts), "first_row": first, "last_row": last}
            yield {**values, "name": name + EXTENSIONS[self.format], **self._proof(f"{number}", last - first + 1)}
        if self.is_split and self.is_done:
            values = {"kind": "archive", "number": 1, "of": 1, "first_row": 1, "last_row": self.rows}
            yield {**values, "name": self.file_name, **self._proof("archive", self.rows, packed=True)}

    def events(self, dice: Random) -> Iterator[dict[str, Any]]:
        """Yield what happened to it, in order."""
        started = self.created_at + timedelta(seconds=self.wait)
        yield _event("initiated", self.created_at, f"{self.rows:,} records as {self.format}", by_worker=False)
        if self.rows > 1_000:
            yield _event("queued", self.created_at, f"Waiting in lane {self._lane}")
        files = "1 file" if not self.is_split else f"{len(self.parts)} files"
        yield _event("processing", started, f"Writing {self.rows:,} records into {files}")
        if not self.is_done:
            message = self.error[1] or "Cancelled"
            yield _event(self.state, self.completed_at, message, by_worker=self.state == "failed")
            return
        for number in range(1, len(self.parts) + 1):
            at = started + timedelta(seconds=self.work * number / (len(self.parts) + 1))
            yield _event("progress", at, f"File {number} of {len(self.parts)} is ready")
        yield _event("completed", self.completed_at, "Export completed successfully")
        for delay in sorted(
            dice.expovariate(1 / 900) for _ in range(dice.choices((0, 1, 2, 3), weights=(6, 70, 18, 6))[0])
        ):
            yield _event(
                "downloaded", self.completed_at + timedelta(seconds=5 + delay), self.file_name, by_worker=False
            )
        yield _event("expired", self.completed_at + RETENTION, "The files have expired")
        yield _event("deleted", self.completed_at + RETENTION + timedelta(seconds=30), "The files were deleted")

    def analytics_values(self) -> dict[str, Any]:
        """Return what it cost."""
        cells = self.rows * len(self.columns) if self.is_done else 0
        return {
            "export_type": self.resource, "template": self.template, "format": self.format, "dialect": "ybb",
            "state": "completed" if self.is_done else self.state, "record_count": self.rows,
            "file_count": len(self.parts) if self.is_done else 0,
            "file_size": self._size(self.rows, packed=self.is_split) if self.is_done else 0,
            "content_size": int(cells * CONTENT_A_CELL[self.format]),
            "processing_time": round(self.wait + self.work, 3),
            "queue_wait": round(self.wait, 3),
            "records_per_second": round(self.rows / self.work, 1) if self.is_done else 0.0,
            "memory_peak": self.memory_peak, "custom_filename_used": False, "multi_file_export": self.is_split,
            "created_at": self.completed_at,
        }  # fmt: skip

    @property
    def _lane(self) -> str:
        return "immediate" if self.rows < 1_000 else "high" if self.rows < 10_000 else "normal"

    def _size(self, rows: int, *, packed: bool) -> int:
        """Return bytes; packing helps text, a workbook is packed already."""
        size = rows * len(self.columns) * BYTES_A_CELL[self.format] * (0.3 if packed and self.format == "csv" else 1)
        return int(size) + (5_200 if self.format == "excel" else 120)

    def _proof(self, part: str, rows: int, *, packed: bool = False) -> dict[str, Any]:
        if not self.is_done:
            return {}
        return {
            "state": "deleted",
            "rows_done": rows,
            "size": self._size(rows, packed=packed),
            "content_size": int(rows * len(self.columns) * CONTENT_A_CELL[self.format]),
            "sha256": hashlib.sha256(f"{self.public_id}{part}".encode()).hexdigest(),
            "ready_at": self.completed_at,
            "attempts": 1,
        }


def draw(dice: Random, created_at: datetime) -> DemoExport:
    """Draw an export that was asked for at a moment."""
    resource, template = dice.choices(list(COLUMNS), weights=POPULARITY)[0]
    median, spread = USUAL_ROWS[resource]
    rows = min(round(median * dice.lognormvariate(0, spread)) + 1, MOST_ROWS)
    state = dice.choices(OUTCOMES, weights=OUTCOME_WEIGHTS)[0]
    work = 0.02 + rows / dice.uniform(100_000, 250_000)
    return DemoExport(
        public_id=uuid.UUID(int=dice.getrandbits(128), version=4),
        created_at=created_at,
        resource=resource,
        template=template,
        format=dice.choices(("excel", "csv"), weights=(78, 22))[0],
        rows=rows,
        columns=COLUMNS[resource, template],
        filters=dice.choices(FILTERS, weights=(50, 30, 12, 8))[0],
        program_id=dice.choices((101, 102, 103), weights=(2, 3, 5))[0],
        state=state,
        error=dice.choice(FAILURES) if state == "failed" else ("", ""),
        wait=dice.expovariate(1 / 0.35) + 0.03 if rows > 1_000 else 0.001,
        work=work * dice.uniform(0.2, 0.9) if state == "cancelled" else work,
        memory_peak=round(95_000 + rows * 0.6 + dice.uniform(0, 9_000)),
    )


def _event(event: str, at: datetime, message: str, *, by_worker: bool = True) -> dict[str, Any]:
    return {"event": event, "created_at": at, "message": message, "by_worker": by_worker}
