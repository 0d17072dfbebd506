"""Who may be mailed, as each dialect asks for it: one good address, or a 400 that names the field."""

import pytest

from exports.delivery import notices
from exports.exceptions import BuildError
from exports.models import ExportLog, ExportRequest, Notice
from tests.delivery.test_addresses import REFUSED
from tests.made import person
from tests.smtp import MailServer

from .conftest import Caller

V1, JOBS, PLATFORM = "/api/v1/assets/export", "/api/v1/import-export/exports", "/api/export"
FIELDS = {V1: "email", JOBS: "notify_email", PLATFORM: "delivery_options.email_address"}
DATA = {V1: [{"id": 1, "name": "Laptop"}], JOBS: [{"id": 1}], PLATFORM: [{"id": 1, "full_name": "Ana"}]}


def body(path, address=None, wanted=True, group="delivery_options"):
    """Return a request that asks for an e-mail, as the dialect does."""
    if path == V1:
        return {"data": DATA[V1], "async": True, "email_notification": wanted, "email": address}
    if path == JOBS:
        return {"data": DATA[JOBS], "export_type": "students", "notify_email": address}
    options = {"email_notification": wanted, "email_address": address}
    return {"data": DATA[PLATFORM], "export_type": "participants", group: options}


@pytest.fixture(autouse=True)
def no_queue(settings):
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, "orm": "default"}
    settings.EXPORTS_EMAIL_ENABLED = True


@pytest.fixture
def own(new_client, db):
    """A caller that acts for a person."""
    return Caller(new_client("Acts", user=person("ana", email="ana@example.org"))[1])


@pytest.fixture
def box(settings):
    """What a real mail server receives."""
    with MailServer() as server:
        for name, value in server.settings.items():
            setattr(settings, name, value)
        yield server.box


@pytest.mark.parametrize("path", FIELDS)
def test_address_is_kept_with_the_export(caller, path):
    assert caller.post(body(path, "staff@example.org"), path).status_code in (200, 202)
    assert ExportRequest.objects.get().notify_email == "staff@example.org"


def test_options_may_stand_where_the_documents_own_php_has_them(caller):
    caller.post(body(PLATFORM, "staff@example.org", group="large_dataset_options"), PLATFORM)
    assert ExportRequest.objects.get().notify_email == "staff@example.org"


@pytest.mark.parametrize("path", [V1, PLATFORM])
def test_without_an_address_the_person_is_told_whom_the_client_acts_for(own, path):
    assert own.post(body(path), path).status_code in (200, 202)
    assert ExportRequest.objects.get().notify_email == "ana@example.org"


@pytest.mark.parametrize("path", [V1, PLATFORM])
def test_where_no_address_is_known_the_field_is_named(caller, nothing_stored, path):
    answer = caller.post(body(path), path)
    assert answer.status_code == 400
    assert answer.json()["details"]["field"].endswith("email_notification")


@pytest.mark.parametrize("path", [V1, PLATFORM])
def test_who_wants_no_mail_gets_none(own, path):
    own.post(body(path, "staff@example.org", wanted=False), path)
    assert ExportRequest.objects.get().notify_email == ""


@pytest.mark.parametrize("path", FIELDS)
@pytest.mark.parametrize("address", [address for address in REFUSED if address])
def test_bad_address_is_a_400_that_names_the_field(caller, nothing_stored, path, address):
    answer = caller.post(body(path, address), path)
    # No database keeps U+0000, so options that hold it are refused as a whole.
    is_kept_nowhere = path == PLATFORM and "\x00" in address
    assert (answer.status_code, field(answer)) == (400, "options" if is_kept_nowhere else FIELDS[path])


@pytest.mark.parametrize("path", FIELDS)
@pytest.mark.parametrize("address", [5, ["a@example.org", "b@example.org"], {"to": "a@example.org"}, True])
def test_address_of_another_kind_is_a_400_that_names_the_field(caller, nothing_stored, path, address):
    answer = caller.post(body(path, address), path)
    assert (answer.status_code, field(answer)) == (400, FIELDS[path])


@pytest.mark.parametrize("path", [V1, PLATFORM])
@pytest.mark.parametrize("wanted", ["yes", 1, [], {}])
def test_flag_that_is_none_is_a_400(own, nothing_stored, path, wanted):
    answer = own.post(body(path, "staff@example.org", wanted=wanted), path)
    assert (answer.status_code, field(answer).rpartition(".")[2]) == (400, "email_notification")


def field(answer):
    told = answer.json()
    return told.get("details", told.get("error", {}).get("details", {})).get("field")


@pytest.mark.parametrize("path", FIELDS)
def test_operator_says_where_mail_may_go(caller, settings, path):
    settings.EXPORTS_EMAIL_DOMAINS = ("example.org",)
    refused = caller.post(body(path, "staff@example.com"), path)
    assert (refused.status_code, field(refused)) == (400, FIELDS[path])
    assert caller.post(body(path, "staff@EXAMPLE.org"), path).status_code in (200, 202)


