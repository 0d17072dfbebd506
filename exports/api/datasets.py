"""Uploads: records of any number in numbered pieces, in the words of dialect ``v1``."""

import io
from typing import IO, Annotated, Any, cast

import msgspec
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from exports import catalogue, datasets
from exports.exceptions import BadRequest
from exports.models import Dataset, DatasetPiece
from exports.types import UploadFormat, upload_format

from . import bodies
from .authentication import principal_of
from .dialects import v1_shapes as shapes
from .dialects.v1_answers import time
from .views import DialectView, public_id, require_length

_BLOCK = 1 << 18


class NewDataset(msgspec.Struct, kw_only=True):
    """A request for an upload."""

    resource: bodies.Name
    catalogue: bodies.Name | None = None
    """Whose resource; ``ybb`` where the export is going to be asked for through that dialect."""


class Completion(msgspec.Struct, kw_only=True):
    """What the caller says when all pieces are sent."""

    pieces: Annotated[int, msgspec.Meta(ge=0, le=datasets.MOST_PIECES)] | None = None
    """How many there must be; without it, none may be missing below the last."""


class _Stream(io.RawIOBase):
    """A request's body as the file that readers of files expect."""

    def __init__(self, body: IO[bytes]) -> None:
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._body.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)


class StreamParser(BaseParser):
    """Hands a body on as it comes, whatever it is."""

    media_type = "*/*"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the body to be read."""
        return io.BufferedReader(_Stream(stream), _BLOCK)


class Datasets(DialectView):
    """``POST``: begin an upload."""

    def post(self, request: Request) -> Response:
        """Answer with its ID and where the pieces go."""
        require_length(request)
        wanted = bodies.decode(request.data, NewDataset)
        name = wanted.catalogue or catalogue.policy(self.dialect.name).catalogue
        dataset = datasets.create(principal_of(request), name, wanted.resource)
        return Response(_told(dataset), status=201, headers={"Location": f"/api/v1/datasets/{dataset.public_id}"})


class OneDataset(DialectView):
    """``GET``: what has arrived and what is missing; ``DELETE``: forget it."""

    def get(self, request: Request, dataset_id: str) -> Response:
        """Answer for an upload of the caller's own; whoever was cut off goes on with what is missing."""
        return Response(_told(datasets.get(public_id(dataset_id), principal_of(request))))

    def delete(self, request: Request, dataset_id: str) -> Response:
        """Delete it with all its pieces."""
        datasets.delete(datasets.get(public_id(dataset_id), principal_of(request)))
        return Response(status=204)


class Piece(DialectView):
    """``PUT``: one piece; the same one again changes nothing."""

    parser_classes = (StreamParser,)

    def put(self, request: Request, dataset_id: str, number: int) -> Response:
        """Answer 201 where the piece is new, 200 where it was there."""
        require_length(request)
        dataset = datasets.get(public_id(dataset_id), principal_of(request))
        format = upload_format(media_type=request.content_type or "")
        body = cast(IO[bytes], request.data or io.BytesIO())
        piece, is_new = datasets.add_piece(dataset, number, body, format, gzipped=_is_gzipped(request))
        return Response(_piece(dataset, piece), status=201 if is_new else 200)


class Close(DialectView):
    """``POST``: all pieces are there."""

    def post(self, request: Request, dataset_id: str) -> Response:
        """Answer with the upload, which may be exported now."""
        require_length(request)
        body = cast(bytes, request.data) or b"{}"
        dataset = datasets.get(public_id(dataset_id), principal_of(request))
        dataset.close(bodies.decode(body, Completion).pieces)
        return Response(_told(dataset))


def _is_gzipped(request: Request) -> bool:
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if encoding not in ("identity", "gzip", "x-gzip"):
        raise BadRequest(f"Content-Encoding may be gzip, not {encoding[:40]}.", field="Content-Encoding")
    return encoding != "identity"


def _told(dataset: Dataset) -> shapes.Dataset:
    totals = dataset.totals()
    address = f"/api/v1/datasets/{dataset.public_id}"
    return {
        "dataset_id": str(dataset.public_id),
        "catalogue": dataset.catalogue,
        "resource": dataset.resource,
        "status": "closed" if dataset.is_closed else "open",
        "pieces": totals["pieces"],
        "records": totals["records"],
        "missing_pieces": dataset.missing()[:100] if totals["pieces"] else [],
        "next_piece": min(dataset.missing(totals["pieces"] + 1)),
        "created_at": time(dataset.created_at),
        "expires_at": time(dataset.expires_at),
        "piece_url": f"{address}/pieces/{{number}}",
        "close_url": f"{address}/close",
        "formats": list(UploadFormat),
    }


def _piece(dataset: Dataset, piece: DatasetPiece) -> shapes.Piece:
    return {
        "dataset_id": str(dataset.public_id),
        "number": piece.number,
        "records": piece.record_count,
        "sha256": piece.sha256,
        "unknown_fields": piece.unknown_fields,
    }
