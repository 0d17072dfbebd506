"""How the portal says sizes, times and states."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exports.models import ExportLog, ExportRequest
from exports.templatetags import portal


def test_every_state_and_event_has_word_icon_and_colour():
    assert set(portal.STATES) == set(ExportRequest.State.values)
    assert set(portal.EVENTS) == set(ExportLog.Event.values)


def test_every_icon_is_in_the_sprite(settings):
    sprite = (settings.BASE_DIR / "static" / portal.SPRITE).read_text()
    for look in [*portal.STATES.values(), *portal.EVENTS.values()]:
        assert f'id="{look.icon}"' in sprite


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.021, "0.02 s"), (0.5, "0.5 s"), (9.94, "9.9 s"), (59, "59 s"), (185, "3 min 5 s"), (7_500, "2 h 5 min")],
)
def test_duration(seconds, words):
    assert portal.duration(seconds) == words


@pytest.mark.parametrize(("ago", "words"), [(5, "just now"), (200, "3 minutes ago"), (90_000, "1 day ago")])
def test_age(ago, words):
    assert portal.age(timezone.now() - timedelta(seconds=ago)).replace("\xa0", " ") == words


@pytest.mark.parametrize(("left", "words"), [(20, "within a minute"), (3_700, "in 1 hour")])
def test_time_left(left, words):
    assert portal.time_left(timezone.now() + timedelta(seconds=left)).replace("\xa0", " ") == words


def test_unknown_event_is_shown_by_its_name():
    assert portal.event_look("teleported").word == "teleported"
