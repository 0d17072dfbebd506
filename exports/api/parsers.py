"""What goes in and out: bodies are taken as they are and decoded by whoever knows their shape; answers are JSON."""

import io
import sys
from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, UnsupportedMediaType
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from exports.sources.files import inflated


class BodyTooLarge(APIException):
    """The body is larger than the server takes."""

    status_code = 413
    default_code = "body_too_large"


class LengthRequired(APIException):
    """The body came in chunks, so that its size is unknown."""

    status_code = 411
    default_code = "length_required"
    default_detail = "Send the request body with a Content-Length, not in chunks."


class JSONBodyParser(BaseParser):
    """Hands a JSON body on as bytes."""

    media_type = "application/json"

    def parse(  # type: ignore[override]
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """Read the body.

        Raises:
            BodyTooLarge, UnsupportedMediaType: before anything is read.
        """
        meta = parser_context["request"].META if parser_context else {}
        encoding = meta.get("HTTP_CONTENT_ENCODING", "identity").lower()
        if encoding not in ("identity", "gzip", "x-gzip"):
            raise UnsupportedMediaType(
                encoding, f"Send the request body as it is, or with Content-Encoding gzip, not {encoding}."
            )
        limit, length = settings.DATA_UPLOAD_MAX_MEMORY_SIZE, int(meta.get("CONTENT_LENGTH") or 0)
        if limit is not None and length > limit:
            raise BodyTooLarge(f"The request body must not be larger than {limit:,} bytes; this one has {length:,}.")
        body = bytes(stream.read())
        # A bomb is refused when it has grown as large as any body may be.
        return body if encoding == "identity" else inflated(io.BytesIO(body), limit or sys.maxsize).read()


class JsonAlways(DefaultContentNegotiation):
    """Answers JSON whatever is accepted: who asks for a workbook gets it, or an error that can be read."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the only renderer."""
        renderer = next(iter(renderers))
        return renderer, renderer.media_type
