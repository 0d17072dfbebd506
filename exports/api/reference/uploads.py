"""Uploads, in the words of dialect ``v1``: every route and method."""

from exports.api.datasets import Completion, NewDataset
from exports.api.dialects import v1_shapes as shapes
from exports.exceptions import (
    BadRequest,
    Conflict,
    InvalidFile,
    InvalidRecord,
    NoData,
    NotFound,
    StorageFull,
    TooManyAtOnce,
    TooManyBytes,
    TooManyValues,
    UnknownName,
)
from exports.types.uploads import UPLOAD_MEDIA_TYPES

from .operation import Answer, Operation

_ONE = "/api/v1/datasets/{dataset_id}"

OPERATIONS: dict[str, Operation] = {
    "POST /api/v1/datasets": Operation(
        id="v1_create_dataset",
        summary="Begin an upload",
        body=NewDataset,
        body_rules={
            "anyOf": [
                {
                    "properties": {
                        "catalogue": {"enum": ["platform", None]},
                        "resource": {"x-names": "resources of platform"},
                    }
                },
                {
                    "required": ["catalogue"],
                    "properties": {"catalogue": {"const": "ybb"}, "resource": {"x-names": "resources of ybb"}},
                },
            ]
        },
        answers={201: Answer(description="Where its pieces go.", shapes=(shapes.Dataset,), headers=("Location",))},
        refusals=(UnknownName, TooManyAtOnce),
    ),
    f"GET {_ONE}": Operation(
        id="v1_dataset_status",
        summary="What of an upload has arrived",
        answers={200: Answer(description="What has, and what is missing.", shapes=(shapes.Dataset,))},
    ),
    f"DELETE {_ONE}": Operation(
        id="v1_delete_dataset",
        summary="Forget an upload",
        answers={204: Answer(description="It is gone.")},
        refusals=(NotFound, Conflict),
    ),
    f"PUT {_ONE}/pieces/{{number}}": Operation(
        id="v1_put_piece",
        summary="Upload a piece",
        description="The same piece again changes nothing.",
        uploads=tuple(UPLOAD_MEDIA_TYPES),
        answers={
            200: Answer(description="It was there.", shapes=(shapes.Piece,)),
            201: Answer(description="It is new.", shapes=(shapes.Piece,)),
        },
        refusals=(
            *(NoData, InvalidRecord, InvalidFile, BadRequest, UnknownName, TooManyValues, TooManyBytes),
            *(NotFound, Conflict, StorageFull),
        ),
    ),
    f"POST {_ONE}/close": Operation(
        id="v1_close_dataset",
        summary="Say that all pieces are there",
        body=Completion,
        body_required=False,
        answers={200: Answer(description="It may be exported.", shapes=(shapes.Dataset,))},
        refusals=(NotFound, Conflict),
    ),
}
