"""Who asked for an e-mail is reminded once, before files go that nobody has fetched."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exports.models import Notice
from exports.models.notice import EXPIRING
from exports.tasks.upkeep import upkeep
from tests.made import made_export

pytestmark = pytest.mark.django_db
TO = "staff@example.org"


@pytest.fixture(autouse=True)
def mail_is_on(settings):
    settings.EXPORTS_EMAIL_ENABLED = True


def kept(hours_left=20.0, retention_hours=168, notify_email=TO, **values):
    expires_at = timezone.now() + timedelta(hours=hours_left)
    return made_export(
        expires_at=expires_at, retention_hours=retention_hours, notify_email=notify_email, staged="-", **values
    )


def reminded():
    upkeep()
    return list(Notice.objects.filter(event=EXPIRING).values_list("export", "channel", "recipient"))


def test_one_reminder_is_written_however_often_one_looks():
    export = kept()
    assert reminded() == reminded() == [(export.pk, "email", TO)]


def test_two_hosts_that_look_at_once_write_one():
    export = kept()
    for _ in range(2):
        Notice.objects.remind_of([export])
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"hours_left": 25},
        {"hours_left": -1},
        {"retention_hours": 30},
        {"notify_email": ""},
    ],
)
def test_who_need_not_be_reminded_is_not(values):
    kept(**values)
    assert reminded() == []


def test_failed_export_is_none_to_be_reminded_of():
    made_export("failed", notify_email=TO, expires_at=timezone.now() + timedelta(hours=1), retention_hours=168)
    assert reminded() == []


def test_who_has_fetched_the_files_is_not_reminded():
    export = kept(parts=2)
    export.files.last().count_download()
    assert reminded() == []


@pytest.mark.parametrize(("setting", "value"), [("EXPORTS_EXPIRY_REMINDER_HOURS", 0), ("EXPORTS_EMAIL_ENABLED", False)])
def test_reminders_can_be_switched_off(settings, setting, value):
    kept()
    setattr(settings, setting, value)
    assert reminded() == []


def test_hours_are_the_operators(settings):
    settings.EXPORTS_EXPIRY_REMINDER_HOURS = 48
    export = kept(hours_left=40)
    assert [row[0] for row in reminded()] == [export.pk]
