import pytest
from django.urls import reverse

from exports.models import LaneHeartbeat
from exports.types import Lane

pytestmark = pytest.mark.django_db


def test_signs_of_life_are_listed_and_cannot_be_changed(browser):
    LaneHeartbeat.objects.answer("host-1", Lane.HIGH)
    row = LaneHeartbeat.objects.get()
    assert "host-1" in browser.get(reverse("admin:exports_laneheartbeat_changelist")).content.decode()
    page = reverse("admin:exports_laneheartbeat_change", args=[row.pk])
    assert browser.get(page).status_code == 200
    assert browser.post(page, {"host": "other"}).status_code == 403
