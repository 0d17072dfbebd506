"""``manage.py metrics`` prints document 004's line for each export that has ended."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.made import made_export

pytestmark = pytest.mark.django_db
PRINTED = (
    *("export_id", "export_type", "export_format", "start_time", "end_time", "total_records"),
    *("total_duration_seconds", "records_per_second", "file_size_bytes", "file_size_mb", "status", "error_message"),
)
"""Keys of the document's example, in its order."""


def printed(*options):
    out = io.StringIO()
    call_command("metrics", *options, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_export_that_has_ended_is_a_line_with_the_documents_keys():
    made = [made_export(state, resource="students") for state in ("completed", "expired", "failed", "processing")]
    lines = printed()
    assert [line["export_id"] for line in lines] == [export.pk for export in made[:3]]
    assert [line["status"] for line in lines] == ["completed", "completed", "failed"]
    assert all(tuple(line) == PRINTED for line in lines)
    assert (lines[0]["total_duration_seconds"], lines[0]["records_per_second"]) == (120.0, 8.3)
    assert lines[2]["error_message"] == "There is no room left to store the export."


def test_lines_are_chosen_by_age_and_resource():
    made_export(resource="courses")
    made_export(resource="students", created_at=timezone.now() - timedelta(days=9))
    new = made_export(resource="students")
    assert [line["export_id"] for line in printed("--days", "7", "--type", "students")] == [new.pk]
