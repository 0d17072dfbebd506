"""Files that leave while a worker makes them: verified to the last byte, or broken off.

A stream reads the private file of one start. Its end leaves once that very file was verified and published; when the
start fails, another takes over, or the export is stopped, the stream breaks, and whoever reads it can tell. On a host
that does not share the folder with its workers there is nothing to follow, and it waits for the finished file.
"""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from .attempt import DATABASE_AWAY
from .conf import conf
from .delivery import names, storage
from .downloads import open_file
from .exceptions import FileNotFound, StreamBroken
from .follower import HELD, Follower
from .models import ExportFile, ExportLog, ExportRequest
from .models.lease import LeasedModel
from .types import FollowedFile, Format, OpenedFile, Principal, StoredFile

logger = logging.getLogger(__name__)

WAIT_FIRST, WAIT_LONGEST = 0.01, 0.25
"""Seconds between two looks at an export that has not begun to write."""


@dataclass(frozen=True, kw_only=True)
class _Start:
    """One start of the file that leaves."""

    export: ExportRequest
    held: LeasedModel
    """The part, or the export whose archive is put together; with the token of the start."""
    key: str

    def published(self) -> StoredFile | None:
        """Return the file once it is published, None while its worker is at it. Raises StreamBroken."""
        # In this order: whoever does not hold it any more may have published it.
        is_held = self.held.held().filter(_alive()).exists()
        state = ExportRequest.objects.values_list("state", flat=True).get(pk=self.export.pk)
        found = self.export.files.ready().filter(key=self.key).first()
        if state not in (ExportRequest.State.PROCESSING, ExportRequest.State.COMPLETED):
            raise StreamBroken(f"The export is {state}")
        if found is not None:
            return StoredFile(key=self.key, size=found.size, sha256=found.sha256)
        if not is_held:
            raise StreamBroken("Its worker gave up or fell silent; the file is made anew")
        return None


def open_stream(
    export: ExportRequest, principal: Principal, *, seconds: float, look_only: bool = False, may_follow: bool = True
) -> OpenedFile | FollowedFile | None:
    """Open what leaves of an export as soon as there is something of it; None where there is nothing after ``seconds``.

    That is the finished file, or (with ``may_follow``) the one that a worker is writing. Both are events before the
    first byte leaves, unless only a look at what would be sent is wanted (``look_only``).

    Raises:
        FileNotFound: there will be several files and no archive.
    """
    started = time.monotonic()
    while export.is_active:
        if may_follow and (start := _start_of(export)) and (followed := _follow(start, principal, look_only)):
            return followed
        waited = time.monotonic() - started
        if waited >= seconds:
            return None
        time.sleep(min(max(waited / 20, WAIT_FIRST), WAIT_LONGEST))
        export.refresh_from_db()
    return open_file(export, principal, look_only=look_only) if export.is_downloadable else None


def _start_of(export: ExportRequest) -> _Start | None:
    """Return who writes the file that leaves; None while nobody does."""
    if export.state != export.State.PROCESSING or export.is_unread:
        return None
    if export.parts_total > 1:
        if not export.archive:
            raise FileNotFound("There are several files and no archive. Fetch each of them when it is ready.")
        is_assembled = export.stage == export.Stage.COMPRESSION and export.held().filter(_alive()).exists()
        key = storage.archive_key(export.public_id, export.lease_token)
        return _Start(export=export, held=export, key=key) if is_assembled else None
    part = ExportFile.objects.parts().filter(_alive(), export=export, lease_token__isnull=False).first()
    if part is None:
        return None
    key = storage.part_key(export.public_id, part.number, Format(export.format).extension, part.lease_token)
    return _Start(export=export, held=part, key=key)


def _alive() -> Q:
    return Q(lease_until__gte=timezone.now())


def _follow(start: _Start, principal: Principal, look_only: bool) -> FollowedFile | None:
    """Follow a file that has something to send; None where it has not."""
    try:
        file = storage.open_unfinished(start.key)
    except FileNotFound:
        return None
    if os.fstat(file.fileno()).st_size <= HELD:
        file.close()
        return None
    name = start.export.file_name
    if look_only:
        on_end: Callable[[int, str], None] = lambda sent, why: None  # noqa: E731
    else:
        start.export.record(ExportLog.Event.DOWNLOADED, name, principal, streamed=True)
        on_end = partial(_tell_end, start, principal)
    return FollowedFile(
        blocks=Follower(file, _Patient(start.published), on_end), name=name, media_type=names.media_type(name)
    )


class _Patient:
    """Asks whether a file is published; a database that is away is asked again, for as long as a lease holds."""

    def __init__(self, published: Callable[[], StoredFile | None]) -> None:
        self._published, self._heard = published, time.monotonic()

    def __call__(self) -> StoredFile | None:
        try:
            stored = self._published()
        except DATABASE_AWAY as error:
            if time.monotonic() - self._heard > conf.lease_seconds:
                raise StreamBroken("The database was away for too long") from error
            connection.close_if_unusable_or_obsolete()
            return None
        self._heard = time.monotonic()
        return stored


def _tell_end(start: _Start, principal: Principal, sent: int, why: str) -> None:
    """Count a download that has ended well; note one that broke off."""
    try:
        if why:
            message = f"Broken off after {sent:,} bytes: {why}"
            start.export.record(ExportLog.Event.INTERRUPTED, message, principal, sent=sent)
        elif (file := start.export.files.filter(key=start.key).first()) is not None:
            file.count_download()
    except DATABASE_AWAY:
        logger.error("Export %s: the database was away when a stream of it ended", start.export.public_id)
