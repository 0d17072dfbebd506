"""What dead jobs left behind: temporary files nobody writes to any more, folders whose export was never accepted."""

import re
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from exports.conf import conf

from .storage import TEMPORARY_SUFFIX

OLD = 3600.0
"""Seconds without a change after which a file or folder belongs to nobody; a running job writes far more often."""

FOLDER = re.compile(r"[0-9a-f]{32}")


def old_folders() -> Iterator[dict[uuid.UUID, Path]]:
    """Yield the folders of exports that have not changed for an hour, some at a time."""
    for group in sorted(Path(conf.storage_dir).glob("??")):
        yield {uuid.UUID(path.name): path for path in group.iterdir() if FOLDER.fullmatch(path.name) and _is_old(path)}


def remove_old_temporary_files() -> int:
    """Delete temporary files that have not changed for an hour; return how many there were."""
    files = [path for path in Path(conf.storage_dir).glob(f"??/*/*{TEMPORARY_SUFFIX}") if _is_old(path)]
    for path in files:
        path.unlink(missing_ok=True)
    return len(files)


def _is_old(path: Path) -> bool:
    try:
        return path.stat().st_mtime < time.time() - OLD
    except FileNotFoundError:
        return False
