"""The archive: where files go whose time is over, for installations that must keep them (document 004, "Cleanup").

``ARCHIVE_DIR/2026-11/EXPORT_ID/`` holds what a caller would have downloaded, and a manifest that says what it is.
"""

import hashlib
import json
import os
import shutil
from pathlib import Path

from exports import catalogue
from exports.conf import conf
from exports.exceptions import VerificationFailed
from exports.models import ExportFile, ExportLog, ExportRequest

from . import storage

MANIFEST = "manifest.json"


def keeps(export: ExportRequest) -> bool:
    """Tell whether the archive wants an export's files: their time is over, and nobody had them deleted before."""
    if export.state != export.State.EXPIRED or not conf.archive_dir or not catalogue.policy(export.dialect).archives:
        return False
    return export.events.filter(event=ExportLog.Event.EXPIRED, user=None, client=None).exists()


def archive(export: ExportRequest) -> None:
    """Copy what a caller downloads, proved by its hash; the manifest comes last. Doing it again changes nothing.

    Raises:
        OSError: there is no room, or the folder cannot be written.
        VerificationFailed: a file is not what was published.
    """
    folder = _folder(export)
    if (folder / MANIFEST).exists():
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = export.files.ready()
    kept = list(files.filter(kind=ExportFile.Kind.ARCHIVE)) or list(files)
    for file in kept:
        _copy(file, folder)
    _write(folder / MANIFEST, json.dumps(_manifest(export, kept), indent=1).encode())


def _folder(export: ExportRequest) -> Path:
    return Path(conf.archive_dir or "") / f"{export.created_at:%Y-%m}" / str(export.public_id)


def _copy(file: ExportFile, folder: Path) -> None:
    """Copy one file under the name it is stored by: what people called it is in the manifest."""
    source = storage.path(file.key)
    unfinished = folder / f"{source.name}{storage.TEMPORARY_SUFFIX}"
    shutil.copyfile(source, unfinished)
    with unfinished.open("rb") as copy:
        if hashlib.file_digest(copy, "sha256").hexdigest() != file.sha256:
            raise VerificationFailed
        os.fsync(copy.fileno())
    unfinished.rename(folder / source.name)


def _write(path: Path, content: bytes) -> None:
    unfinished = path.with_suffix(storage.TEMPORARY_SUFFIX)
    with unfinished.open("wb") as file:
        file.write(content)
        storage.flush(file)
    unfinished.rename(path)


def _manifest(export: ExportRequest, files: list[ExportFile]) -> dict[str, object]:
    return {
        "export_id": str(export.public_id),
        "resource": export.resource,
        "format": export.format,
        "records": export.record_count,
        "requested_at": export.created_at.isoformat(),
        "expired_at": export.expires_at.isoformat() if export.expires_at else None,
        "files": [
            {"file": Path(file.key).name, "name": file.name, "size": file.size, "sha256": file.sha256} for file in files
        ],
    }
