import pytest
from django.template.loader import render_to_string
from django.urls import reverse


def test_missing_page_is_tidy(browser):
    response = browser.get("/exports/nonsense/")
    assert response.status_code == 404
    assert "Nothing here" in response.content.decode()
    assert reverse("portal:history") in response.content.decode()


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_error_page_needs_no_context(name):
    assert "YBB Export Portal" in render_to_string(name)
