"""Records uploaded in pieces before they are exported, of any number and in any format (``sources.files``).

A piece is made into columns as it arrives, so that what is wrong with it is said at once; memory holds a batch of it.
Its number makes it idempotent: sent again, it changes nothing.
"""

import hashlib
import io
import shutil
import uuid
from collections.abc import Iterator
from typing import IO, cast

from django.conf import settings

from . import catalogue
from .conf import conf
from .delivery import storage
from .engine import columns
from .engine.table import Table
from .exceptions import Conflict, NoData, NotFound, TooManyAtOnce, TooManyBytes
from .models import Dataset, DatasetPiece
from .models.dataset import lifetime_end
from .sources import files, staging
from .types import Principal, UploadFormat

MOST_PIECES = 100_000
_BLOCK = 1 << 20


def create(principal: Principal, catalogue_name: str, resource: str) -> Dataset:
    """Begin an upload of records of a resource.

    Raises:
        UnknownName: there is no such resource.
        TooManyAtOnce: the caller has too many uploads open.
    """
    known = catalogue.resource(catalogue_name, resource)
    if Dataset.objects.visible_to(principal).open_now().count() >= conf.max_open_datasets:
        raise TooManyAtOnce(
            f"You have {conf.max_open_datasets} uploads open. Close or delete one first.",
            limit=conf.max_open_datasets,
        )
    return Dataset.objects.create(
        owner=principal.owner,
        user=principal.user,
        client=principal.client,
        catalogue=known.catalogue,
        resource=known.name,
        expires_at=lifetime_end(),
    )


def get(public_id: uuid.UUID, principal: Principal) -> Dataset:
    """Return an upload of the caller's own. Raises NotFound."""
    found = Dataset.objects.visible_to(principal).filter(public_id=public_id).first()
    if found is None:
        raise NotFound("Upload not found or expired")
    return found


def add_piece(
    dataset: Dataset, number: int, file: IO[bytes], format: UploadFormat, *, gzipped: bool = False
) -> tuple[DatasetPiece, bool]:
    """Read a piece and make it part of an upload; return it, and whether it is new.

    Raises:
        Conflict: another piece has the number, or the upload is closed.
        NoData: it holds no record.
        BadRequest: a record is not valid; row, counted within the piece, and field are named.
        StorageFull: there is no room.
    """
    if not 1 <= number <= MOST_PIECES:
        raise Conflict(f"The number of a piece must be from 1 to {MOST_PIECES:,}.", field="number")
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE if format is UploadFormat.JSON else conf.max_upload_bytes
    content = _Hashed(files.inflated(file, limit) if gzipped else file, limit)
    known = dataset.pieces.filter(number=number).first()
    if known is not None:
        content.drain()
        return _same(known, content.sha256), False
    found = _Tables(dataset, content.file, format)
    staged = staging.stage(found, dataset.public_id)
    content.drain()
    folder = storage.folder(dataset.public_id) / staged.name
    try:
        if not staged.count:
            raise NoData("The piece holds no record.", field="body")
        is_new = dataset.add_piece(
            number,
            sha256=content.sha256,
            record_count=staged.count,
            size=staged.size,
            staged=staged.name,
            unknown_fields=list(found.ignored),
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if not is_new:
        # The same piece came twice at once.
        shutil.rmtree(folder, ignore_errors=True)
    return dataset.pieces.get(number=number), is_new


def delete(dataset: Dataset) -> None:
    """Delete an upload with all its pieces. Raises Conflict while an export still has to read it."""
    if dataset.is_awaited():
        raise Conflict("An export still has to read this upload.", field="dataset")
    storage.remove_folder(dataset.public_id)
    dataset.delete()


def _same(piece: DatasetPiece, sha256: str) -> DatasetPiece:
    if piece.sha256 != sha256:
        raise Conflict(f"Piece {piece.number} was uploaded before with other content.", field="number")
    return piece


class _Tables:
    """The columns of a piece, batch by batch; after them it is known which columns of the file belong to no field."""

    def __init__(self, dataset: Dataset, file: IO[bytes], format: UploadFormat) -> None:
        # Whatever an export may ask for later is kept, not only what one template shows.
        self._fields = list(catalogue.resource(dataset.catalogue, dataset.resource).fields.values())
        self._batches = files.batches(file, format, self._fields)
        self.ignored: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Table]:
        for source in self._batches:
            yield columns.build(source, self._fields, conf.time_zone)
        self.ignored = self._batches.ignored_columns


class _Hashed(io.RawIOBase):
    """A file that knows the digest of what was read from it, and refuses to be too long."""

    def __init__(self, file: IO[bytes], limit: int) -> None:
        self._file, self._limit = file, limit
        self._digest, self._size = hashlib.sha256(), 0
        self.file = cast(IO[bytes], io.BufferedReader(self, _BLOCK))

    @property
    def sha256(self) -> str:
        """Digest of what was read so far."""
        return self._digest.hexdigest()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        block = self._file.read(len(buffer))
        buffer[: len(block)] = block
        self._digest.update(block)
        self._size += len(block)
        if self._size > self._limit:
            raise TooManyBytes(f"The piece must not be larger than {self._limit:,} bytes. Send NDJSON, or more pieces.")
        return len(block)

    def drain(self) -> None:
        """Read what is left, so that the digest is that of all."""
        while self.file.read(_BLOCK):
            pass
