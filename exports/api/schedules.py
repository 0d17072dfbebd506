"""Schedules: exports that are made again and again, in the words of dialect ``jobs``."""

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from exports import schedules
from exports.conf import conf
from exports.models import ExportSchedule

from . import bodies
from .authentication import principal_of
from .dialects import jobs_schedule_shapes as shapes
from .dialects import jobs_schedules as words
from .dialects.jobs import pages
from .idempotency import idempotency
from .jobs import JobView
from .listing import filtered, page_of
from .views import require_length, until_next_look

LOOKUPS = {"status": "state", "export_type": "resource", "export_format": "format", "frequency": "frequency"}


class Schedules(JobView):
    """``POST``: make a schedule; ``GET``: those of the caller, newest first."""

    def get(self, request: Request) -> Response:
        """Answer with a page of them."""
        page = page_of(request, filtered(request, schedules.kept_for(principal_of(request)), LOOKUPS))
        told = [words.told(schedule) for schedule in page.rows]
        answer: shapes.ScheduleList = {"success": True, "data": told, "pagination": pages(page)}
        return Response(answer)

    def post(self, request: Request) -> Response:
        """Answer with the schedule and its next runs."""
        require_length(request)
        said = words.created_of(bodies.decode(request.data, words.NewSchedule))
        schedule = schedules.create(principal_of(request), dialect=self.dialect.name, **said)
        headers = {"Location": f"/api/v1/import-export/schedules/{schedule.pk}"}
        return Response(_answer(schedule), status=201, headers=headers)


class Preview(JobView):
    """``POST``: what a recurrence would mean."""

    def post(self, request: Request) -> Response:
        """Answer with its meaning in words and its next runs; nothing is kept."""
        require_length(request)
        said = bodies.decode(request.data, words.When)
        wanted = schedules.recurrence(said.frequency, said.cron or "", said.time_zone or "UTC")
        schedules.check_pace(wanted.expression, conf.schedule_minutes)
        answer: shapes.SchedulePreview = {"success": True, "data": words.foretold(wanted, timezone.now())}
        return Response(answer)


class OneSchedule(JobView):
    """``GET``: a schedule; ``PATCH``: change it; ``DELETE``: end it."""

    def get(self, request: Request, number: int) -> Response:
        """Answer with a schedule the caller may see, and its next runs."""
        return Response(_answer(schedules.get(number, principal_of(request))))

    def patch(self, request: Request, number: int) -> Response:
        """Answer with the schedule as it is then; what the body leaves out stays."""
        require_length(request)
        principal = principal_of(request)
        schedule = schedules.owned(number, principal)
        said = words.changes_of(bodies.decode(request.data, words.Changes), schedule.filters)
        return Response(_answer(schedules.change(schedule, principal, **said)))

    def delete(self, request: Request, number: int) -> Response:
        """End it; the exports it made stay."""
        principal = principal_of(request)
        schedule = schedules.owned(number, principal)
        schedules.delete(schedule, principal)
        answer: shapes.ScheduleEnded = {"success": True, "data": {"id": schedule.pk, "status": "deleted"}}
        return Response(answer)


class Run(JobView):
    """``POST``: make its export now, out of turn."""

    def post(self, request: Request, number: int) -> Response:
        """Answer with the job; with an ``Idempotency-Key``, with that of the first call."""
        require_length(request)
        principal = principal_of(request)
        export = schedules.run_now(schedules.owned(number, principal), principal, idempotency(request))
        status, answer = self.dialect.created(export, self.request_id)
        headers = {"Location": self.dialect.address(export), "Retry-After": str(until_next_look(export))}
        return Response(answer, status=status, headers=headers)


class Pause(JobView):
    """``POST``: let no run follow until it is resumed; again changes nothing."""

    def post(self, request: Request, number: int) -> Response:
        """Answer with the schedule."""
        principal = principal_of(request)
        schedule = schedules.owned(number, principal)
        schedules.pause(schedule, principal)
        return Response(_answer(schedule))


class Resume(JobView):
    """``POST``: let its runs follow again; again changes nothing."""

    def post(self, request: Request, number: int) -> Response:
        """Answer with the schedule."""
        principal = principal_of(request)
        schedule = schedules.owned(number, principal)
        schedules.resume(schedule, principal)
        return Response(_answer(schedule))


class Runs(JobView):
    """``GET``: the jobs it made, newest first."""

    def get(self, request: Request, number: int) -> Response:
        """Answer with a page of them."""
        principal = principal_of(request)
        rows = schedules.runs(schedules.get(number, principal), principal)
        return Response(self.dialect.listed(page_of(request, filtered(request, rows, {"status": "state"}))))


def _answer(schedule: ExportSchedule) -> shapes.OneSchedule:
    return {"success": True, "data": words.told_in_full(schedule, timezone.now())}
