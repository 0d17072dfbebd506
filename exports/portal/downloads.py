"""Sends files to people."""

import uuid
from typing import Any

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from exports import service
from exports.exceptions import NotFound

from .access import PortalRequest, principal, signed_in


@require_GET
@signed_in
def download(request: PortalRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Send the archive of an export, or its only file."""
    return _send(request, public_id)


@require_GET
@signed_in
def download_archive(request: PortalRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Send the archive that holds every file."""
    return _send(request, public_id, archive=True)


@require_GET
@signed_in
def download_part(request: PortalRequest, public_id: uuid.UUID, number: int) -> HttpResponseBase:
    """Send one file, counted from 1."""
    return _send(request, public_id, number=number)


def _send(request: PortalRequest, public_id: uuid.UUID, **which: Any) -> HttpResponseBase:
    asker = principal(request)
    export = service.get_export(public_id, asker)
    try:
        opened = service.open_file(export, asker, **which)
    except NotFound:
        return render(request, "exports/gone.html", {"export": export}, status=410)
    response = FileResponse(opened.file, as_attachment=True, filename=opened.name, content_type=opened.media_type)
    response["Content-Length"] = opened.size
    return response
