"""The API reference in a real browser: everything from this server, under the portal's content security policy."""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from .conftest import sign_in


def test_reference_is_read_and_tried_after_signing_in(open_page, owner, complaints, live_server):
    page = open_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/docs")
    page.wait_for_url("**/login/?next=/api/docs")
    sign_in(page)
    page.get_by_role("link", name="API reference").click()
    expect(page.locator(".opblock-tag")).to_have_count(4, timeout=30_000)
    page.locator("#operations-ybb-ybb_health .opblock-summary-control").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response .response-col_status")).to_contain_text("200")
    assert {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))} == {
        urlsplit(live_server.url).netloc
    }
    assert complaints == []
