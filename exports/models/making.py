"""What workers do to an export: take turns with it, count its files, put them together, cut it anew."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from exports.exceptions import LeaseLost
from exports.types import StoredFile, Strategy

from .file import ExportFile
from .lease import extended_lease
from .log import ExportLog
from .reading import Reading
from .warnings import merged


class Making(Reading):
    """The moves of an export that only the holder of a claim may make."""

    class Meta:
        abstract = True

    def begin_turn(self) -> None:
        """Note that a worker begins to work on it, for the first time or again."""
        if not self.mark_processing():
            self._in(self.State.PROCESSING).update(served_at=timezone.now())

    def count_part(self, part: ExportFile) -> None:
        """Note that a part was published.

        Raises:
            LeaseLost: the export was stopped; a part that nobody counts must not be there if it is resumed.
        """
        if not self._in(self.State.PROCESSING).update(parts_done=F("parts_done") + 1):
            raise LeaseLost
        done = self.files.filter(kind="part", state="ready").aggregate(rows=Sum(F("last_row") - F("first_row") + 1))
        message = f"File {part.number} of {part.of} is ready"
        self.record(ExportLog.Event.PROGRESS, message, part=part.number, rows=part.record_count, done=done["rows"])

    def claim_assembly(self) -> bool:
        """Take the last step for this worker, once every part is published."""
        ready = type(self)._default_manager.filter(pk=self.pk, state=self.State.PROCESSING, parts_done=F("parts_total"))
        if not (ready.exists() and self.claim()):
            return False
        self.held().update(stage=self.Stage.COMPRESSION)
        return True

    def beat(self) -> None:
        """Extend the lease of the last step.

        Raises:
            LeaseLost: the token is no longer on the row, or the export was cancelled or failed meanwhile.
        """
        if not self.held().filter(state=self.State.PROCESSING).update(**extended_lease()):
            raise LeaseLost

    def replace_files(self, part: ExportFile, files: Sequence[ExportFile], file_name: str) -> list[str]:
        """Put other files in the place of those planned, and return where those lie that were made already.

        Raises:
            LeaseLost: ``part`` is not its worker's any more, or the export was stopped; nothing was changed.
        """
        with transaction.atomic():
            # All in one order, so that two workers who find the same do not wait for each other.
            old = list(self.files.select_for_update().order_by("pk"))
            changes = {
                "parts_total": len(files),
                "parts_done": 0,
                "strategy": Strategy.MULTI_FILE,
                "file_name": file_name,
            }
            if not part.held().exists() or not self._in(self.State.PROCESSING).update(**changes):
                raise LeaseLost
            self.files.all().delete()
            ExportFile.objects.bulk_create(files)
            message = f"File {part.number} of {part.of} cannot hold its records; cut into {len(files)} files"
            self.record(ExportLog.Event.RETRIED, message, rows=part.record_count, files=len(files))
        for name, value in changes.items():
            setattr(self, name, value)
        return [file.key for file in old if file.key]

    @property
    def has_archive(self) -> bool:
        """Whether its files are put into a ZIP as well."""
        return self.archive and self.parts_total > 1

    def complete(self, archive: StoredFile | None, **measured: Any) -> None:
        """Note that every file is published, the archive with it; the retention starts now.

        Raises:
            LeaseLost: somebody else does the last step now, or the export was stopped; nothing was changed.
        """
        now = timezone.now()
        with transaction.atomic():
            self.beat()
            noticed = self.files.parts().values_list("warnings", flat=True)
            measured["warnings"] = merged(chain(self.warnings, *noticed))
            if archive:
                self._add_archive(archive)
            self._move(
                [self.State.PROCESSING],
                self.State.COMPLETED,
                ExportLog.Event.COMPLETED,
                "Export completed successfully",
                completed_at=now,
                expires_at=now + timedelta(hours=self.retention_hours),
                lease_token=None,
                lease_until=None,
                **measured,
            )

    def _add_archive(self, stored: StoredFile) -> None:
        content = self.files.filter(kind=ExportFile.Kind.PART).aggregate(content=Sum("content_size"))["content"]
        self.files.create(
            kind=ExportFile.Kind.ARCHIVE,
            state=ExportFile.State.READY,
            number=1,
            of=1,
            first_row=1,
            last_row=self.record_count,
            rows_done=self.record_count,
            name=self.file_name,
            key=stored.key,
            size=stored.size,
            sha256=stored.sha256,
            content_size=content,
            ready_at=timezone.now(),
        )