def test_dry_run_says_so_too(caller, nothing_stored):
    answer = caller.post({**body(V1, "a@b@example.org"), "dry_run": True}, V1)
    assert (answer.status_code, field(answer)) == (400, "email")


SENTENCE = "Export queued for processing."


@pytest.mark.parametrize(
    ("enabled", "message"), [(True, f"{SENTENCE} Email will be sent when complete."), (False, SENTENCE)]
)
def test_mail_is_promised_only_where_it_will_be_sent(caller, settings, enabled, message):
    settings.EXPORTS_EMAIL_ENABLED = enabled
    answer = caller.post(body(V1, "staff@example.org"), V1)
    assert (answer.status_code, answer.json()["message"]) == (202, message)
    assert ExportRequest.objects.get().notify_email == ("staff@example.org" if enabled else "")


@pytest.mark.parametrize("enabled", [True, False])
def test_job_and_platform_say_whether_mail_will_be_sent(caller, settings, enabled):
    settings.EXPORTS_EMAIL_ENABLED = enabled
    job = caller.post(body(JOBS, "staff@example.org"), JOBS).json()["data"]
    assert (job["notification_sent"], job["notification_email"]) == (False, "staff@example.org" if enabled else None)
    answer = caller.post(body(PLATFORM, "staff@example.org"), PLATFORM, HTTP_PREFER="respond-async").json()
    assert answer["data"]["email_notification"] is enabled


def test_owner_alone_reads_when_and_where_to_mail_was_sent(caller, new_client, box):
    number = caller.post(body(JOBS, "staff@example.org"), JOBS).json()["data"]["id"]
    export = ExportRequest.objects.get()
    export.mark_processing()
    export.mark_failed(BuildError())
    notices.deliver(Notice.objects.claim_next())
    job = caller.get(f"{JOBS}/{number}").json()["data"]
    assert (job["notification_sent"], job["notification_email"]) == (True, "staff@example.org")
    told = caller.get(f"/api/v1/exports/{export.public_id}").json()
    assert told["email_sent_at"].endswith("Z")
    assert Caller(new_client("Other")[1]).get(f"{JOBS}/{number}").status_code == 404


def test_export_without_mail_says_nothing_of_it(caller):
    caller.post({"data": DATA[V1], "async": True}, V1)
    assert "email_sent_at" not in caller.get(f"/api/v1/exports/{ExportRequest.objects.get().public_id}").json()


def test_small_export_that_is_answered_at_once_is_mailed_too(caller, box):
    answer = caller.post(body(PLATFORM, "staff@example.org"), PLATFORM)
    assert answer.json()["status"] == "success"
    notices.deliver(Notice.objects.claim_next())
    (mail,) = box.received
    assert answer.json()["data"]["file_name"] in mail.text


def test_host_header_reaches_no_mail(key, settings, box):
    """Who asks under another name than PUBLIC_URL must not have that name mailed to others."""
    settings.ALLOWED_HOSTS = ["*"]
    attacker = Caller(key, HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example")
    assert attacker.post(body(PLATFORM, "staff@example.org"), PLATFORM).status_code == 200
    notices.deliver(Notice.objects.claim_next())
    (mail,) = box.received
    assert "evil.example" not in mail.raw.decode()
    assert f"{settings.EXPORTS_PUBLIC_URL}/files/" in mail.text


CANARY = "Siti-Canary-7731"


def test_no_value_key_or_address_in_mail_or_log(caller, key, box, caplog):
    caplog.set_level("DEBUG")
    wish = {**body(PLATFORM, f"{CANARY}@example.org"), "data": [{"id": 1, "full_name": f"Value-{CANARY}"}]}
    assert caller.post(wish, PLATFORM).status_code == 200
    box.rcpt_answers.append(f"451 {CANARY} comes later")
    for _ in range(2):
        Notice.objects.update(due_at=ExportRequest.objects.get().created_at)
        notices.deliver(Notice.objects.claim_next())
    (mail,) = box.received
    assert f"Value-{CANARY}" not in mail.raw.decode()
    assert key not in mail.raw.decode()
    assert CANARY not in caplog.text
    assert key not in caplog.text
    assert CANARY not in "".join(ExportLog.objects.values_list("message", flat=True))


HOSTILE = ["x\r\nBcc: evil@example.com", "x\nSubject: y", "=?utf-8?q?a=0D=0ABcc:_evil=40example.com?=", "a" * 300]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["filename", "template", "format", "user_id", "sort_by"])
def test_no_field_reaches_a_header(caller, box, name, text):
    wish = body(PLATFORM, "staff@example.org")
    wish |= {"options": {name: text}} if name == "sort_by" else {name: text}
    answer = caller.post(wish, PLATFORM)
    if answer.status_code == 400:
        return
    notices.deliver(Notice.objects.claim_next())
    (mail,) = box.received
    assert (box.asked_to, mail.recipients) == (["staff@example.org"],) * 2
    assert set(mail.message.keys()) == {
        *("Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted"),
    }
