from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from exports.conf import conf
from exports.exceptions import BuildError
from exports.models import ExportLog
from exports.portal.export import milestone
from tests.made import made_export


def html(browser, export, name="export", **asked):
    response = browser.get(reverse(f"portal:{name}", args=[export.public_id]), asked)
    return response.content.decode().replace("\xa0", " ")


def test_progress_is_told_in_words_and_numbers(browser, owner):
    export = made_export("processing", user=owner, parts=2)
    export.files.parts().filter(number=1).update(rows_done=620)
    page = html(browser, export)
    for words in (
        "Writing 620 of 2,000 rows",
        '<progress max="100" value="31.0"',
        "620 of 1,000 rows written",
        "0 of 2",
    ):
        assert words in page


def test_waiting_export_says_its_place_in_the_queue(browser, owner):
    made_export("queued", user=owner)
    page = html(browser, made_export("queued", user=owner))
    assert "Number 2 in the queue" in page
    assert "Place in the queue" in page


def test_waiting_export_says_when_it_begins_and_how_long_it_will_take(browser, owner):
    for _ in range(2):
        made_export("queued", user=owner, record_count=300_000, format="pdf")
    page = html(browser, made_export("queued", user=owner, record_count=300_000, format="pdf"))
    for words in ("Number 3 in the queue, begins in about 30 s", "in about 30 s", "about 1 min 0 s"):
        assert words in page


def test_speed_is_told_while_rows_are_written(browser, owner):
    now = timezone.now()
    export = made_export("processing", user=owner, served_at=now - timedelta(seconds=61))
    until = now + timedelta(seconds=conf.lease_seconds - 1)
    export.files.update(lease_until=until, lease_token=export.public_id, rows_done=600)
    assert "10 rows a second" in html(browser, export)


def test_silent_worker_is_told_honestly(browser, owner):
    export = made_export("processing", user=owner)
    export.files.update(lease_until=timezone.now() - timedelta(seconds=5), lease_token=export.public_id, rows_done=500)
    assert "No word from its worker for 35 s; another will take over" in html(browser, export)


def test_finished_export_offers_its_files(browser, owner):
    export = made_export(user=owner, parts=3)
    page = html(browser, export)
    assert "Download all as ZIP" in page
    for file in export.files.all():
        assert file.sha256 in page
    for number in (1, 2, 3):
        assert reverse("portal:download-part", args=[export.public_id, number]) in page
    assert "1,001\N{EN DASH}2,000" in page
    assert "hx-get" not in page


def test_about_says_who_and_what(browser, owner):
    warnings = [
        {"code": "kept_as_text", "column": "birth_date", "count": 2, "rows": [4, 1200]},
        {"code": "shortened", "column": "notes", "count": 1, "rows": []},
    ]
    page = html(browser, made_export(user=owner, warnings=warnings, caller_user_id="17"))
    for words in (
        "for user 17",
        "Status: approved",
        "2 columns",
        "2 values in Birth date did not fit the column&#x27;s kind and were written as text (rows 4, 1,200).",
        "1 value in Notes: shortened.",
    ):
        assert words in page


def test_timeline_tells_each_event_with_its_actor(browser, export):
    export.record(ExportLog.Event.DOWNLOADED, "participants.csv")
    page = html(browser, export)
    assert "Asked for by a test" in page
    assert "Downloaded" in page
    assert "worker" in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("failed", "The disk was full."),
        ("cancelled", "The export was cancelled"),
        ("expired", "The files have expired"),
    ],
)
def test_export_without_files_says_why(browser, owner, state, words):
    page = html(browser, made_export(state, user=owner, error_message="The disk was full.", error_code="STORAGE_FULL"))
    assert words in page
    assert "/download/" not in page


