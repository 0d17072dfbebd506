"""Files over HTTP: whole or in ranges, known by their hash (RFC 9110, sections 13 and 14; RFC 9530)."""

import base64
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import IO

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import http_date, parse_etags
from rest_framework.request import Request

from exports import service
from exports.delivery.names import content_disposition
from exports.models import ExportRequest
from exports.types import FollowedFile, OpenedFile, Principal

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_BLOCK = 1 << 18


def file_response(request: Request, opened: OpenedFile) -> HttpResponseBase:
    """Answer with a file, the range of it that is asked for, or nothing where the caller has it or asks by HEAD.

    A POST, whose answer is the file it made, asks for the whole.
    """
    if request.method == "POST":
        return described(FileResponse(opened.file, content_type=opened.media_type), opened, size=opened.size)
    if _tag(opened) in parse_etags(request.headers.get("If-None-Match", "")):
        opened.file.close()
        return described(HttpResponse(status=HTTPStatus.NOT_MODIFIED), opened, size=None)
    if request.method == "HEAD":
        opened.file.close()
        return described(HttpResponse(content_type=opened.media_type), opened, size=opened.size)
    wanted = _wanted(request, opened)
    if wanted is None:
        return described(FileResponse(opened.file, content_type=opened.media_type), opened, size=opened.size)
    first, last = wanted
    if first > last:
        opened.file.close()
        response: HttpResponseBase = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        response["Content-Range"] = f"bytes */{opened.size}"
        return response
    response = StreamingHttpResponse(
        _blocks(opened.file, first, last - first + 1), status=HTTPStatus.PARTIAL_CONTENT, content_type=opened.media_type
    )
    response["Content-Range"] = f"bytes {first}-{last}/{opened.size}"
    return described(response, opened, size=last - first + 1)


def _followed_response(request: Request, followed: FollowedFile) -> HttpResponseBase:
    """Answer with a file while it is made: what nobody knows yet, such as its length, is not said."""
    response: HttpResponseBase
    if request.method == "HEAD":
        followed.blocks.close()
        response = HttpResponse(content_type=followed.media_type)
    else:
        response = StreamingHttpResponse(followed.blocks, content_type=followed.media_type)
    response["Content-Disposition"] = content_disposition(followed.name)
    response["Accept-Ranges"] = "none"
    # nginx would keep the first bytes back until it has many.
    response["X-Accel-Buffering"] = "no"
    return response


def _shows_breaks(request: Request) -> bool:
    """Tell whether a caller would notice that a body of unknown length ended early: in HTTP/1.0 it would not.

    Nor would it with Django's development server, which sends such a body as HTTP/1.0 does.
    """
    is_framed = request.META.get("SERVER_PROTOCOL") == "HTTP/1.1"
    return is_framed and not request.META.get("SERVER_SOFTWARE", "").startswith("WSGIServer")


def stream_response(
    request: Request, export: ExportRequest, principal: Principal, seconds: float
) -> HttpResponseBase | None:
    """Answer with a file as soon as there is something of it; None where there is nothing after so many seconds."""
    # By HEAD nothing leaves, so that is no download, and nothing to wait for.
    look_only = request.method == "HEAD"
    opened = service.open_stream(
        export, principal, seconds=0 if look_only else seconds, look_only=look_only, may_follow=_shows_breaks(request)
    )
    if opened is None:
        return None
    response = file_response(request, opened) if isinstance(opened, OpenedFile) else _followed_response(request, opened)
    response["X-Export-Id"] = str(export.public_id)
    return response


def described(response: HttpResponseBase, opened: OpenedFile, *, size: int | None) -> HttpResponseBase:
    """Say what the file is; the digest is that of the whole."""
    if size is not None:
        response["Content-Length"] = str(size)
        response["Content-Disposition"] = content_disposition(opened.name)
        response["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(opened.sha256)).decode()}:"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = _tag(opened)
    response["Last-Modified"] = http_date(opened.made_at.timestamp())
    return response


def _wanted(request: Request, opened: OpenedFile) -> tuple[int, int] | None:
    """Return the first and the last byte of the one range asked for; None for the whole, as for what is no range."""
    asked = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if asked is None or asked[0] == "bytes=-" or not _is_same(request, opened):
        return None
    if not asked[1]:
        # The last so many bytes.
        return max(opened.size - int(asked[2]), 0), opened.size - 1 if int(asked[2]) else -1
    first, last = int(asked[1]), int(asked[2]) if asked[2] else opened.size - 1
    if last < first and asked[2]:
        return None
    return (first, min(last, opened.size - 1)) if first < opened.size else (1, 0)


def _is_same(request: Request, opened: OpenedFile) -> bool:
    """Tell whether what the caller has a part of is this very file (If-Range)."""
    known = request.headers.get("If-Range")
    return known is None or known in (_tag(opened), http_date(opened.made_at.timestamp()))


def _tag(opened: OpenedFile) -> str:
    return f'"{opened.sha256}"'


def _blocks(file: IO[bytes], first: int, count: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        while count > 0 and (block := file.read(min(_BLOCK, count))):
            count -= len(block)
            yield block
