"""How often a page asks again: soon at first, then more and more seldom.

The page carries the number of its polls from one to the next, so that nothing about it is kept here.
"""

from django.http import HttpRequest

FIRST_PAUSE, LONGEST_PAUSE, BACK_OFF = 2, 15, 1.3
"""Seconds between two polls, and the factor by which they grow."""
MANY_POLLS = 1000


def polls(request: HttpRequest) -> int:
    """Return how many polls came before this request."""
    text = request.GET.get("polls", "")
    return min(int(text), MANY_POLLS) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def pause(polls: int) -> int:
    """Return the seconds until the next poll."""
    return round(min(FIRST_PAUSE * BACK_OFF ** min(polls, MANY_POLLS), LONGEST_PAUSE))
