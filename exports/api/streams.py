"""Files over HTTP while they are made."""

from django.http import HttpResponseBase
from rest_framework.request import Request

from exports import service
from exports.conf import conf
from exports.models import ExportRequest
from exports.models.client import caller_address
from exports.types import Principal

from .authentication import principal_of
from .files import stream_response
from .views import DialectView, public_id


class _StreamView(DialectView):
    def streamed(self, request: Request, export: ExportRequest, principal: Principal) -> HttpResponseBase:
        """Answer with what leaves of an export, or 202 where nothing of it is there in time.

        Raises:
            NotFound: the export has ended without files.
        """
        response = stream_response(request, export, principal, conf.stream_wait_seconds)
        if response is None and not export.is_active:
            service.open_file(export, principal).file.close()
        return response or self.told(export)


class Stream(_StreamView):
    """``GET``: the file of an export."""

    def get(self, request: Request, export_id: str) -> HttpResponseBase:
        """Answer for an export the caller may see."""
        principal = principal_of(request)
        return self.streamed(request, service.get_export(public_id(export_id), principal), principal)


class SignedStream(_StreamView):
    """``GET``: the same for whoever has the link."""

    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request, token: str) -> HttpResponseBase:
        """Answer for the export that the link was made for."""
        return self.streamed(request, service.linked_stream(token), service.bearer(caller_address(request.META)))
