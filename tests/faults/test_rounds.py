"""R1 to R8: a round of every kind of fault; `bin/faults` plays hundreds of the same."""

import pytest

from .rounds import KINDS, play

SEED = 1
SHORT = {
    "workers": ("sqlite", "postgresql", "redis"),
    "readers": ("postgresql",),
    "web": ("postgresql",),
    "zombie": ("postgresql",),
    "database": ("postgresql",),
    "broker": ("redis",),
    "disk": ("sqlite",),
    "steps": ("sqlite",),
    "race": ("postgresql",),
    "downloads": ("sqlite",),
    "twins": ("postgresql",),
}
"""Kinds and places; how often poison is started is in test_poison.py."""


@pytest.mark.parametrize(("kind", "place"), [(kind, place) for kind, places in SHORT.items() for place in places])
def test_every_promise_is_kept(kind: str, place: str, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        result = play(KINDS[kind], place, SEED)
    assert not result.sentences, "\n".join(result.sentences)
    assert result.faults
    assert result.accepted
