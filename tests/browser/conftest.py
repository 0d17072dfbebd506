"""A real browser (Debian's Chromium, driven by Playwright) against the portal."""

import os
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from tests.made import PASSWORD, made_export, person, plain_static  # noqa: F401
from tests.services import require_service

ARGUMENTS = ["--no-sandbox", "--headless=new", "--disable-background-networking", "--disable-gpu"]
DESKTOP = {"width": 1280, "height": 800}
NARROW = {"width": 320, "height": 640}
"""What is left of a desktop at 400 % zoom, and a small phone."""


@pytest.fixture(scope="session", autouse=True)
def database_beside_playwright():
    """Playwright keeps an event loop in this thread; Django must not take its tests for asynchronous code."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    if before is not None:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(scope="session")
def chromium():
    path = require_service("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console complained about, over all pages of a test."""
    return []


@pytest.fixture
def open_page(chromium: Browser, live_server, complaints) -> Callable[..., Page]:
    """Return a function that opens a browser window."""
    contexts = []

    def open_page(**options) -> Page:
        context = chromium.new_context(base_url=live_server.url, viewport=DESKTOP, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def owner(transactional_db):
    return person("owner", "view_all", is_staff=True)


def sign_in(page: Page) -> Page:
    """Go in as the owner would and stand on the history."""
    page.goto("/login/")
    page.get_by_label("Username").fill("owner")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/")
    return page


@pytest.fixture
def signed_in(open_page, owner, live_server) -> Callable[..., Page]:
    """Return a function that opens a window in which the owner has signed in before."""

    def signed_in(**options) -> Page:
        client = Client()
        client.force_login(owner)
        page = open_page(**options)
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return page

    return signed_in


@pytest.fixture
def everything(owner):
    """One export in each state, as a person would find them."""
    warnings = [{"code": "kept_as_text", "column": "birthdate", "count": 3, "rows": [4, 17, 1200]}]
    exports = {
        state: made_export(state, user=owner, parts=3 if state in ("processing", "completed") else 1, warnings=warnings)
        for state in ("expired", "cancelled", "failed", "queued", "pending", "completed", "processing")
    }
    type(exports["failed"]).objects.filter(pk=exports["failed"].pk).update(staged_bytes=1)
    exports["processing"].files.parts().filter(number=1).update(rows_done=1000)
    exports["processing"].files.parts().filter(number=2).update(rows_done=340)
    return exports