def test_poll_goes_on_while_active_and_stops_at_the_end(browser, owner):
    export = made_export("processing", user=owner)
    url = reverse("portal:live", args=[export.public_id])
    response = browser.get(url, {"polls": 3})
    assert (response.status_code, response.context["pause"]) == (200, 6)
    export.mark_cancelled(None)
    response = browser.get(url)
    assert response.status_code == 286
    assert b"hx-trigger" not in response.content


def test_live_region_speaks_at_milestones_only(browser, owner):
    export = made_export("processing", user=owner)
    said = "processing-0"
    spoken = []
    for rows in (10, 240, 260, 400, 510, 990):
        export.files.update(rows_done=rows)
        page = html(browser, export, "live", said=said)
        if "hx-swap-oob" in page:
            spoken.append(rows)
        said = milestone("processing", rows / 10).key
    assert spoken == [260, 510, 990]


def test_without_javascript_there_is_a_refresh_link(browser, owner):
    export = made_export("queued", user=owner)
    noscript = html(browser, export).split("<noscript>")[1].split("</noscript>")[0]
    assert reverse("portal:export", args=[export.public_id]) in noscript


def test_cancel_stops_the_export_and_says_so(browser, owner):
    export = made_export("processing", user=owner)
    url = reverse("portal:cancel", args=[export.public_id])
    assert "The export was cancelled." in browser.post(url, follow=True).content.decode()
    assert "ended already" in browser.post(url, follow=True).content.decode()
    export.refresh_from_db()
    assert export.state == "cancelled"


def test_failed_export_is_started_again_by_its_button(browser, owner):
    export = made_export("failed", user=owner, parts=3, staged_bytes=1, parts_done=1)
    export.files.filter(number=1).update(state="ready", size=1, sha256="0")
    assert "1 of 3 files are ready and stay" in html(browser, export)
    url = reverse("portal:resume", args=[export.public_id])
    assert "The export was started again." in browser.post(url, follow=True).content.decode()
    export.refresh_from_db()
    assert export.state == "queued"
    assert "Only a failed export" in browser.post(url, follow=True).content.decode()


def test_failed_export_without_records_offers_no_button(browser, owner):
    page = html(browser, made_export("failed", user=owner))
    assert "the request can be sent again" in page
    assert 'id="resume"' not in page


def test_full_queue_is_said_and_the_export_stays_as_it_was(browser, owner, settings):
    settings.EXPORTS_MAX_QUEUE = 0
    export = made_export("failed", user=owner, staged_bytes=1)
    url = reverse("portal:resume", args=[export.public_id])
    assert "There is no room for another export" in browser.post(url, follow=True).content.decode()
    export.refresh_from_db()
    assert export.state == "failed"


def test_files_are_deleted_after_a_second_look(browser, owner):
    export = made_export("completed", user=owner)
    assert "Delete now" in html(browser, export)
    url = reverse("portal:delete", args=[export.public_id])
    assert "The files were deleted." in browser.post(url, follow=True).content.decode()
    assert "no files left" in browser.post(url, follow=True).content.decode()
    export.refresh_from_db()
    assert export.state == "expired"


def test_markup_in_every_text_is_escaped(browser, owner):
    evil = "<img src=x onerror=alert(1)>"
    export = made_export(
        "failed",
        user=owner,
        file_name=evil,
        requester=evil,
        caller_user_id=evil,
        error_message=evil,
        error_code=evil,
        filters={evil: evil},
        warnings=[{"code": evil, "column": evil, "count": 1, "rows": []}],
    )
    export.record(ExportLog.Event.FAILED, evil)
    assert "<img" not in html(browser, export)
    assert "<img" not in html(browser, export, "live")


def test_page_says_who_is_told_by_mail(browser, owner):
    export = made_export("processing", user=owner, notify_email="staff@example.org")
    assert "staff@example.org" in html(browser, export)
    assert "(when it has ended)" in html(browser, export)
    export.mark_failed(BuildError())
    assert "(Failed: Waiting)" in html(browser, export)
