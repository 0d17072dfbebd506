"""What callers have asked for so far: their exports, what happened to one, and asking for it again."""

from rest_framework.request import Request
from rest_framework.response import Response

from exports import service

from .authentication import principal_of
from .dialects.v1 import V1
from .listing import filtered, page_of
from .views import DialectView, public_id

LOOKUPS = {"status": "state", "resource_type": "resource", "format": "format", "template": "template"}


class V1View(DialectView):
    """A view of what only dialect ``v1`` has words for."""

    dialect: V1


class Exports(V1View):
    """``GET``: the caller's exports, newest first."""

    def get(self, request: Request) -> Response:
        """Answer with a page of them."""
        rows = filtered(request, service.exports_for(principal_of(request)), LOOKUPS)
        return Response(self.dialect.listed(page_of(request, rows)))


class Logs(V1View):
    """``GET``: what happened to an export, in order."""

    def get(self, request: Request, export_id: str) -> Response:
        """Answer with a page of its events."""
        export = service.get_export(public_id(export_id), principal_of(request))
        return Response(self.dialect.logs(export, page_of(request, export.events.all())))


class Retry(V1View):
    """``POST``: ask for a failed export again."""

    def post(self, request: Request, export_id: str) -> Response:
        """Answer 202 with the new export, which points to the failed one."""
        principal = principal_of(request)
        again = service.retry(service.get_export(public_id(export_id), principal), principal)
        status, answer = self.dialect.created(again, self.request_id)
        return Response(answer, status=status, headers={"Location": self.dialect.address(again)})
