"""E-mail as a reader of mail shows it, on a small phone too."""

import pytest

from exports.delivery.letters import letter
from exports.models import LanguageChoice, Notice
from tests.made import made_export, person

from .conftest import DESKTOP, NARROW

pytestmark = pytest.mark.django_db
TO = "staff@example.org"


@pytest.fixture(autouse=True)
def sender(settings):
    settings.DEFAULT_FROM_EMAIL = "exports@portal.example"


@pytest.mark.parametrize("size", [NARROW, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("event", ["completed", "expiring", "failed"])
def test_nothing_is_cut_off(chromium, event, language, size):
    LanguageChoice.objects.create(user=person("ana", email=TO), language=language)
    state = "failed" if event == "failed" else "completed"
    warnings = [{"code": "kept_as_text", "column": "email", "count": 1_234_567, "rows": [1]}]
    export = made_export(
        state, parts=3, archive=False, file_name="W" * 196 + ".csv", requester="m" * 150, warnings=warnings
    )
    export.files.update(name="n" * 251 + ".csv")
    export.files.filter(kind="archive").delete()
    notice = Notice.objects.create(export=export, event=event, channel="email", recipient=TO)
    html = letter(notice).alternatives[0].content
    page = chromium.new_page(viewport=size)
    page.set_content(html)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    cut_off = (
        "[...document.querySelectorAll('td, th, p, h1, li')].filter(each => each.scrollWidth > each.clientWidth + 1)"
    )
    assert page.evaluate(f"{cut_off}.map(each => each.textContent)") == []
    assert page.locator("html").get_attribute("lang") == language
    page.close()
