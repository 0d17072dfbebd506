"""Dialect ``v1``: every route and method; ``uploads`` has those about uploads."""

from exports.api.dialects import v1_shapes as shapes
from exports.api.dialects.v1 import Body
from exports.exceptions import TooFast

from . import headers, shared, uploads, webhooks
from .operation import Answer, Operation

_ONE = "/api/v1/exports/{export_id}"

OPERATIONS: dict[str, Operation] = {
    "POST /api/v1/{resource}/export": Operation(
        id="v1_create_export",
        summary="Make an export",
        description="Answers with the file itself where it is ready in time.",
        body=Body,
        parameters=shared.CREATE_HEADERS,
        answers={
            200: Answer(
                description="The file, or what would come of it (`dry_run`).",
                shapes=(shapes.Estimated,),
                media_types=shared.FILES,
                headers=("X-Export-Id", *headers.RATE),
            ),
            202: Answer(
                description="It is being made.", shapes=(shapes.Queued,), headers=(*headers.LATER, *headers.RATE)
            ),
            500: Answer(description="It could not be made.", shapes=(shapes.Failed,)),
        },
        refusals=(*shared.CREATE, TooFast),
    ),
    "GET /api/v1/exports": Operation(
        id="v1_list_exports",
        summary="Your exports, newest first",
        parameters=shared.page(
            status="A state, such as `completed`.",
            resource_type="A resource.",
            format="A format.",
            template="A template.",
        ),
        answers={200: Answer(description="A page of them.", shapes=(shapes.Exports,))},
        refusals=shared.LIST,
    ),
    f"GET {_ONE}": Operation(
        id="v1_export_status",
        summary="How far an export is",
        answers={200: Answer(description="As it stands now.", shapes=(shapes.State,))},
    ),
    f"GET {_ONE}/logs": Operation(
        id="v1_export_logs",
        summary="What happened to an export",
        parameters=shared.PAGES,
        answers={200: Answer(description="A page of it, in order.", shapes=(shapes.Logs,))},
        refusals=(*shared.LIST, *shared.MISSING),
    ),
    f"GET {_ONE}/stream": shared.stream("v1_stream", shapes.Queued),
    f"POST {_ONE}/retry": Operation(
        id="v1_retry_export",
        summary="Ask for a failed export again",
        answers={202: Answer(description="A new export.", shapes=(shapes.Queued,), headers=("Location",))},
        refusals=shared.AGAIN,
    ),
    **shared.downloads(_ONE, "v1"),
    **uploads.OPERATIONS,
    **webhooks.OPERATIONS,
    "GET /api/schema": Operation(
        id="v1_api_schema",
        summary="This document",
        description="YAML with `Accept: application/yaml`. A person who has signed in to the portal needs no key.",
        answers={200: Answer(description="OpenAPI 3.1.", media_types=("application/json", "application/yaml"))},
        refusals=(),
    ),
}
