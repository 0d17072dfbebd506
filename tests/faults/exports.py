"""Exports for the fault tests."""

import json
from collections import Counter
from typing import Any

from exports import service
from exports.models import ExportRequest
from exports.types import ExportSpec, Principal
from tests.processes import wait_for

from .checker import Findings, check_export, history, leftovers
from .ledger import Asked, Ledger, records

ENDED = ("completed", "failed", "cancelled", "expired")
LEDGER = Ledger()
"""Of the tests that look after their exports themselves."""


def submit(rows: int = 1200, misbehaviour: str = "", asked: Asked | None = None, **wish: Any) -> ExportRequest:
    """Accept an export: up to 10,000 rows go to lane high, more than 5,000 become several files."""
    asked = asked or LEDGER.ask(rows)
    spec = ExportSpec(
        dialect="ybb",
        resource="payments",
        format="csv",
        records=json.dumps(records(asked.name, asked.rows)).encode(),
        caller_user_id=f"{misbehaviour}#{asked.name}",
        **{"principal": Principal(), **wish},
    )
    export = service.submit(spec)
    asked.accepted = True
    return export


def submit_pulled(asked: Asked, misbehaviour: str = "") -> ExportRequest:
    """Accept an export of records that are in the source database; more than 2,000 become several files."""
    export = service.submit(
        ExportSpec(
            dialect="platform",
            resource="courses",
            columns=("credits", "course_code", "title"),
            filters={"semester": asked.name},
            format="csv",
            options={"large_dataset_options": {"strategy": "multi_file", "chunk_size": 2_000}},
            caller_user_id=f"{misbehaviour}#{asked.name}",
            principal=Principal(),
        )
    )
    asked.accepted = True
    return export


def ended(*exports: ExportRequest) -> bool:
    """Whether all of them are over."""
    return not ExportRequest.objects.filter(pk__in=[export.pk for export in exports]).exclude(state__in=ENDED).exists()


def assert_published_once(export: ExportRequest) -> None:
    """Check one finished export: every file there and whole, every record in it, every step told once."""
    export.refresh_from_db()
    wait_for(lambda: not any(leftovers(export)), what="the last worker to clear up")
    export.refresh_from_db()
    findings = Findings()
    check_export(export, LEDGER.asked[export.caller_user_id.partition("#")[2]], findings)
    assert not findings.sentences(), findings.sentences()
    assert Counter(history(export))["processing"] == 1
