"""Delete what has had its time: expired files, staged columns, the remains of dead jobs, old results of the queue.

Before files go, who wanted an e-mail is reminded of them, once.
Every step can be cut off and done again: an export counts as deleted only once its folder is gone.
"""

import logging
import shutil
from datetime import timedelta

from django.utils import timezone
from django_q.models import Task

from exports.conf import conf
from exports.delivery import archiving, leftovers, storage
from exports.exceptions import VerificationFailed
from exports.models import Dataset, ExportRequest, IdempotencyKey, LaneHeartbeat, Notice, Webhook

logger = logging.getLogger(__name__)

BATCH = 1000
"""Exports of one kind that one run handles, at most."""
KEEP_RESULTS = timedelta(days=7)
"""How long failed tasks, and hosts that have gone, are remembered."""


def upkeep() -> None:
    """Do everything once."""
    remind()
    expire()
    remove_disposable()
    remove_staged()
    remove_datasets()
    remove_leftovers()
    forget_results()
    care_for_secrets()


def remind() -> None:
    """Have those reminded who wanted an e-mail and did not fetch the files, before these go."""
    if conf.email_enabled and conf.expiry_reminder_hours:
        Notice.objects.remind_of(ExportRequest.objects.to_remind_of(conf.expiry_reminder_hours)[:BATCH])


def expire() -> None:
    """End the retention of finished exports; downloads stop here."""
    for export in ExportRequest.objects.overdue()[:BATCH]:
        export.mark_expired()


def remove_disposable() -> None:
    """Delete what expired, cancelled and long failed exports have stored; what belongs into the archive goes there."""
    for export in ExportRequest.objects.disposable()[:BATCH]:
        if archiving.keeps(export) and not _archived(export):
            continue
        if not export.mark_unstaged():
            # It was resumed at this moment.
            continue
        storage.remove_folder(export.public_id)
        if storage.folder(export.public_id).exists():
            logger.error("Export %s: its folder could not be deleted", export.public_id)
        else:
            export.mark_files_deleted()


def _archived(export: ExportRequest) -> bool:
    """Archive an export's files; what cannot be archived is not deleted."""
    try:
        archiving.archive(export)
    except (OSError, VerificationFailed):
        logger.exception("Export %s: its files could not be archived; they stay until they can", export.public_id)
        return False
    return True


def remove_staged() -> None:
    """Delete the staged columns of finished exports whose worker was stopped before it could."""
    for export in ExportRequest.objects.staged_in_vain()[:BATCH]:
        storage.remove_staged(export.public_id)
        export.mark_unstaged()


def remove_datasets() -> None:
    """Delete uploads whose time is over."""
    for dataset in Dataset.objects.forgotten()[:BATCH]:
        storage.remove_folder(dataset.public_id)
        dataset.delete()


def remove_leftovers() -> None:
    """Delete the temporary files of dead jobs, and folders of requests that never became an export."""
    leftovers.remove_old_temporary_files()
    for folders in leftovers.old_folders():
        exports = ExportRequest.objects.filter(public_id__in=folders).values_list("public_id", flat=True)
        datasets = Dataset.objects.filter(public_id__in=folders).values_list("public_id", flat=True)
        for public_id in folders.keys() - {*exports, *datasets}:
            logger.info("Deleting the folder of request %s, which never became an export", public_id)
            shutil.rmtree(folders[public_id], ignore_errors=True)


def forget_results() -> None:
    """Delete old rows of the queue, of hosts that have gone, and keys that stand for nothing any more."""
    IdempotencyKey.objects.forgotten().delete()
    limit = timezone.now() - KEEP_RESULTS
    Task.objects.filter(stopped__lt=limit).delete()
    LaneHeartbeat.objects.filter(answered_at__lt=limit).delete()


def care_for_secrets() -> None:
    """Erase the secrets of webhooks that sign no more, and encrypt the others with the key of today."""
    Webhook.objects.forget_previous()
    Webhook.objects.seal_anew()
