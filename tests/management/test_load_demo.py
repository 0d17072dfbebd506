import io
import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.utils import timezone

from exports.models import ApiClient, ExportAnalytics, ExportFile, ExportLog, ExportRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    return tmp_path / "deep" / "demo.json"


def load(file):
    out = io.StringIO()
    call_command("load_demo", file=file, stdout=out)
    return out.getvalue()


def credentials(file):
    return json.loads(file.read_text())


def snapshot():
    rows = [
        list(model.objects.order_by("pk").values()) for model in (ExportRequest, ExportFile, ExportLog, ExportAnalytics)
    ]
    return rows, list(User.objects.order_by("pk").values("username", "password")), list(ApiClient.objects.values())


def test_credentials_work_and_only_the_owner_can_read_them(file, client):
    out = load(file)
    demo = credentials(file)
    assert file.stat().st_mode & 0o777 == 0o600
    for role in ("admin", "staff", "registrar"):
        assert client.login(**demo[role])
        assert demo[role]["password"] in out
    assert ApiClient.objects.get_from_key(demo["api_key"]).name == "ybb-website"
    assert demo["api_key"] in out
    assert User.objects.get(username="admin").is_superuser


def test_staff_sees_all_and_registrar_only_own_exports(file):
    load(file)
    staff, registrar = User.objects.get(username="staff"), User.objects.get(username="registrar")
    assert staff.is_staff
    assert registrar.is_staff
    assert staff.has_perm("exports.view_all")
    assert staff.has_perm("exports.view_exportlog")
    assert not registrar.get_all_permissions()
    assert ExportRequest.objects.filter(user=registrar).exists()


def test_second_run_changes_nothing(file):
    out = load(file)
    before, kept = snapshot(), file.read_bytes()
    assert load(file) == out
    assert snapshot() == before
    assert file.read_bytes() == kept


@pytest.mark.parametrize("harm", ["lost", "cut"])
def test_without_the_file_new_credentials_are_set_and_history_stays(file, client, harm):
    load(file)
    before, old = snapshot()[0], credentials(file)
    if harm == "lost":
        file.unlink()
    else:
        file.write_text(file.read_text()[:40])
    load(file)
    new = credentials(file)
    assert client.login(**new["admin"])
    assert not client.login(**old["admin"])
    assert ApiClient.objects.is_valid(new["api_key"])
    assert not ApiClient.objects.is_valid(old["api_key"])
    assert snapshot()[0] == before


def test_fresh_database_gets_the_kept_credentials(file, client):
    load(file)
    kept = credentials(file)
    ExportAnalytics.objects.all().delete()
    ExportFile.objects.all().delete()
    ExportLog.objects.all()._raw_delete("default")
    ExportRequest.objects.all().delete()
    User.objects.all().delete()
    ApiClient.objects.all().delete()
    load(file)
    assert credentials(file) == kept
    assert client.login(**kept["staff"])
    assert ApiClient.objects.is_valid(kept["api_key"])


def test_account_of_somebody_else_is_left_alone(file):
    User.objects.create_user("admin", "boss@example.com", "their own password")
    with pytest.raises(CommandError, match="not one of the demo"):
        load(file)
    assert User.objects.get().check_password("their own password")
    assert not file.exists()


def test_history_looks_like_a_year(file):
    load(file)
    now = timezone.now()
    exports = ExportRequest.objects.all()
    assert exports.count() == 600
    assert exports.latest("created_at").created_at < now - timedelta(hours=24)
    assert exports.earliest("created_at").created_at < now - timedelta(days=340)
    half = now - timedelta(days=183)
    assert exports.filter(created_at__gt=half).count() > 1.2 * exports.filter(created_at__lte=half).count()
    weekend = sum(export.created_at.weekday() > 4 for export in exports)
    assert weekend < 100
    states = dict(exports.values_list("state").annotate(Count("pk")))
    assert states["expired"] > 540
    assert states["failed"] >= 5
    assert states["cancelled"] >= 5
    assert {export.resource for export in exports} == {"participants", "payments", "ambassadors"}


def test_history_agrees_with_itself(file):
    load(file)
    for export in ExportRequest.objects.prefetch_related("files", "events").select_related("analytics"):
        parts = [part for part in export.files.all() if part.kind == "part"]
        events = list(export.events.all())
        assert len(parts) == export.parts_total
        assert sum(part.record_count for part in parts) == export.record_count
        assert (len(export.files.all()) > 1) == (export.strategy == "multi_file")
        assert events == sorted(events, key=lambda event: event.created_at)
        assert events[0].event == "initiated"
        assert events[-1].event == {"expired": "deleted"}.get(export.state, export.state)
        assert not export.files.ready().exists()
        assert bool(export.error_message) == (export.state == "failed")
        assert export.analytics.processing_time == pytest.approx(export.seconds, abs=0.01)
