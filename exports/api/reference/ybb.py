"""Dialect ``ybb``: every route and method."""

from exports.api.dialects import ybb_shapes as shapes
from exports.api.dialects.ybb import Body
from exports.exceptions import InvalidSheetName, NotFound

from . import headers, shared
from .operation import Answer, Operation

_ONE, _MANY = "/api/ybb/export/{export_id}", "/api/export/{export_id}"

OPERATIONS: dict[str, Operation] = {
    "GET /health": Operation(
        id="ybb_health",
        summary="Whether the service can do its work",
        answers={
            200: Answer(description="`degraded` while large exports find no worker.", shapes=(shapes.Health,)),
            503: Answer(description="The database is away.", shapes=(shapes.Unhealthy,)),
        },
        refusals=(),
    ),
    "GET /api/ybb/templates": Operation(
        id="ybb_list_templates",
        summary="Templates of every resource",
        answers={200: Answer(description="By resource and name.", shapes=(shapes.Templates,))},
        refusals=(),
    ),
    "GET /api/ybb/templates/{resource}": Operation(
        id="ybb_list_templates_of_resource",
        summary="Templates of one resource",
        answers={200: Answer(description="By name.", shapes=(shapes.TemplatesOfOne,))},
        refusals=(NotFound,),
    ),
    "GET /api/ybb/status-mappings": Operation(
        id="ybb_status_mappings",
        summary="Codes and their labels",
        answers={200: Answer(description="By mapping.", shapes=(shapes.StatusMappings,))},
        refusals=(),
    ),
    "POST /api/ybb/export/{resource}": Operation(
        id="ybb_create_export",
        summary="Make an export of the records that are sent",
        description="The call waits for the file for as long as `wait_seconds` of the dialect's policy says.",
        body=Body,
        # Nothing to pull from: the records come along, or were uploaded.
        body_rules={
            "anyOf": [
                {"required": ["data"], "properties": {"data": {"type": "array"}}},
                {"required": ["dataset_id"], "properties": {"dataset_id": {"type": "string", "minLength": 1}}},
            ]
        },
        parameters=shared.CREATE_HEADERS,
        answers={
            200: Answer(description="The files are ready.", shapes=(shapes.OneFile, shapes.ManyFiles)),
            202: Answer(description="It is being made.", shapes=(shapes.Processing,), headers=headers.LATER),
            500: Answer(description="It could not be made.", shapes=(shapes.Failed,)),
            507: Answer(description="There was no room for its file.", shapes=(shapes.Failed,)),
        },
        refusals=(*shared.CREATE, InvalidSheetName),
    ),
    f"GET {_ONE}/status": Operation(
        id="ybb_export_status",
        summary="How far an export is",
        answers={
            200: Answer(
                description="As it stands now.",
                shapes=(
                    *(shapes.OneFileStatus, shapes.ManyFilesStatus),
                    *(shapes.ProcessingStatus, shapes.FailedStatus),
                ),
            )
        },
    ),
    **shared.downloads(_ONE, "ybb"),
    **shared.downloads(_MANY, "ybb_printed"),
}
