"""Exports, people and files as the tests of pages need them, made in a line."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.test import override_settings
from django.utils import timezone

from exports.conf import conf
from exports.models import ExportAnalytics, ExportFile, ExportLog, ExportRequest, ExportSchedule
from exports.types import Principal

PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="session", autouse=True)
def plain_static():
    """Serve static files as they lie in the tree, so that no test needs collectstatic first; hash passwords fast.

    For the whole session, because the live server reads its settings once.
    """
    finders = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(
        STORAGES=settings.STORAGES | finders,
        WHITENOISE_AUTOREFRESH=True,
        WHITENOISE_USE_FINDERS=True,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


def person(name: str, *permissions: str, **values: Any) -> User:
    user = User.objects.create_user(name, password=PASSWORD, **values)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def made_export(state: str = "completed", **values: Any) -> ExportRequest:
    """Return an export with its files and first event; ``parts`` files, with an archive for more than one."""
    now = timezone.now()
    parts = values.pop("parts", 1)
    is_over = state in ("completed", "expired", "failed", "cancelled")
    user = values.get("user")
    export = ExportRequest.objects.create(
        **{
            "dialect": "ybb",
            "catalogue": "ybb",
            "resource": "participants",
            "template": "standard",
            "format": "csv",
            "columns": ["id", "email"],
            "filters": {"status": "approved"},
            "program_id": 101,
            "file_name": f"participants_{state}.{'zip' if parts > 1 else 'csv'}",
            "sheet_name": "Participants",
            "owner": Principal(user=user, client=values.get("client")).owner,
            "requester": user.get_username() if user else "somebody",
            "staged": "records-1",
            "strategy": "multi_file" if parts > 1 else "single_file",
            "lane": "high",
            "state": state,
            "record_count": 1000 * parts,
            "parts_total": parts,
            "parts_done": parts if state in ("completed", "expired") else 0,
            "created_at": now - timedelta(minutes=5),
            "started_at": None if state in ("pending", "queued") else now - timedelta(minutes=4),
            "completed_at": now - timedelta(minutes=3) if is_over else None,
            "expires_at": now + timedelta(hours=23) if state == "completed" else None,
            "error_code": "STORAGE_FULL" if state == "failed" else "",
            "error_message": "There is no room left to store the export." if state == "failed" else "",
        }
        | values
    )
    export.record(ExportLog.Event.INITIATED, "Asked for by a test")
    for number in range(1, parts + 1):
        _file(export, kind="part", number=number, of=parts, first_row=1000 * (number - 1) + 1, last_row=1000 * number)
    if parts > 1 and state == "completed":
        _file(export, kind="archive", number=1, of=1, first_row=1, last_row=1000 * parts)
    return export


def made_schedule(**values: Any) -> ExportSchedule:
    """Return a schedule of students, every day at two."""
    user, client = values.get("user"), values.get("client")
    return ExportSchedule.objects.create(
        **{
            "name": "students daily",
            "owner": Principal(user=user, client=client).owner,
            "requester": user.get_username() if user else "somebody",
            "dialect": "jobs",
            "resource": "students",
            "template": "standard",
            "format": "csv",
            "frequency": "daily",
            "next_run_at": timezone.now() + timedelta(hours=1),
        }
        | values
    )


def _file(export: ExportRequest, *, kind: str, number: int, **values: Any) -> None:
    content = f"{kind} {number}".encode()
    name = export.file_name if kind == "archive" else f"participants_{number}.csv"
    proof = {}
    if export.state == "completed":
        key = f"{export.public_id.hex}/{kind}-{number}"
        path = conf.storage_dir / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        proof = {"state": "ready", "key": key, "size": len(content), "sha256": sha256, "rows_done": 1000}
    ExportFile.objects.create(export=export, kind=kind, number=number, name=name, **values, **proof)


def made_analytics(export: ExportRequest) -> ExportAnalytics:
    return ExportAnalytics.objects.create(
        export=export,
        export_type=export.resource,
        template=export.template,
        format=export.format,
        dialect=export.dialect,
        state=export.state,
        record_count=export.record_count,
        file_count=export.parts_total,
        file_size=10,
        content_size=10,
        processing_time=0.1,
        records_per_second=10_000.0,
        custom_filename_used=False,
        multi_file_export=False,
        created_at=export.created_at,
    )
