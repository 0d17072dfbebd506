"""One export: its progress while it is made, then its files, and everything that happened to it."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from exports import service
from exports.exceptions import Busy, Conflict, StorageFull
from exports.models import ExportFile, ExportRequest

from . import polling
from .access import PortalRequest, principal, signed_in

STOP_POLLING = 286
"""The status with which htmx is told that nothing more will come."""
SPOKEN_PERCENTAGES = (75, 50, 25)


@require_safe
@signed_in
def page(request: PortalRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show one export."""
    export = service.get_export(public_id, principal(request))
    return render(request, "exports/export.html", _context(export, polls=0))


@require_safe
@signed_in
def live(request: PortalRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the part of the page that changes, with the pause before the next look at it."""
    export = service.get_export(public_id, principal(request))
    context = _context(export, polls=polling.polls(request) + 1)
    context["speaks"] = request.GET.get("said") != context["milestone"].key
    return render(request, "exports/_live.html", context, status=200 if export.is_active else STOP_POLLING)


@require_POST
@signed_in
def cancel(request: PortalRequest, public_id: uuid.UUID) -> HttpResponse:
    """Stop an export."""
    asker = principal(request)
    if service.cancel(service.get_export(public_id, asker), asker):
        messages.success(request, _("The export was cancelled."))
    else:
        messages.info(request, _("The export had ended already, so there was nothing to cancel."))
    return redirect("portal:export", public_id)


@require_POST
@signed_in
def resume(request: PortalRequest, public_id: uuid.UUID) -> HttpResponse:
    """Have a failed export finished."""
    asker = principal(request)
    try:
        service.resume(service.get_export(public_id, asker), asker)
    except Conflict:
        messages.info(request, _("Only a failed export whose records are still kept can be started again."))
    except (Busy, StorageFull):
        messages.error(request, _("There is no room for another export at the moment. Try again in a few minutes."))
    else:
        messages.success(request, _("The export was started again."))
    return redirect("portal:export", public_id)


@require_POST
@signed_in
def delete(request: PortalRequest, public_id: uuid.UUID) -> HttpResponse:
    """Delete the files of an export before their time."""
    asker = principal(request)
    if service.delete(service.get_export(public_id, asker), asker):
        messages.success(request, _("The files were deleted. The history of the export stays."))
    else:
        messages.info(request, _("There were no files left to delete."))
    return redirect("portal:export", public_id)


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """A point on the way that is worth being read aloud."""

    key: str
    percentage: int = 0


def milestone(state: str, percentage: float) -> Milestone:
    """Return the last milestone an export has passed."""
    passed = next((mark for mark in SPOKEN_PERCENTAGES if percentage >= mark), 0) if state == "processing" else 0
    return Milestone(key=f"{state}-{passed}", percentage=passed)


def _context(export: ExportRequest, *, polls: int) -> dict[str, Any]:
    progress = service.progress(export) if export.is_active else None
    files = list(export.files.all())
    return {
        "export": export,
        "progress": progress,
        "milestone": milestone(export.state, progress.percentage if progress else 0),
        "polls": polls,
        "pause": polling.pause(polls),
        "parts": [file for file in files if file.kind == ExportFile.Kind.PART],
        "archive": next((file for file in files if file.kind == ExportFile.Kind.ARCHIVE), None),
        "events": export.events.all(),
    }
