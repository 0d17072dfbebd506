"""Files on their way to whoever may have them; every download is an event before its first byte."""

from datetime import timedelta

from django.utils import timezone

from .delivery import links, names, storage
from .exceptions import FileNotFound, NotFound
from .models import ExportFile, ExportLog, ExportRequest
from .types import OpenedFile, Principal


def open_file(
    export: ExportRequest,
    principal: Principal,
    *,
    number: int | None = None,
    archive: bool = False,
    look_only: bool = False,
) -> OpenedFile:
    """Open a file of an export: part ``number``, the archive, or (with neither) the archive where there is one.

    The download is logged and counted before the first byte leaves, a refused one too; a look at what would be sent
    (``look_only``) is not.

    Raises:
        NotFound: the export has expired or is not finished.
        FileNotFound: it has no such file.
    """
    if not export.is_downloadable:
        export.record(ExportLog.Event.DENIED, f"The export is {export.state}", principal)
        raise NotFound
    file = _pick(export, number, archive)
    opened = storage.open_file(file.key)
    if not look_only:
        export.record(ExportLog.Event.DOWNLOADED, file.name, principal, file=file.pk, size=file.size)
        file.count_download()
    name = export.file_name if file.of == 1 and file.kind == ExportFile.Kind.PART else file.name
    return OpenedFile(
        file=opened,
        name=name,
        size=file.size,
        sha256=file.sha256,
        made_at=file.ready_at or export.created_at,
        media_type=names.media_type(name),
    )


def link(export: ExportRequest, file: ExportFile) -> str:
    """Return a link to a file that a browser follows without a key, for as long as the file is kept."""
    number = links.ARCHIVE if file.kind == ExportFile.Kind.ARCHIVE else file.number
    return links.to_file(export.public_id, number, export.expires_at or timezone.now())


def stream_link(export: ExportRequest) -> str:
    """Return a link to an export's stream, which a browser follows without a key, before the file is ready too."""
    kept_until = export.expires_at or timezone.now() + timedelta(hours=export.retention_hours)
    return links.to_stream(export.public_id, kept_until)


def linked_stream(token: str) -> ExportRequest:
    """Return the export whose stream a link was made for.

    Raises:
        NotFound: the link was not made here, was changed, is for a file, or its time is over.
    """
    public_id, number = links.opened(token)
    export = ExportRequest.objects.filter(public_id=public_id).prefetch_related("files").first()
    if export is None or number != links.STREAM:
        raise NotFound
    return export


def open_link(token: str, address: str | None, *, look_only: bool = False) -> OpenedFile:
    """Open the file that a link was made for, whoever has it; logged and counted as every download (``open_file``).

    Raises:
        NotFound: the link was not made here, was changed, or its time or that of the file is over.
    """
    public_id, number = links.opened(token)
    export = ExportRequest.objects.filter(public_id=public_id).prefetch_related("files").first()
    if export is None:
        raise NotFound
    is_archive = number == links.ARCHIVE
    return open_file(export, bearer(address), number=number or None, archive=is_archive, look_only=look_only)


def bearer(address: str | None) -> Principal:
    """Return somebody who showed a link and nothing else."""
    return Principal(address=address, name="signed link")


def _pick(export: ExportRequest, number: int | None, archive: bool) -> ExportFile:
    files = export.files.ready()
    if number is not None:
        found = files.parts().filter(number=number).first()
    elif archive or len(export.files.all()) > 1:
        found = files.filter(kind=ExportFile.Kind.ARCHIVE).first()
    else:
        found = files.first()
    if found is None:
        raise FileNotFound(**({} if number is None else {"number": number}))
    return found
