from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from exports.models import ExportLog
from tests.made import made_export


def fetch(browser, name, *args):
    response = browser.get(reverse(f"portal:{name}", args=args))
    body = b"".join(response) if response.streaming else response.content
    return response, body


def test_only_file_is_sent_whole_with_its_name(browser, export):
    response, body = fetch(browser, "download", export.public_id)
    assert body == b"part 1"
    assert response["Content-Length"] == "6"
    assert response["Content-Disposition"] == 'attachment; filename="participants_completed.csv"'
    assert response["Content-Type"].startswith("text/csv")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_archive_and_each_file_can_be_had(browser, owner):
    export = made_export(user=owner, parts=2)
    assert fetch(browser, "download", export.public_id)[1] == b"archive 1"
    assert fetch(browser, "download-archive", export.public_id)[1] == b"archive 1"
    assert fetch(browser, "download-part", export.public_id, 2)[1] == b"part 2"


def test_name_outside_ascii_follows_rfc_8187(browser, owner):
    export = made_export(user=owner, file_name="peserta \N{EN DASH} Zoë.csv")
    response, _ = fetch(browser, "download-part", export.public_id, 1)
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''peserta%20%E2%80%93%20Zo%C3%AB.csv"


def test_download_is_logged_with_person_and_address(browser, export):
    fetch(browser, "download", export.public_id)
    event = ExportLog.objects.get(event="downloaded")
    assert (event.actor, event.address) == ("owner", "127.0.0.1")


@pytest.mark.parametrize("gone", ["expired", "overdue", "deleted", "no such file"])
def test_gone_file_says_so_with_410(browser, owner, storage, gone):
    values = {"expires_at": timezone.now() - timedelta(seconds=1)} if gone == "overdue" else {}
    export = made_export("expired" if gone == "expired" else "completed", user=owner, **values)
    if gone == "deleted":
        next(storage.glob("*/part-1")).unlink()
    number = 2 if gone == "no such file" else 1
    response, body = fetch(browser, "download-part", export.public_id, number)
    assert response.status_code == 410
    assert b"The files are gone" in body
