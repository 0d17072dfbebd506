"""Schedules, in the words of dialect ``jobs``: every route and method."""

from exports.api.dialects import jobs_schedule_shapes as shapes
from exports.api.dialects import jobs_shapes
from exports.api.dialects.jobs_schedules import Changes, NewSchedule, When
from exports.exceptions import BadRequest, Conflict, ScheduleNotFound, TooManySchedules

from . import headers, shared
from .operation import Answer, Operation

_ALL = "/api/v1/import-export/schedules"
_ONE = f"{_ALL}/{{number}}"
_MISSING = (ScheduleNotFound,)
_TOLD = {200: Answer(description="As it is now.", shapes=(shapes.OneSchedule,))}

OPERATIONS: dict[str, Operation] = {
    f"POST {_ALL}": Operation(
        id="jobs_create_schedule",
        summary="Have an export made again and again",
        body=NewSchedule,
        answers={
            201: Answer(
                description="The schedule and its next runs.", shapes=(shapes.OneSchedule,), headers=("Location",)
            )
        },
        refusals=(*shared.WISH, Conflict, TooManySchedules),
    ),
    f"GET {_ALL}": Operation(
        id="jobs_list_schedules",
        summary="Your schedules, newest first",
        parameters=shared.page(
            status="`active` or `paused`.",
            export_type="A resource.",
            export_format="A format.",
            frequency="Such as `daily`.",
        ),
        answers={200: Answer(description="A page of them.", shapes=(shapes.ScheduleList,))},
        refusals=shared.LIST,
    ),
    f"POST {_ALL}/preview": Operation(
        id="jobs_preview_schedule",
        summary="What a recurrence would mean",
        description="Nothing is kept.",
        body=When,
        answers={200: Answer(description="In words, and its next runs.", shapes=(shapes.SchedulePreview,))},
        refusals=(BadRequest,),
    ),
    f"GET {_ONE}": Operation(
        id="jobs_get_schedule", summary="A schedule and its next runs", answers=_TOLD, refusals=_MISSING
    ),
    f"PATCH {_ONE}": Operation(
        id="jobs_change_schedule",
        summary="Change a schedule",
        description="What is left out stays; what is null is the usual.",
        body=Changes,
        answers=_TOLD,
        refusals=(*shared.WISH, Conflict, *_MISSING),
    ),
    f"DELETE {_ONE}": Operation(
        id="jobs_delete_schedule",
        summary="End a schedule",
        description="The exports it made stay.",
        answers={200: Answer(description="No run follows.", shapes=(shapes.ScheduleEnded,))},
        refusals=_MISSING,
    ),
    f"POST {_ONE}/run": Operation(
        id="jobs_run_schedule",
        summary="Make a schedule's export now",
        parameters=(headers.IDEMPOTENCY_KEY,),
        answers={
            202: Answer(description="The job.", shapes=(jobs_shapes.OneJob,), headers=("Location", "Retry-After")),
        },
        refusals=(*shared.CREATE, *_MISSING),
    ),
    f"POST {_ONE}/pause": Operation(
        id="jobs_pause_schedule", summary="Let no run of a schedule follow", answers=_TOLD, refusals=_MISSING
    ),
    f"POST {_ONE}/resume": Operation(
        id="jobs_resume_schedule",
        summary="Let the runs of a schedule follow again",
        answers=_TOLD,
        refusals=(*_MISSING, BadRequest, Conflict),
    ),
    f"GET {_ONE}/runs": Operation(
        id="jobs_list_runs",
        summary="The jobs a schedule made, newest first",
        parameters=shared.page(status="A state, such as `completed`."),
        answers={200: Answer(description="A page of them.", shapes=(jobs_shapes.Jobs,))},
        refusals=(*shared.LIST, *_MISSING),
    ),
}
