"""What may be asked of an export besides its making, status and files."""

from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from exports import service
from exports.models.client import caller_address

from . import bodies
from .authentication import principal_of
from .dialects.platform import Platform
from .files import file_response
from .views import DialectView, public_id, require_length


class PlatformView(DialectView):
    """A view of what only dialect ``platform`` has words for."""

    dialect: Platform


class OneExport(PlatformView):
    """``DELETE``: forget the files."""

    def delete(self, request: Request, export_id: str) -> Response:
        """Delete what an export of the caller's has stored; its history stays, and one under way is cancelled."""
        principal = principal_of(request)
        export = service.get_export(public_id(export_id), principal)
        service.delete(export, principal)
        export.refresh_from_db()
        return Response(self.dialect.deleted(export))


class Resume(PlatformView):
    """``POST``: finish a failed export; files that are ready are kept."""

    def post(self, request: Request, export_id: str) -> Response:
        """Answer 202 with how far it is."""
        principal = principal_of(request)
        export = service.get_export(public_id(export_id), principal)
        service.resume(export, principal)
        export.refresh_from_db()
        return Response(self.dialect.status(export, self.request_id), status=202)


class Chunks(PlatformView):
    """``GET``: every file of an export, those to come too."""

    def get(self, request: Request, export_id: str) -> Response:
        """Answer for an export the caller may see."""
        return Response(self.dialect.chunks(service.get_export(public_id(export_id), principal_of(request))))


class EstimateExport(PlatformView):
    """``POST``: what an export would be."""

    def post(self, request: Request) -> Response:
        """Answer with numbers; nothing is kept."""
        require_length(request)
        body = bodies.decode(request.data, self.dialect.body)
        spec = self.dialect.spec(body, principal_of(request), timezone.now())
        return Response(self.dialect.estimated(service.estimate(spec)))


class QueueStatus(PlatformView):
    """``GET``: what the workers have before them, and where the caller's exports stand in it."""

    def get(self, request: Request) -> Response:
        """Answer for all lanes; of the exports, with the caller's own."""
        own = service.exports_for(principal_of(request)).active()
        return Response(self.dialect.queue(service.queue(), service.progress_of(own), list(own)))


class Stats(PlatformView):
    """``GET``: what the caller's exports have come to, and what is allowed."""

    def get(self, request: Request) -> Response:
        """Answer with totals and limits."""
        return Response(self.dialect.stats(service.totals(service.exports_for(principal_of(request)))))


class SignedDownload(DialectView):
    """``GET``: a file, for whoever has the link."""

    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request, token: str) -> HttpResponseBase:
        """Send the file that the link was made for."""
        # Mail programs and chats look at a link by HEAD before anybody follows it.
        look_only = request.method == "HEAD"
        return file_response(request, service.open_link(token, caller_address(request.META), look_only=look_only))

    head = get
