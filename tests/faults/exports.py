"""Exports for the fault tests, and the proof that they came out whole."""

import hashlib
import json
from collections import Counter

from exports import service
from exports.delivery import storage
from exports.models import ExportLog, ExportRequest
from exports.types import ExportSpec, Principal

ENDED = ("completed", "failed", "cancelled")


def submit(rows: int = 1200, misbehaviour: str = "") -> ExportRequest:
    """Accept an export: up to 10,000 rows go to lane high, more than 5,000 become several files."""
    records = [{"id": number, "amount": f"{number}.50", "notes": f"row {number}"} for number in range(1, rows + 1)]
    spec = ExportSpec(
        dialect="ybb",
        resource="payments",
        format="csv",
        principal=Principal(),
        records=json.dumps(records).encode(),
        caller_user_id=misbehaviour,
    )
    return service.submit(spec)


def ended(*exports: ExportRequest) -> bool:
    """Whether all of them are over."""
    return not ExportRequest.objects.filter(pk__in=[export.pk for export in exports]).exclude(state__in=ENDED).exists()


def assert_published_once(export: ExportRequest) -> None:
    """Check one finished export: every file there and whole, every step told once."""
    export.refresh_from_db()
    assert export.state == "completed", f"{export.state}: {export.error_message}"
    assert export.parts_done == export.parts_total
    for file in export.files.all():
        assert file.state == "ready"
        content = storage.path(file.key).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file.size, file.sha256)
    told = Counter(export.events.values_list("event", flat=True))
    assert told[ExportLog.Event.COMPLETED] == 1
    assert told[ExportLog.Event.PROCESSING] == 1
    assert told[ExportLog.Event.PROGRESS] == export.parts_total
