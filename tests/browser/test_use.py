"""What people do in the portal, in a real browser."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from exports.models import ExportRequest
from tests.made import made_export

from .conftest import sign_in

CSP_WORDS = re.compile("Content Security Policy|Refused to", re.I)


def export_url(export):
    return reverse("portal:export", args=[export.public_id])


def test_progress_moves_and_the_page_ends_with_a_download(signed_in, owner, complaints):
    export = made_export("processing", user=owner, parts=2)
    page = signed_in()
    page.goto(export_url(export))
    expect(page.get_by_text("Writing 0 of 2,000 rows")).to_be_visible()
    export.files.filter(number=1).update(rows_done=1000)
    expect(page.get_by_text("Writing 1,000 of 2,000 rows")).to_be_visible(timeout=8_000)
    expect(page.locator("progress")).to_have_attribute("value", "50.0")
    expect(page.locator("#announcement")).to_have_text("50 percent of the rows are written.")
    ExportRequest.objects.filter(pk=export.pk).update(state="failed", error_message="The disk was full.")
    expect(page.get_by_text("The disk was full.")).to_be_visible(timeout=10_000)
    expect(page.locator("#announcement")).to_have_text("State of the export: Failed.")
    assert page.locator("#live").get_attribute("hx-get") is None
    assert complaints == []


def test_poll_survives_a_lost_connection(signed_in, owner):
    export = made_export("processing", user=owner)
    page = signed_in()
    page.clock.install()
    page.route("**/live/**", lambda route: route.abort(), times=1)
    page.goto(export_url(export))
    with page.expect_event("requestfailed"):
        page.clock.run_for(3_000)
    export.files.update(rows_done=700)
    with page.expect_response("**/live/**"):
        page.clock.run_for(16_000)
    expect(page.get_by_text("Writing 700 of 1,000 rows")).to_be_visible()


def test_focus_stays_on_the_button_while_the_page_polls(signed_in, owner):
    export = made_export("processing", user=owner)
    page = signed_in()
    page.goto(export_url(export))
    page.locator("#cancel").focus()
    with page.expect_response("**/live/**"):
        pass
    page.wait_for_timeout(200)
    assert page.evaluate("document.activeElement.id") == "cancel"


def test_list_follows_what_is_under_way(signed_in, owner, complaints):
    export = made_export("processing", user=owner)
    page = signed_in()
    page.goto("/")
    expect(page.get_by_text("0 %")).to_be_visible()
    export.files.update(rows_done=420)
    expect(page.get_by_text("42 %")).to_be_visible(timeout=8_000)
    assert complaints == []


def test_search_cancel_and_log_out(signed_in, owner, complaints):
    made_export("queued", user=owner, file_name="wanted.csv")
    made_export(user=owner, file_name="other.csv")
    page = signed_in()
    page.goto("/")
    page.get_by_label("File name or export ID").fill("wanted")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="other.csv", exact=True)).to_have_count(0)
    page.get_by_role("link", name="wanted.csv").click()
    page.get_by_role("button", name="Cancel the export").click()
    expect(page.get_by_text("The export was cancelled.")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert complaints == []


def test_download_button_saves_the_file(signed_in, owner):
    made_export(user=owner)
    page = signed_in()
    page.goto("/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download participants_completed.csv").click()
    assert download.value.path().read_bytes() == b"part 1"


def test_everything_is_reached_by_keyboard_and_shows_its_focus(signed_in, owner):
    made_export("processing", user=owner)
    made_export(user=owner)
    page = signed_in()
    page.goto("/")
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        focus = page.evaluate("""() => {
            const element = document.activeElement, style = getComputedStyle(element);
            const name = element.name || element.textContent.trim();
            return [element.tagName, name, style.outlineStyle, parseFloat(style.outlineWidth)];
        }""")
        if focus[0] == "BODY":
            break
        reached.append(focus[1])
        assert focus[2] == "solid", focus
        assert focus[3] >= 2, focus
    text = " ".join(reached)
    for words in (
        "Skip to the content",
        "Log out",
        "q",
        "resource",
        "Search",
        "Failed",
        "participants_processing.csv",
        "Download",
    ):
        assert words in text


def test_pages_work_without_javascript(open_page, owner):
    export = made_export("processing", user=owner)
    page = sign_in(open_page(java_script_enabled=False))
    page.get_by_role("link", name="participants_processing.csv").click()
    export.files.update(rows_done=500)
    page.get_by_role("link", name="Refresh").click()
    expect(page.get_by_text("Writing 500 of 1,000 rows")).to_be_visible()
    page.get_by_role("button", name="Cancel the export").click()
    expect(page.get_by_text("The export was cancelled.")).to_be_visible()


def test_admin_obeys_the_content_security_policy(signed_in, owner, complaints):
    owner.is_superuser = True
    owner.save()
    export = made_export(user=owner)
    page = signed_in()
    for name, args in [
        ("index", []),
        ("exports_exportrequest_changelist", []),
        ("exports_exportrequest_change", [export.pk]),
        ("exports_apiclient_add", []),
    ]:
        page.goto(reverse(f"admin:{name}", args=args))
    assert [text for text in complaints if CSP_WORDS.search(text)] == []
