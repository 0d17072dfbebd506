"""Every page in both themes, narrow and wide: WCAG 2.2 AA by axe-core, nothing clipped, no complaint of the browser.

``SCREENSHOTS=folder bin/test tests/browser`` keeps a picture of each.
"""

import io
import os
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from .conftest import DESKTOP, NARROW

AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = {
    "history": lambda made: reverse("portal:history"),
    "no-match": lambda made: reverse("portal:history") + "?q=nowhere",
    "missing": lambda made: "/exports/nothing/",
    **{
        state: (lambda made, state=state: reverse("portal:export", args=[made[state].public_id]))
        for state in ("queued", "processing", "completed", "failed", "cancelled", "expired")
    },
    "gone": lambda made: reverse("portal:download", args=[made["expired"].public_id]),
}


LOOKS = [(size, scheme) for size in (DESKTOP, NARROW) for scheme in ("light", "dark")]


def check(page, complaints, name):
    """Hold the page against the rules in each size and theme."""
    page.evaluate(AXE)
    for size, scheme in LOOKS:
        page.set_viewport_size(size)
        # Without motion no colour is caught on its way from one theme to the other.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=f"{folder}/{name}-{size['width']}-{scheme}.png", full_page=True)
        found = page.evaluate("rules => axe.run(rules)", RULES)["violations"]
        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == [], (size, scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (size, "scrolls sideways")
    # The browser reports an answer of 404 or 410 as an error; everything else counts.
    assert [text for text in complaints if "the server responded with a status of 4" not in text] == []


def test_login(open_page, owner, complaints):
    page = open_page()
    page.goto(reverse("portal:login"))
    check(page, complaints, "login")
    page.get_by_label("Username").fill("owner")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    assert "correct username" in page.get_by_role("alert").inner_text()
    check(page, complaints, "login-wrong")


@pytest.mark.parametrize("name", PAGES)
def test_page(signed_in, everything, complaints, name):
    page = signed_in()
    page.goto(PAGES[name](everything))
    check(page, complaints, name)


def test_history_of_a_year(signed_in, complaints, tmp_path):
    call_command("load_demo", file=tmp_path / "demo.json", stdout=io.StringIO())
    page = signed_in()
    page.goto(reverse("portal:history") + "?page=12")
    check(page, complaints, "year")
