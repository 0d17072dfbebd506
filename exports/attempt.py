"""One start of a claimed piece of work: how its holder is heard of, and what becomes of it when something goes wrong.

What another start cannot help ends the export. Trouble that may pass gives the work back, and the start counts, for it
may have been the export's fault. A worker that has to end, or a database that went away, hands it back uncounted.
"""

import logging
import time
import traceback
import uuid
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

from .conf import conf
from .exceptions import (
    BuildError,
    ExportError,
    LeaseLost,
    MemoryExceeded,
    SourceUnavailable,
    Stopped,
    VerificationFailed,
)
from .models import ExportRequest
from .models.lease import LeasedModel

logger = logging.getLogger(__name__)

DATABASE_AWAY = (OperationalError, InterfaceError)
_MAY_PASS = (VerificationFailed, MemoryExceeded, SourceUnavailable)

Claimed = TypeVar("Claimed", bound=LeasedModel)


def attempt(export: ExportRequest, claimed: Claimed, work: Callable[[ExportRequest, Claimed], None]) -> None:
    """Do one claimed piece of work, or see to it that it is done by the next start."""
    try:
        work(export, claimed)
    except LeaseLost:
        logger.info("Export %s: another worker has it, or it was stopped", export.public_id)
    except _MAY_PASS as error:
        _give_back(export, claimed, error)
    except ExportError as error:
        export.mark_failed(error)
    except DATABASE_AWAY as error:
        if connection.is_usable():
            _give_back(export, claimed, error)
        else:
            _await_database(claimed)
    except Exception as error:
        _give_back(export, claimed, error)
    except Stopped:
        claimed.hand_back()
        raise
    except SystemExit:
        # So the queue stops a task that took longer than its lane allows.
        claimed.release()
        if claimed.attempts >= conf.max_attempts:
            export.mark_failed(BuildError("Export failed: a file took longer than its lane allows."))
        raise
    except BaseException:
        claimed.release()
        raise


def _await_database(claimed: LeasedModel) -> None:
    """Hand a piece of work back as soon as the database is there again: that it was away is no fault of the export's.

    Raises:
        OperationalError, InterfaceError: it was away for longer than the lease, which has lapsed by itself.
    """
    deadline = time.monotonic() + conf.lease_seconds
    while True:
        try:
            connection.close_if_unusable_or_obsolete()
            claimed.hand_back()
            return
        except DATABASE_AWAY:
            if time.monotonic() > deadline:
                raise
            time.sleep(conf.beat_seconds)


def _give_back(export: ExportRequest, claimed: LeasedModel, error: Exception) -> None:
    """Free a piece of work for another start; after the last one the export has failed."""
    incident = uuid.uuid4().hex[:12]
    # The error's own text may quote a value of the data; where it happened is enough to find the cause.
    where = "".join(traceback.format_tb(error.__traceback__, limit=-8))
    logger.error(
        "Export %s, start %d: %s (incident %s)\n%s",
        *(export.public_id, claimed.attempts, type(error).__name__, incident, where),
    )
    # Not held any more, it was published all the same (the answer to the COMMIT got lost), or somebody else has it.
    if claimed.release() and claimed.attempts >= conf.max_attempts:
        unknown = BuildError(f"Export failed: a file could not be made (incident {incident}).")
        export.mark_failed(error if isinstance(error, (MemoryExceeded, SourceUnavailable)) else unknown)


class Heartbeat:
    """Saves progress and extends the lease, at most so often, and once when all is written.

    A database that is away may miss some of it, for as long as the lease holds.
    """

    def __init__(self, beat: Callable[[int], None], records: int) -> None:
        self._beat, self._records = beat, records
        self._began = self._tried = self._heard = time.monotonic()
        self._told_all = False

    def __call__(self, rows: int) -> None:
        now = time.monotonic()
        # What was written in no time will be verified before anybody looks.
        is_last = not self._told_all and rows >= self._records and now - self._began >= conf.beat_seconds / 4
        if not is_last and now - self._tried < conf.beat_seconds:
            return
        self._tried, self._told_all = now, rows >= self._records
        try:
            self._beat(rows)
            self._heard = now
        except DATABASE_AWAY:
            if now - self._heard > conf.lease_seconds:
                raise
            connection.close_if_unusable_or_obsolete()
