"""E-mail over a real SMTP server: what arrives, what is tried again, what nobody may slip in."""

import logging
import re
import socket
import threading

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exports.delivery import email
from exports.delivery.letters import MOST_LINKS
from exports.exceptions import BuildError
from exports.models import ExportRequest, LanguageChoice, Notice
from exports.models.notice import EXPIRING
from exports.tasks.messenger import tell_due
from exports.types import Principal
from tests.made import made_export, person

pytestmark = pytest.mark.django_db
TO = "Canary-4411@example.org"
HEADERS = {
    *("Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted"),
}


def noticed(state="completed", event="", **values):
    """Return the notice of an export that has ended."""
    export = made_export(state, notify_email=TO, **values)
    return Notice.objects.create(export=export, event=event or state, channel="email", recipient=TO)


def told(notice):
    """Try once, whenever it is due, and return the notice as it is then."""
    Notice.objects.filter(pk=notice.pk).update(due_at=timezone.now())
    tell_due()
    notice.refresh_from_db()
    return notice


def received(box, notice):
    """Return the only mail that arrived."""
    told(notice)
    assert notice.state == "sent", notice.log.last()
    (mail,) = box.received
    return mail


def test_mail_says_what_was_made(box):
    warnings = [{"code": "kept_as_text", "column": "email", "count": 12, "rows": [3]}]
    notice = noticed(format="excel", record_count=5_000, warnings=warnings)
    notice.export.files.update(size=2_621_440)
    mail = received(box, notice)
    assert mail.message["Subject"] == "Your Excel export is ready (5,000 records, 2.5 MB)"
    for body in (mail.text, mail.html):
        for words in ("Participants", "Excel", "5,000", "2.5", "2 min 0 s", "12 values", str(notice.export.public_id)):
            assert words in body
        assert "email" not in body.replace("e-mail", "")


def test_headers_are_ours_and_the_recipient_is_one(box):
    notice = noticed()
    mail = received(box, notice)
    assert (mail.recipients, mail.sender) == ([TO], "exports@portal.example")
    assert set(mail.message.keys()) == HEADERS
    assert mail.message["Message-ID"] == f"<{notice.public_id}@portal.example>"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["Date"]


@pytest.mark.parametrize(("parts", "content"), [(1, b"part 1"), (3, b"archive 1")])
def test_link_of_the_mail_downloads_without_a_key(box, settings, tmp_path, parts, content):
    settings.STATIC_ROOT = tmp_path
    settings.EXPORTS_PUBLIC_URL = "https://exports.example.org"
    mail = received(box, noticed(parts=parts))
    (link,) = set(re.findall(r"https://exports\.example\.org(/files/[^\s\"]+)", mail.text + mail.html))
    answer = Client().get(link)
    assert b"".join(answer.streaming_content) == content


@pytest.mark.parametrize(("parts", "more"), [(3, ""), (MOST_LINKS + 2, "and 2 more files")])
def test_files_without_an_archive_are_listed(box, parts, more):
    notice = noticed(parts=parts, archive=False)
    notice.export.files.filter(kind="archive").delete()
    mail = received(box, notice)
    assert len(set(re.findall(r"/files/[^\s\"]+", mail.text))) == min(parts, MOST_LINKS)
    assert f">participants_{min(parts, MOST_LINKS)}.csv</a>" in mail.html
    assert more in mail.text


def test_page_is_the_one_of_the_portal(box, settings):
    settings.EXPORTS_PUBLIC_URL = "https://exports.example.org"
    notice = noticed()
    page = "https://exports.example.org" + reverse("portal:export", args=[notice.export.public_id])
    mail = received(box, notice)
    assert page in mail.text
    assert page in mail.html


@pytest.mark.parametrize(
    ("staged_bytes", "advice"), [(0, "Request it again."), (100, "it can be started again on its page")]
)
def test_failure_is_told_with_code_id_and_advice(box, staged_bytes, advice):
    notice = noticed("failed", staged_bytes=staged_bytes)
    mail = received(box, notice)
    assert mail.message["Subject"] == "Your CSV export failed"
    for words in ("There is no room left to store the export.", "STORAGE_FULL", str(notice.export.public_id), advice):
        assert words in mail.text
        assert words in mail.html


def test_mail_is_in_the_language_its_reader_chose(box):
    LanguageChoice.objects.create(user=person("siti", email=TO.lower()), language="id")
    mail = received(box, noticed(format="excel", record_count=5_000))
    assert mail.message["Subject"].startswith("Ekspor Excel Anda sudah siap (5.000 baris")
    assert '<html lang="id">' in mail.html
    assert "Nama berkas: " in mail.text


HOSTILE = "<script>alert(1)</script>&\"'\r\nBcc: evil@example.com\r\n\r\nGET"


def test_text_of_callers_is_escaped_and_reaches_no_header(box):
    mail = received(box, noticed(file_name=HOSTILE, resource=HOSTILE[:60], requester=HOSTILE))
    assert (mail.recipients, set(mail.message.keys())) == ([TO], HEADERS)
    assert "evil" not in "".join(map(str, mail.message.values()))
    assert "<script" not in mail.html
    assert "&lt;script&gt;" in mail.html


def test_failure_of_a_hostile_sentence_is_escaped(box):
    mail = received(box, noticed("failed", error_message=HOSTILE, error_code="A\r\nBcc: x@y"[:40]))
    assert (mail.recipients, set(mail.message.keys())) == ([TO], HEADERS)
    assert "<script" not in mail.html


