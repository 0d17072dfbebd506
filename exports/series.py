"""Exports of the same wish, of which each may begin where the last one ended."""

import hashlib
from datetime import datetime, timedelta

import msgspec

from .models import ExportRequest
from .types import ExportSpec
from .validation import LAST_RUN, ValidSpec


def since_last_run(spec: ExportSpec, wish: ValidSpec) -> ValidSpec:
    """Return a wish for what changed since the last run as one for what changed since that moment; others as they are.

    Where nothing was exported yet, everything is wanted.
    """
    if wish.since != LAST_RUN:
        return wish
    newest = ExportRequest.objects.newest_change(series(spec, wish))
    return wish.changed_since(_before(newest, wish.resource.watermark_overlap) if newest else "")


def _before(moment: str, seconds: int) -> str:
    if not seconds:
        return moment
    return (datetime.fromisoformat(moment) - timedelta(seconds=seconds)).isoformat(sep=" ")


def series(spec: ExportSpec, wish: ValidSpec) -> str:
    """Return what is the same in exports of the same wish.

    How many records are wanted at most does not matter: one that was limited is never what another goes on from.
    """
    filters = {name: value for name, value in spec.filters.items() if not wish.resource.limits(name)}
    options = {name: value for name, value in spec.options.items() if name != "since"}
    columns = [column.name for column in wish.columns]
    # Whoever sends records may have left some out, so that a database must not go on from them.
    origin = (wish.in_database, wish.resource.catalogue, wish.resource.name)
    # Whoever may export more by now wants everything once more.
    same: tuple[object, ...] = (*origin, columns, spec.program_id, filters, options, *wish.masked)
    if spec.run is not None:
        # What somebody exports besides must not be missing in the next run.
        same = (*same, "schedule", spec.run.schedule)
    return hashlib.sha256(msgspec.json.encode((spec.principal.owner, same), order="sorted")).hexdigest()
