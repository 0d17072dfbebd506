"""The portal in Indonesian: by the browser's wish, or by the choice in the footer."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from exports.models import ExportLog, LanguageChoice
from tests.made import made_export

HISTORY = reverse("portal:history")
INDONESIAN = {"Accept-Language": "id-ID,id;q=0.9,en;q=0.5"}


def page(browser, url, headers=INDONESIAN):
    return browser.get(url, headers=headers).content.decode().replace("\xa0", " ")


def export_url(export):
    return reverse("portal:export", args=[export.public_id])


def test_history_follows_the_browser(browser, owner):
    made_export(user=owner, record_count=31_000)
    html = page(browser, HISTORY)
    for words in (
        '<html lang="id">',
        "Portal Ekspor YBB",
        "Selesai",
        "Participants, standard, CSV",
        "31.000",
        "5 menit lalu",
        "dalam 22 jam",
        "Unduh",
    ):
        assert words in html


def test_progress_is_told_in_indonesian(browser, owner):
    export = made_export("processing", user=owner, parts=2)
    export.files.parts().filter(number=1).update(rows_done=1000)
    html = page(browser, export_url(export))
    assert "Menulis 1.000 dari 2.000 baris, sekitar" in html
    assert ", berkas 1 dari 2" in html
    assert '<progress max="100" value="50.0"' in html


def test_place_in_the_queue_is_told_in_indonesian(browser, owner):
    assert "Berikutnya dalam antrean" in page(browser, export_url(made_export("queued", user=owner)))
    assert "Nomor 2 dalam antrean" in page(browser, export_url(made_export("queued", user=owner)))


def test_timeline_translates_the_event_and_keeps_the_message_as_it_was_written(browser, owner):
    export = made_export("queued", user=owner)
    export.mark_cancelled(None)
    export.record(ExportLog.Event.RETRIED, "Its worker fell silent")
    timeline = page(browser, export_url(export)).split('class="timeline"')[1]
    assert "<strong>Diminta</strong>" in timeline
    assert '<strong>Dimulai lagi</strong> <span lang="en">Its worker fell silent</span>' in timeline
    assert "Dibatalkan" in timeline
    assert "Cancelled" not in timeline


def test_warnings_are_told_in_indonesian(browser, owner):
    warnings = [{"code": "kept_as_text", "column": "birth_date", "count": 1200, "rows": [4, 1700]}]
    html = page(browser, export_url(made_export(user=owner, warnings=warnings)))
    assert "1.200 nilai dalam kolom Birth date tidak sesuai" in html
    assert "ditulis sebagai teks (baris 4, 1.700)." in html


def test_times_are_written_as_indonesians_do(browser, owner):
    export = made_export(user=owner, created_at=datetime(2026, 8, 17, 10, 5, 9, tzinfo=UTC))
    assert "17 Agu 2026, 10.05.09" in page(browser, export_url(export))
    assert "17 Aug 2026, 10:05:09" in page(browser, export_url(export), headers={})


@pytest.mark.parametrize("state", ["pending", "queued", "processing", "completed", "failed", "cancelled", "expired"])
def test_every_state_has_its_indonesian_word(browser, owner, state):
    url = export_url(made_export(state, user=owner))
    word = re.compile(r'class="state state-\w+">.*?</svg>([^<]+)<', re.S)
    english, indonesian = (word.search(page(browser, url, headers))[1] for headers in ({}, INDONESIAN))
    assert english == state.capitalize()
    assert indonesian != english


def test_choice_is_remembered_and_wins_over_the_browser(browser, owner):
    came_from = HISTORY + "?tab=failed"
    response = browser.post(reverse("portal:language"), {"language": "id"}, headers={"Referer": came_from})
    assert response["Location"] == came_from
    cookie = response.cookies["django_language"]
    assert (cookie.value, cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("id", 31_536_000, True, "Lax")
    html = page(browser, HISTORY, {"Accept-Language": "en"})
    assert '<option value="id" lang="id" selected>Bahasa Indonesia</option>' in html
    assert '<option value="en" lang="en">English</option>' in html


@pytest.mark.parametrize("language", ["xx", "", "id'; DROP TABLE"])
def test_unknown_language_changes_nothing(browser, owner, language):
    response = browser.post(reverse("portal:language"), {"language": language})
    assert "django_language" not in response.cookies
    assert '<html lang="en">' in page(browser, HISTORY, {})


def test_choice_does_not_lead_to_another_site(browser, owner):
    response = browser.post(
        reverse("portal:language"), {"language": "id", "next": "https://elsewhere.example/"}, headers={}
    )
    assert response["Location"] == "/"


def test_choice_is_remembered_of_who_is_signed_in(browser, owner):
    for language in ("id", "en", "xx", "de"):
        browser.post(reverse("portal:language"), {"language": language})
    assert list(LanguageChoice.objects.values_list("user", "language")) == [(owner.pk, "en")]
    Client().post(reverse("portal:language"), {"language": "id"})
    assert LanguageChoice.objects.count() == 1
