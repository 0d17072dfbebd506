"""``manage.py metrics``: what exports cost, a JSON object a line (document 004, "Metrics Storage")."""

import json
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from exports.models import ExportRequest

_MEGABYTE = 1024 * 1024


class Command(BaseCommand):
    """Reads the rows of exports that have ended; nothing personal is in what it prints."""

    help = "Print what each export that has ended cost, a JSON object a line, oldest first."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to choose by."""
        parser.add_argument("--days", type=int, help="only exports asked for within so many days (default: all)")
        parser.add_argument("--type", dest="resource", help="only exports of this resource, such as students")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the lines."""
        ended = ExportRequest.objects.filter(state__in=ExportRequest.ENDED, completed_at__isnull=False).order_by("pk")
        if options["days"] is not None:
            ended = ended.filter(created_at__gte=timezone.now() - timedelta(days=options["days"]))
        if options["resource"]:
            ended = ended.filter(resource=options["resource"])
        for export in ended.prefetch_related("files").iterator(chunk_size=500):
            self.stdout.write(json.dumps(_metrics(export)))


def _metrics(export: ExportRequest) -> dict[str, Any]:
    seconds = max(export.seconds, 0.001)
    return {
        "export_id": export.pk,
        "export_type": export.resource,
        "export_format": export.format,
        "start_time": export.created_at.isoformat(timespec="seconds"),
        "end_time": export.completed_at and export.completed_at.isoformat(timespec="seconds"),
        "total_records": export.record_count,
        "total_duration_seconds": round(seconds, 3),
        "records_per_second": round(export.record_count / seconds, 1),
        "file_size_bytes": export.total_size,
        "file_size_mb": round(export.total_size / _MEGABYTE, 2),
        # That its files are gone by now says nothing of how it went.
        "status": "completed" if export.state == export.State.EXPIRED else export.state,
        "error_message": export.error_message or None,
    }
