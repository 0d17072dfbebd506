"""Every step of publication, each of which can be made to fail or to be the worker's last.

The steps are hooked at the calls that matter to the disk and the database (``os.fsync``, ``Path.rename``, COMMIT), so
that a change of the code between them needs no change here.
"""

import errno
import os
import signal
import stat
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

DIE, ERROR, STAY, SLOW = "die", "error", "stay", "slow-the-worker"
FILE_STEPS = ("claim", "temporary", "write", "fsync", "verify", "rename", "fsync-folder")
DATABASE_STEPS = ("publish", "record", "commit", "committed")
READ_STEPS = ("claim", "write", "fsync", "fsync-folder", *DATABASE_STEPS)
"""Of reading the records of an export that they did not come with."""
STEPS = tuple(f"{piece}.{step}" for piece in ("part", "last") for step in (*FILE_STEPS, *DATABASE_STEPS))
"""``committed``: the COMMIT succeeded, but the connection broke before the answer."""
FAULTS = tuple(f"{how}:{step}" for step in STEPS for how in (ERROR, DIE))
SLOWNESS = 0.04


@dataclass
class Work:
    """What this thread works on, and what shall happen to it."""

    order: str
    piece: str
    first: bool
    publishing: bool = False


class Current(threading.local):
    """One for each thread, because a web process works in many."""

    work: Work | None = None


current = Current()


def begin(order: str, piece: str, attempt: int) -> None:
    """Note what was claimed."""
    current.work = Work(order, piece, attempt == 1)
    at("claim")


def at(step: str) -> None:
    """Let happen what was ordered for this step; what was ordered happens once, and only in the first start."""
    work = current.work
    if work is None:
        return
    if work.order == SLOW:
        time.sleep(SLOWNESS)
    how, _, where = work.order.partition(":")
    if where == f"{work.piece}.{step}" and work.first and not (how == STAY and injected(settings.DATA_DIR)):
        work.first = False
        note(work.order)
        if how == DIE:
            os.kill(os.getpid(), signal.SIGKILL)
        if how == STAY:
            time.sleep(3600)
        raise OperationalError("injected") if step in DATABASE_STEPS else OSError(errno.EIO, "injected")


def note(order: str) -> None:
    """Tell the test that it happened, in a way that survives the process."""
    with (settings.DATA_DIR / "injected").open("a") as file:
        file.write(f"{order}\n")


def injected(directory: Path) -> list[str]:
    """Return what happened so far."""
    path = directory / "injected"
    return path.read_text().splitlines() if path.exists() else []


def hook_all() -> None:
    """Hook every step in this process."""
    from exports import pipeline
    from exports.delivery import storage
    from exports.engine.table import Table
    from exports.models import ExportFile, ExportLog, ExportRequest
    from exports.writers.base import Writer

    before(storage, "temporary", "temporary")
    before(Writer, "write", "write")
    before(Table, "save", "write")
    before(pipeline, "write_archive", "write")
    before(pipeline, "verify", "verify")
    before(pipeline, "verify_archive", "verify")
    before(ExportFile, "publish", "publish", mark_publishing)
    before(ExportRequest, "keep_records", "publish", mark_publishing)
    before(ExportRequest, "complete", "publish", mark_publishing)
    before(ExportLog, "save", "record", is_publishing)
    before(Path, "rename", "rename")
    hook_fsync()
    hook_commit()


def always() -> bool:
    return True


def mark_publishing() -> bool:
    if current.work:
        current.work.publishing = True
    return True


def is_publishing() -> bool:
    return current.work is not None and current.work.publishing


def before(owner: Any, name: str, step: str, applies: Callable[[], bool] = always) -> None:
    """Make a step of the beginning of a call."""
    original: Callable[..., AbstractContextManager[Any]] = getattr(owner, name)

    @wraps(original)
    def hooked(*arguments: Any, **named: Any) -> Any:
        if applies():
            at(step)
        return original(*arguments, **named)

    setattr(owner, name, hooked)


def hook_fsync() -> None:
    fsync = os.fsync

    def hooked(file: int) -> None:
        at("fsync-folder" if stat.S_ISDIR(os.fstat(file).st_mode) else "fsync")
        fsync(file)

    os.fsync = hooked


def hook_commit() -> None:
    commit = BaseDatabaseWrapper.commit

    def hooked(connection: BaseDatabaseWrapper) -> None:
        publishing = is_publishing()
        if publishing and current.work:
            current.work.publishing = False
            at("commit")
        commit(connection)
        if publishing:
            try:
                at("committed")
            except OperationalError:
                lose(connection)
                raise

    BaseDatabaseWrapper.commit = hooked


def lose(connection: BaseDatabaseWrapper) -> None:
    """Break a connection as the network does; a file has none to break."""
    if connection.vendor == "postgresql" and connection.connection:
        connection.connection.close()
