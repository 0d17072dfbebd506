"""Dialect ``jobs``: every route and method."""

from exports.api.dialects import jobs_shapes as shapes
from exports.api.dialects.jobs import Body

from . import headers, schedules, shared
from .operation import Answer, Operation

OPERATIONS: dict[str, Operation] = {
    "POST /api/v1/import-export/exports": Operation(
        id="jobs_create_export",
        summary="Make an export job",
        description="Answers at once.",
        body=Body,
        parameters=shared.CREATE_HEADERS,
        answers={202: Answer(description="The job.", shapes=(shapes.OneJob,), headers=headers.LATER)},
        refusals=shared.CREATE,
    ),
    "GET /api/v1/import-export/exports": Operation(
        id="jobs_list_exports",
        summary="Your jobs, newest first",
        parameters=shared.page(
            status="A state, such as `completed`.", export_type="A resource.", export_format="A format."
        ),
        answers={200: Answer(description="A page of them.", shapes=(shapes.Jobs,))},
        refusals=shared.LIST,
    ),
    "GET /api/v1/import-export/exports/{number}": Operation(
        id="jobs_export_status",
        summary="How far a job is",
        answers={200: Answer(description="As it stands now.", shapes=(shapes.OneJob,))},
    ),
    "GET /api/v1/export-jobs/{number}/download": shared.download("jobs_download", "the file of a job"),
    **schedules.OPERATIONS,
}
