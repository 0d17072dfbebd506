"""Dialect ``platform``: every route and method."""

from exports.api.dialects import platform_shapes as shapes
from exports.api.dialects import platform_system_shapes as system
from exports.api.dialects import platform_template_shapes as templates
from exports.api.dialects.platform import Body
from exports.api.templates import NewTemplate
from exports.exceptions import BadRequest, Conflict, FileNotFound, NotFound, TooManyBytes, UnknownName

from . import headers, shared
from .operation import Answer, Operation, Parameter

_ONE = "/api/export/{export_id}"
_TEMPLATE = "/api/templates/{template_id}"
_FINISHED = (shapes.OneFile, shapes.ManyFiles)

OPERATIONS: dict[str, Operation] = {
    "POST /api/export": Operation(
        id="platform_create_export",
        summary="Make an export",
        description="Filters are sent and the records are pulled; or they come along, or were uploaded before.",
        body=Body,
        parameters=shared.CREATE_HEADERS,
        answers={
            200: Answer(description="The files are ready.", shapes=_FINISHED),
            202: Answer(description="It is being made.", shapes=(shapes.Processing,), headers=headers.LATER),
            500: Answer(description="It could not be made.", shapes=(shapes.Failed,)),
        },
        refusals=shared.CREATE,
    ),
    "POST /api/export/estimate": Operation(
        id="platform_estimate_export",
        summary="What an export would be",
        description="Takes what `POST /api/export` takes; nothing is kept.",
        body=Body,
        answers={200: Answer(description="Numbers.", shapes=(system.Estimated,))},
        refusals=shared.WISH,
    ),
    "GET /api/export/queue/status": Operation(
        id="platform_queue_status",
        summary="What the workers have before them",
        answers={200: Answer(description="Lanes, and where your exports stand.", shapes=(system.Queue,))},
        refusals=(),
    ),
    "GET /api/export/stats": Operation(
        id="platform_stats",
        summary="What your exports have come to, and the limits",
        answers={200: Answer(description="Totals and limits.", shapes=(system.Stats,))},
        refusals=(),
    ),
    f"DELETE {_ONE}": Operation(
        id="platform_delete_export",
        summary="Forget an export's files",
        description="Its history stays; one under way is cancelled.",
        answers={200: Answer(description="Nothing is stored any more.", shapes=(shapes.Deleted,))},
    ),
    f"GET {_ONE}/status": Operation(
        id="platform_export_status",
        summary="How far an export is",
        answers={
            200: Answer(description="As it stands now.", shapes=(*_FINISHED, shapes.Processing, shapes.Failed)),
        },
    ),
    f"GET {_ONE}/chunks": Operation(
        id="platform_export_chunks",
        summary="Every file of an export, those to come too",
        answers={200: Answer(description="By number.", shapes=(shapes.Chunks,))},
    ),
    f"POST {_ONE}/resume": Operation(
        id="platform_resume_export",
        summary="Finish a failed export",
        description="Files that are ready are kept.",
        answers={202: Answer(description="It goes on.", shapes=(shapes.Processing,))},
        refusals=shared.AGAIN,
    ),
    "GET /api/templates": Operation(
        id="platform_list_templates",
        summary="Every template with fields and headers",
        parameters=(
            Parameter(
                name="catalogue",
                description="Whose: `platform`, unless this says `ybb`.",
                schema={"type": "string", "x-names": "catalogues"},
            ),
        ),
        answers={200: Answer(description="By resource and name.", shapes=(templates.Templates,))},
        refusals=(UnknownName,),
    ),
    "POST /api/templates": Operation(
        id="platform_save_template",
        summary="Make a template of your own, or a new version of it",
        description="Exports keep the version they were asked for with. What is the same gets no new version.",
        body=NewTemplate,
        answers={
            200: Answer(description="It was there; this is its newest version.", shapes=(templates.TemplateKept,)),
            201: Answer(description="It is new.", shapes=(templates.TemplateKept,)),
        },
        refusals=(BadRequest, UnknownName, TooManyBytes, Conflict),
    ),
    f"GET {_TEMPLATE}": Operation(
        id="platform_get_template",
        summary="A template of your own, with its versions",
        answers={200: Answer(description="The newest first.", shapes=(templates.OneTemplate,))},
    ),
    f"DELETE {_TEMPLATE}": Operation(
        id="platform_delete_template",
        summary="Take a template of your own from choice",
        description="Exports that were asked for with it stay as they are.",
        answers={200: Answer(description="It is gone.", shapes=(templates.TemplateDeleted,))},
    ),
    f"GET {_ONE}/stream": shared.stream("platform_stream", shapes.Processing),
    "GET /streams/{token}": shared.stream("platform_open_stream", shapes.Processing),
    "GET /files/{token}": Operation(
        id="platform_open_link",
        summary="Download a file by its signed link",
        description="What `file_url` leads to; whoever has the link needs no key.",
        parameters=(headers.RANGE, headers.IF_RANGE, headers.IF_NONE_MATCH),
        answers=shared.FILE_ANSWERS,
        refusals=(NotFound, FileNotFound),
    ),
}
