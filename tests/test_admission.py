"""Who is let in: limits say what they are, when to come back, and drop nothing that was accepted."""

import pytest
from django.contrib.auth.models import User

from exports import admission, service
from exports.delivery import storage
from exports.exceptions import QueueFull, StorageFull, TooManyAtOnce
from exports.models import ApiClient, ExportRequest
from exports.tasks.run import run_export
from exports.types import Principal

pytestmark = pytest.mark.django_db

LARGE = 1_001
"""Records of an export that goes to the workers."""


def another_client(name):
    return Principal(client=ApiClient.objects.create_key(name=name)[0])


def test_limit_of_one_caller_is_no_limit_of_another(spec, participants):
    for _ in range(10):
        service.submit(spec(participants(LARGE)))
    with pytest.raises(TooManyAtOnce) as refused:
        service.submit(spec(participants(1)))
    assert refused.value.details["limit"] == 10
    assert 1 <= refused.value.details["retry_after"] <= 300
    assert service.submit(spec(participants(1), principal=another_client("other"))).state == "completed"
    person = Principal(user=User.objects.create_user("registrar"))
    assert service.submit(spec(participants(1), principal=person)).state == "completed"


def test_full_queue_refuses_what_would_wait_and_makes_what_need_not(spec, participants, settings):
    settings.EXPORTS_MAX_QUEUE = 3
    for number in range(3):
        service.submit(spec(participants(LARGE), principal=another_client(f"client {number}")))
    with pytest.raises(QueueFull) as refused:
        service.submit(spec(participants(LARGE)))
    assert refused.value.details["limit"] == 3
    assert service.submit(spec(participants(3))).state == "completed"
    assert ExportRequest.objects.in_queue().count() == 3


def test_refused_export_leaves_nothing_behind(spec, participants, settings, storage):
    settings.EXPORTS_MAX_QUEUE = 0
    with pytest.raises(QueueFull):
        service.submit(spec(participants(LARGE)))
    assert not ExportRequest.objects.exists()
    assert not [path for path in storage.rglob("*") if path.is_file()]


def test_disk_is_kept_for_what_was_accepted(spec, participants, settings, monkeypatch):
    """Room for one export of this size, not for two: the second is refused though the disk is still empty."""
    wish = spec(participants(LARGE))
    needed = admission.reserve(len(wish.records))
    monkeypatch.setattr(storage, "free_bytes", lambda: settings.EXPORTS_MIN_FREE_BYTES + needed * 3 // 2)
    settings.EXPORTS_MIN_FREE_BYTES = 1_000_000
    first = service.submit(wish)
    with pytest.raises(StorageFull) as refused:
        service.submit(wish)
    assert refused.value.details["retry_after"] >= 1
    first.mark_cancelled(Principal())
    assert service.submit(wish).state == "queued"


def test_reserve_covers_what_an_export_really_stores(spec, participants):
    """Three times the records as they came is enough for staged columns, files and archive, in every format."""
    for format in ("excel", "csv", "json", "pdf"):
        export = service.submit(spec(participants(6_000), format=format, template="complete"))
        staged = export.staged_bytes
        run_export(export.pk)
        export.refresh_from_db()
        assert staged + sum(file.size for file in export.files.all()) < export.reserved_bytes, format
