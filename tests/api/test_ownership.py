"""Each client sees its own exports; what is somebody else's does not exist."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone

from exports.models import ExportLog, ExportRequest

from .conftest import Caller

PATHS = [
    "/api/ybb/export/{id}/status",
    "/api/ybb/export/{id}/download",
    "/api/ybb/export/{id}/download/zip",
    "/api/ybb/export/{id}/download/batch/1",
    "/api/export/{id}/download",
    "/api/export/{id}/download/zip",
    "/api/export/{id}/download/batch/1",
]


@pytest.fixture
def mine(caller):
    return caller.export()["data"]["export_id"]


def body(answer):
    return {name: value for name, value in answer.json().items() if name != "request_id"}


@pytest.mark.parametrize("path", PATHS)
def test_export_of_another_client_is_answered_like_a_missing_one(mine, new_client, path):
    stranger = Caller(new_client("Other")[1])
    theirs, missing = stranger.get(path.format(id=mine)), stranger.get(path.format(id=uuid.uuid4()))
    assert theirs.status_code == missing.status_code == 404
    assert body(theirs) == body(missing)
    assert theirs.headers.keys() == missing.headers.keys()


@pytest.mark.parametrize("path", PATHS)
def test_nobody_gets_anything_without_a_key(mine, path):
    assert Caller().get(path.format(id=mine)).status_code == 401


@pytest.mark.parametrize("spelling", [str.upper, lambda text: text.replace("-", ""), lambda text: f"{{{text}}}"])
def test_own_export_is_found_in_every_spelling_of_its_id(caller, mine, spelling):
    assert caller.get(f"/api/ybb/export/{spelling(mine)}/status").status_code == 200


def test_clients_of_one_person_see_each_others_exports(new_client):
    person = get_user_model().objects.create_user("siti")
    one, other = (Caller(new_client(name, user=person)[1]) for name in ("One", "Other"))
    public_id = one.export()["data"]["export_id"]
    assert other.get(f"/api/ybb/export/{public_id}/status").status_code == 200


@pytest.mark.parametrize(("active", "status"), [(True, 200), (False, 404)])
def test_client_of_an_auditor_sees_everything_while_the_auditor_may(mine, new_client, active, status):
    auditor = get_user_model().objects.create_user("auditor", is_active=active)
    auditor.user_permissions.add(Permission.objects.get(codename="view_all"))
    caller = Caller(new_client("Audit", user=auditor)[1])
    assert caller.get(f"/api/ybb/export/{mine}/status").status_code == status


@pytest.mark.parametrize("path", PATHS)
def test_expired_export_is_not_found_before_anybody_has_swept(caller, mine, path):
    ExportRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = caller.get(path.format(id=mine))
    assert (answer.status_code, answer.json()["message"]) == (404, "Export not found or expired")


def test_refused_download_is_in_the_log(caller, mine):
    ExportRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    caller.get(f"/api/export/{mine}/download")
    assert ExportLog.objects.filter(event="denied", address="203.0.113.9").count() == 1
