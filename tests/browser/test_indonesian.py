"""Every page in Indonesian, whose words are longer; and the choice of the language."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.made import made_export

from .conftest import sign_in
from .test_accessibility import PAGES, check


def test_login(open_page, owner, complaints):
    page = open_page(locale="id-ID")
    page.goto(reverse("portal:login"))
    expect(page.get_by_role("button", name="Masuk")).to_be_visible()
    check(page, complaints, "login-id")


@pytest.mark.parametrize("name", PAGES)
def test_page(signed_in, everything, complaints, name):
    page = signed_in(locale="id-ID")
    page.goto(PAGES[name](everything))
    expect(page.locator("html")).to_have_attribute("lang", "id")
    check(page, complaints, f"{name}-id")


def test_language_is_chosen_by_keyboard_without_javascript(open_page, owner, complaints):
    made_export(user=owner)
    page = sign_in(open_page(java_script_enabled=False))
    page.goto(reverse("portal:history") + "?tab=completed")
    page.get_by_label("Language").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ekspor", exact=True)).to_be_visible()
    assert page.url.endswith("?tab=completed")
    page.get_by_role("link", name="participants_completed.csv", exact=True).click()
    expect(page.get_by_role("heading", name="Siap diunduh")).to_be_visible()
    page.get_by_label("Bahasa").select_option("English")
    page.get_by_role("button", name="Ubah").click()
    expect(page.get_by_role("heading", name="Ready to download")).to_be_visible()
    assert complaints == []
