"""Links that a browser follows without a key."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from exports.delivery import links
from exports.exceptions import NotFound

EXPORT = uuid.UUID(int=7)


def test_link_is_for_one_file():
    token = links.token(EXPORT, 3, timezone.now() + timedelta(minutes=1))
    assert links.opened(token) == (EXPORT, 3)


def test_link_ends_with_its_file():
    with pytest.raises(NotFound):
        links.opened(links.token(EXPORT, 1, timezone.now() - timedelta(seconds=1)))


def test_link_of_another_installation_is_refused(settings):
    token = links.token(EXPORT, 1, timezone.now() + timedelta(minutes=1))
    settings.SECRET_KEY = "another"
    with pytest.raises(NotFound):
        links.opened(token)


@pytest.mark.parametrize("text", ["", "x", "a:b:c", "..", "é", "[1,2]:x:y"])
def test_what_is_no_link_is_refused(text):
    with pytest.raises(NotFound):
        links.opened(text)
