"""Records of an upload: columns of every field, piece by piece as they came."""

import uuid
from collections.abc import Iterable, Iterator, Sequence

from exports.delivery import storage
from exports.engine.table import StagedTable, Table
from exports.exceptions import FileNotFound
from exports.types import Field


def tables(public_id: uuid.UUID, pieces: Iterable[str], fields: Sequence[Field]) -> Iterator[Table]:
    """Yield the records of an upload, whose pieces lie in these folders, in order; memory holds one file of one piece.

    Raises:
        FileNotFound: the upload is kept no more.
    """
    for piece in pieces:
        try:
            files = storage.staged_files(public_id, piece)
        except FileNotFoundError as error:
            raise FileNotFound("The uploaded records are kept no more. Upload them again.") from error
        for file in files:
            yield StagedTable(file).table(fields)
