"""Exports at the points of their life that the janitor looks for."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from exports import service
from exports.conf import conf
from exports.models import ExportFile, ExportRequest
from exports.tasks.run import run_export


@pytest.fixture
def queued(spec: Callable[..., Any], participants: Callable[[int], Any]) -> ExportRequest:
    """An export of two files whose messages are on their way in lane high."""
    return service.submit(spec(participants(5_500), format="csv"))


@pytest.fixture
def held(queued: ExportRequest) -> ExportFile:
    """Its first part, in a worker's hands."""
    queued.mark_processing()
    part = ExportFile.objects.claim_next(queued.pk)
    assert part
    return part


@pytest.fixture
def completed(queued: ExportRequest) -> ExportRequest:
    """The same export, finished."""
    run_export(queued.pk)
    queued.refresh_from_db()
    assert queued.state == "completed"
    return queued


def ago(**units: float) -> datetime:
    return timezone.now() - timedelta(**units)


def let_lapse(work: ExportFile | ExportRequest) -> None:
    """Let the worker that holds a part, or the last step, fall silent."""
    type(work).objects.filter(pk=work.pk).update(lease_until=ago(seconds=1))
    # It was alive after the message that woke it.
    export_id = getattr(work, "export_id", work.pk)
    ExportRequest.objects.filter(pk=export_id).update(enqueued_at=ago(seconds=1 + conf.lease_seconds))
