"""The checker finds what is wrong: a round that it passes proves something."""

import csv
import hashlib
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from exports.delivery import storage
from exports.models import ExportFile, ExportLog, ExportRequest
from exports.tasks.run import run_export

from .checker import check
from .exports import submit
from .ledger import Ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger():
    return Ledger()


@pytest.fixture
def export(ledger):
    """Return a finished export of two files and an archive."""
    export = submit(asked=ledger.ask(5_200))
    run_export(export.pk)
    return ExportRequest.objects.get(pk=export.pk)


def part(export):
    return export.files.parts().first()


def change(file, content):
    storage.path(file.key).write_bytes(content)


def publish(file, content):
    change(file, content)
    sha256 = hashlib.sha256(content).hexdigest()
    ExportFile.objects.filter(pk=file.pk).update(size=len(content), sha256=sha256)


def found(ledger):
    return {kind for kind, sentences in vars(check(ledger)).items() if sentences}


def test_finished_export_is_whole(export, ledger):
    assert check(ledger).sentences() == []
    assert export.files.count() == 3


def test_unknown_export_is_lost(export, ledger):
    ledger.ask(1).accepted = True
    assert found(ledger) == {"lost"}


def test_unfinished_export_is_lost(ledger):
    submit(asked=ledger.ask(1_200))
    assert found(ledger) == {"lost"}


def test_missing_file_is_lost(export, ledger):
    storage.remove(part(export).key)
    assert found(ledger) >= {"lost"}


def test_changed_byte_is_corrupt(export, ledger):
    content = storage.path(part(export).key).read_bytes()
    change(part(export), content[:-1] + b"!")
    assert found(ledger) == {"corrupt"}


@pytest.mark.parametrize("wrong", [lambda rows: rows[:-1], lambda rows: [*rows, rows[-1]], lambda rows: rows[::-1]])
def test_missing_repeated_or_disordered_record_is_corrupt_whatever_the_digest_says(export, ledger, wrong):
    text = storage.path(part(export).key).read_text("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    lines = "".join(f"{','.join(row)}\r\n" for row in [head, *wrong(rows)])
    publish(part(export), lines.encode("utf-8-sig"))
    assert f"has other records in {part(export).name}" in "\n".join(check(ledger).corrupt)


def test_archive_that_holds_another_file_is_corrupt(export, ledger):
    publish(part(export), storage.path(part(export).key).read_bytes() + b"\r\n")
    assert any("archive that does not hold its files" in sentence for sentence in check(ledger).corrupt)


@pytest.mark.parametrize("event", [ExportLog.Event.COMPLETED, ExportLog.Event.PROGRESS, ExportLog.Event.INITIATED])
def test_step_that_is_told_twice_was_done_twice(export, ledger, event):
    export.record(event)
    assert "twice" in found(ledger)


def test_other_number_of_starts_than_was_asked_for_is_told(export, ledger):
    ledger.asked["e1"].starts = 3
    assert found(ledger) == {"twice"}


@pytest.mark.parametrize("event", [ExportLog.Event.QUEUED, ExportLog.Event.CANCELLED])
def test_move_that_may_not_follow_is_illegal(export, ledger, event):
    export.record(event)
    assert "illegal" in found(ledger)


def test_state_that_no_event_tells_of_is_illegal(export, ledger):
    ExportRequest.objects.filter(pk=export.pk).update(state="expired", expires_at=timezone.now() - timedelta(hours=1))
    assert "illegal" in found(ledger)


def test_temporary_file_is_left_over(export, ledger):
    (storage.folder(export.public_id) / "x.tmp").touch()
    assert found(ledger) == {"leftovers"}
