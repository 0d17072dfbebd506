"""Work on one export."""

from django.db import transaction

from exports import dispatch, pipeline
from exports.models import ExportRequest
from exports.types import Lane


def run_export(export_id: int) -> None:
    """Build what is left of one export; when this worker's turn is over, another message carries on."""
    lane = pipeline.work_on(export_id)
    if lane is not None:
        with transaction.atomic():
            ExportRequest.objects.filter(pk=export_id).note_message()
            dispatch.enqueue(dispatch.RUN_EXPORT, export_id, lane=Lane(lane))
