import json
import os
import time
import uuid
from pathlib import Path

import pytest
from django_q.models import Task

from exports import service
from exports.conf import conf
from exports.delivery import archiving, storage
from exports.exceptions import BuildError
from exports.models import ExportLog, ExportRequest, LaneHeartbeat
from exports.tasks.upkeep import upkeep
from exports.types import Lane, Principal
from tests.made import person

from .conftest import ago

pytestmark = pytest.mark.django_db


def has_expired(export: ExportRequest) -> None:
    ExportRequest.objects.filter(pk=export.pk).update(expires_at=ago(seconds=1))


def age(path: Path, seconds: float) -> None:
    os.utime(path, (time.time() - seconds,) * 2)


def assert_nothing_is_left(export: ExportRequest) -> None:
    assert not storage.folder(export.public_id).exists()
    assert set(export.files.values_list("state", flat=True)) == {"deleted"}
    assert export.events.filter(event=ExportLog.Event.DELETED).count() == 1


def test_expired_export_loses_its_files_and_keeps_its_row(completed):
    has_expired(completed)
    upkeep()
    upkeep()
    completed.refresh_from_db()
    assert completed.state == "expired"
    assert completed.events.filter(event=ExportLog.Event.EXPIRED).count() == 1
    assert_nothing_is_left(completed)


def test_export_within_its_retention_keeps_its_files(completed):
    upkeep()
    assert {file.state for file in completed.files.all()} == {"ready"}
    assert all(storage.path(file.key).exists() for file in completed.files.all())


def test_deletion_that_was_cut_off_is_done_again(completed):
    has_expired(completed)
    completed.mark_expired()
    upkeep()
    assert_nothing_is_left(completed)


def test_files_that_cannot_be_deleted_do_not_count_as_deleted(completed, monkeypatch):
    has_expired(completed)
    monkeypatch.setattr(storage, "remove_folder", lambda public_id: None)
    upkeep()
    assert set(completed.files.values_list("state", flat=True)) == {"ready"}
    monkeypatch.undo()
    upkeep()
    assert_nothing_is_left(completed)


@pytest.fixture
def job(completed, settings, tmp_path):
    """A finished student export of two files and a ZIP, in an installation that keeps an archive."""
    settings.EXPORTS_ARCHIVE_DIR = tmp_path / "archive"
    ExportRequest.objects.update(dialect="jobs")
    completed.refresh_from_db()
    has_expired(completed)
    return completed


def archived(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_files_whose_time_is_over_go_to_the_archive(job, tmp_path):
    content = storage.path(job.files.get(kind="archive").key).read_bytes()
    upkeep()
    upkeep()
    assert_nothing_is_left(job)
    (manifest,) = (tmp_path / "archive").rglob(archiving.MANIFEST)
    (told,) = json.loads(manifest.read_text())["files"]
    assert (manifest.with_name(told["file"]).read_bytes(), told["name"]) == (content, job.file_name)
    assert len(archived(tmp_path / "archive")) == 2


def test_what_cannot_be_archived_is_not_deleted(job, tmp_path):
    key = job.files.get(kind="archive").key
    whole = storage.path(key).read_bytes()
    storage.path(key).write_bytes(whole[:-1])
    upkeep()
    assert storage.path(key).exists()
    storage.path(key).write_bytes(whole)
    upkeep()
    assert_nothing_is_left(job)
    assert len(archived(tmp_path / "archive")) == 2


@pytest.mark.parametrize("dialect", ["jobs", "ybb"])
def test_what_somebody_deletes_and_other_dialects_go_to_no_archive(job, tmp_path, dialect):
    ExportRequest.objects.update(dialect=dialect)
    job.refresh_from_db()
    if dialect == "jobs":
        service.delete(job, Principal(user=person("owner")))
    upkeep()
    assert_nothing_is_left(job)
    assert not archived(tmp_path / "archive")


def test_cancelled_export_is_deleted_once_its_worker_is_gone(queued, held):
    queued.mark_cancelled(Principal())
    upkeep()
    assert storage.folder(queued.public_id).exists()
    held.release()
    upkeep()
    assert_nothing_is_left(queued)


def test_failed_export_can_be_started_again_for_a_while(queued):
    queued.mark_failed(BuildError())
    upkeep()
    assert storage.staged_files(queued.public_id, queued.staged)
    ExportRequest.objects.filter(pk=queued.pk).update(completed_at=ago(hours=conf.failed_hours, seconds=1))
    upkeep()
    assert_nothing_is_left(queued)


def test_staged_columns_of_a_finished_export_are_deleted(completed):
    staged = storage.folder(completed.public_id) / "records-1"
    staged.mkdir()
    upkeep()
    completed.refresh_from_db()
    assert not staged.exists()
    assert completed.staged_bytes == 0


def test_old_temporary_files_are_deleted(queued):
    folder = storage.folder(queued.public_id)
    old, young = folder / "old.tmp", folder / "young.tmp"
    for path in (old, young):
        path.touch()
    age(old, 3700)
    upkeep()
    assert (old.exists(), young.exists()) == (False, True)


def test_folder_that_never_got_a_row_is_deleted_after_an_hour(queued):
    strangers = [storage.make_folder(uuid.uuid4()) for _ in range(2)]
    mine = storage.folder(queued.public_id)
    for path in (strangers[0], mine):
        age(path, 3700)
    upkeep()
    assert [path.exists() for path in (*strangers, mine)] == [False, True, True]


def test_what_is_no_folder_of_an_export_is_left_alone(queued):
    foreign = Path(conf.storage_dir) / "no" / "export"
    foreign.mkdir(parents=True)
    age(foreign, 3700)
    upkeep()
    assert foreign.exists()


def test_old_results_and_hosts_are_forgotten():
    Task.objects.create(id="old", name="old", func="f", started=ago(days=8), stopped=ago(days=8))
    Task.objects.create(id="new", name="new", func="f", started=ago(days=1), stopped=ago(days=1))
    LaneHeartbeat.objects.create(host="gone", lane=Lane.LOW, answered_at=ago(days=8))
    upkeep()
    assert [task.id for task in Task.objects.all()] == ["new"]
    assert not LaneHeartbeat.objects.exists()
