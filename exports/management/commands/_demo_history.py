"""A year of exports as a youth-summit platform would have them: busy on weekdays, growing, most of them expired.

Everything is drawn from one seed, so that two demos differ in nothing but their dates. The figures follow what the
portal does: files are cut as ``policies.toml`` says for 2,000 records a file, small exports are built by the request
itself, speeds and sizes are in the range that was measured. All files have expired: a demo has no bytes to offer for an
export that never ran.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.contrib.auth.models import AbstractUser

from exports.models import ApiClient, ExportAnalytics, ExportFile, ExportLog, ExportRequest

from ._demo_export import DemoExport, draw

SEED = 2025
EXPORTS = 600
DAYS = 365
YOUNGEST = timedelta(hours=26)
"""Files are kept for 24 hours; what is older has expired."""
WEEKDAYS = (1.0, 1.1, 1.05, 1.0, 0.8, 0.25, 0.15)
HOURS = (2, 4, 8, 10, 9, 6, 8, 9, 8, 5, 3, 2, 2, 2, 1.5, 1, 0.5, 0.2, 0.1, 0.1, 0.1, 0.2, 0.5, 1)
"""How busy each hour of the day is in UTC; the offices are seven hours ahead."""
GROWTH = 3.0
"""How much busier the last day is than the first."""


@dataclass(frozen=True, kw_only=True)
class Askers:
    """Whose exports they are."""

    client: ApiClient
    staff: AbstractUser
    registrar: AbstractUser


def load_history(askers: Askers, now: datetime) -> None:
    """Write the exports, their files, events and analytics."""
    dice = Random(SEED)
    drawn = [draw(dice, created_at) for created_at in _moments(dice, now)]
    people = [_asker(dice, askers) for _ in drawn]
    requests = ExportRequest.objects.bulk_create(
        _request(export, who) for export, who in zip(drawn, people, strict=True)
    )
    rows = list(zip(drawn, requests, strict=True))
    ExportFile.objects.bulk_create(
        ExportFile(export=request, **file) for export, request in rows for file in export.files()
    )
    ExportLog.objects.bulk_create(_events(dice, rows))
    ExportAnalytics.objects.bulk_create(_analytics(export, request) for export, request in rows)


def _moments(dice: Random, now: datetime) -> list[datetime]:
    """Return when exports were asked for, oldest first."""
    last = now - YOUNGEST
    hours = [last - timedelta(hours=hour) for hour in range(DAYS * 24)]
    busy = [HOURS[at.hour] * WEEKDAYS[at.weekday()] * GROWTH ** (1 - age / len(hours)) for age, at in enumerate(hours)]
    chosen = dice.choices(hours, weights=busy, k=EXPORTS)
    return sorted(moment - timedelta(seconds=dice.uniform(0, 3600)) for moment in chosen)


def _asker(dice: Random, askers: Askers) -> dict[str, Any]:
    """Most exports come through the website, some from people who use the portal itself."""
    who = dice.choices(("website", "registrar", "staff"), weights=(70, 20, 10))[0]
    if who == "website":
        caller = str(dice.choice((3, 7, 12, 18)))
        return {"source": "api", "client": askers.client, "requester": str(askers.client), "caller_user_id": caller}
    user = askers.registrar if who == "registrar" else askers.staff
    return {"source": "portal", "user": user, "requester": user.get_username()}


def _request(export: DemoExport, who: dict[str, Any]) -> ExportRequest:
    return ExportRequest(**export.request_values(), **who)


def _events(dice: Random, rows: list[tuple[DemoExport, ExportRequest]]) -> Iterator[ExportLog]:
    for export, request in rows:
        for event in export.events(dice):
            is_worker = event.pop("by_worker")
            who = {} if is_worker else {"user": request.user, "client": request.client}
            yield ExportLog(export=request, actor="worker" if is_worker else request.requester, **who, **event)


def _analytics(export: DemoExport, request: ExportRequest) -> ExportAnalytics:
    return ExportAnalytics(
        export=request,
        program_id=request.program_id,
        user=request.user,
        client=request.client,
        caller_user_id=request.caller_user_id,
        **export.analytics_values(),
    )
