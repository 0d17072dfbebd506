"""Export jobs, known by a number, in the words of dialect ``jobs``."""

from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from exports import service

from .authentication import principal_of
from .dialects.jobs import Jobs
from .files import file_response
from .listing import filtered, page_of
from .views import CreateExport, DialectView

LOOKUPS = {"status": "state", "export_type": "resource", "export_format": "format"}


class JobView(DialectView):
    """A view of what only dialect ``jobs`` has words for."""

    dialect: Jobs


class ExportJobs(JobView, CreateExport):
    """``POST``: ask for an export; ``GET``: those of the caller, newest first."""

    def get(self, request: Request) -> Response:
        """Answer with a page of them."""
        rows = filtered(request, service.exports_for(principal_of(request)), LOOKUPS)
        return Response(self.dialect.listed(page_of(request, rows)))


class ExportJob(JobView):
    """``GET``: how far an export is."""

    def get(self, request: Request, number: int) -> Response:
        """Answer for an export the caller may see."""
        return Response(
            self.dialect.status(service.get_export_by_number(number, principal_of(request)), self.request_id)
        )


class JobDownload(JobView):
    """``GET``: the file."""

    def get(self, request: Request, number: int) -> HttpResponseBase:
        """Stream the file of an export the caller may see, or a range of it."""
        principal = principal_of(request)
        export = service.get_export_by_number(number, principal)
        return file_response(request, service.open_file(export, principal, look_only=request.method == "HEAD"))

    head = get