@pytest.mark.parametrize(
    "recipient", ["a@example.org,b@example.org", "a@example.org\r\nBcc: b@example.org", "a@example.org b@example.org"]
)
def test_recipient_that_slipped_in_gets_nothing(box, recipient):
    """The front door refuses these; a row that was written by other means must not reach two people either."""
    notice = noticed()
    Notice.objects.update(recipient=recipient)
    told(notice)
    assert (notice.state, box.asked_to) == ("given_up", [])


def test_refused_for_now_is_tried_again_and_arrives_once(box):
    box.rcpt_answers.append("451 4.7.1 Greylisted, try again later")
    notice = told(noticed())
    assert (notice.state, box.received, notice.log.get().status) == ("waiting", [], 451)
    assert notice.log.get().error == "The mail server refused the recipient: 451 4.7.1"
    assert received(box, notice).message["Message-ID"].startswith(f"<{notice.public_id}@")
    assert [attempt.status for attempt in notice.log.all()] == [451, 250]


@pytest.mark.parametrize(
    ("answers", "state", "error"),
    [
        ({"rcpt_answers": ["550 5.1.1 No such user Canary-4411"]}, "given_up", "refused the recipient: 550 5.1.1"),
        ({"data_answers": ["554 Canary-4411 looks like spam"]}, "given_up", "refused the message: 554"),
        ({"data_answers": ["452 4.2.2 Mailbox of Canary-4411 is full"]}, "waiting", "refused the message: 452 4.2.2"),
        ({"rcpt_answers": ["421 4.3.2 Going down"]}, "waiting", "refused the recipient: 421 4.3.2"),
    ],
)
def test_refusal_says_whether_it_is_for_good(box, caplog, answers, state, error):
    caplog.set_level(logging.DEBUG)
    for name, lines in answers.items():
        getattr(box, name).extend(lines)
    notice = told(noticed())
    assert (notice.state, notice.log.get().error) == (state, f"The mail server {error}")
    assert str(notice.public_id) in caplog.text
    assert "Canary-4411" not in caplog.text


def test_server_that_is_down_is_tried_again(mail_server, settings, caplog):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.EMAIL_PORT = closed.getsockname()[1]
    notice = told(noticed())
    assert (notice.state, notice.log.get().status) == ("waiting", None)
    assert notice.log.get().error == "The mail server could not be spoken to (ConnectionRefusedError)."
    assert TO not in caplog.text
    settings.EMAIL_PORT = mail_server.port
    assert received(mail_server.box, notice)


def test_server_that_says_nothing_is_hung_up_on(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EXPORTS_EMAIL_ENABLED, settings.DEFAULT_FROM_EMAIL = True, "exports@portal.example"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 0.3
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_PORT = silent.getsockname()[1]
        notice = told(noticed())
    assert (notice.state, notice.log.get().seconds < 5) == ("waiting", True)


def test_server_that_dribbles_is_hung_up_on(settings, monkeypatch):
    """Each word in time, and never the last one: the limit of a step alone would let another process begin as well."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EXPORTS_EMAIL_ENABLED, settings.DEFAULT_FROM_EMAIL = True, "exports@portal.example"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 20
    monkeypatch.setattr(email, "LONGEST", 0.5)
    over = threading.Event()

    def dribble(listening):
        line, _ = listening.accept()
        with line:
            line.sendall(b"220 mail.example.org\r\n")
            while not over.is_set():
                try:
                    line.sendall(b"250-mail.example.org\r\n")
                except OSError:
                    return
                over.wait(0.05)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.EMAIL_PORT = listening.getsockname()[1]
        thread = threading.Thread(target=dribble, args=(listening,))
        thread.start()
        notice = told(noticed())
        over.set()
        thread.join()
    assert (notice.state, notice.log.get().seconds < 10) == ("waiting", True)


def test_mail_that_was_switched_off_waits(box, settings):
    notice = noticed()
    settings.EXPORTS_EMAIL_ENABLED = False
    assert told(notice).state == "waiting"
    settings.EXPORTS_EMAIL_ENABLED = True
    assert received(box, notice)


def resumed(export):
    ExportRequest.objects.update(staged_bytes=1)
    assert export.mark_resumed(Principal())


def fetched(export):
    export.files.first().count_download()


@pytest.mark.parametrize(
    ("state", "event", "meanwhile"),
    [
        ("failed", "failed", resumed),
        ("completed", "completed", lambda export: export.mark_expired()),
        ("completed", EXPIRING, lambda export: export.mark_expired()),
        ("completed", EXPIRING, fetched),
    ],
)
def test_what_is_not_true_any_more_is_not_told(box, state, event, meanwhile):
    notice = noticed(state, event)
    meanwhile(notice.export)
    assert (told(notice).state, box.asked_to) == ("given_up", [])


def test_owner_reads_when_the_mail_was_sent(box):
    notice = noticed("failed")
    assert notice.export.email_sent_at is None
    told(notice)
    assert ExportRequest.objects.get().email_sent_at == notice.sent_at


def test_failing_export_is_told_by_mail(box):
    export = made_export("processing", notify_email=TO)
    export.mark_failed(BuildError())
    tell_due()
    assert [mail.message["Subject"] for mail in box.received] == ["Your CSV export failed"]
