"""Telling somebody: one attempt, what came of it, and when it is tried again."""

import logging
import random
import time
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.module_loading import import_string

from exports.exceptions import NotDelivered
from exports.models import Notice

logger = logging.getLogger(__name__)

CHANNELS = {
    Notice.Channel.EMAIL: "exports.delivery.email.send",
    Notice.Channel.WEBHOOK: "exports.delivery.webhooks.send",
}
"""What sends a notice; it returns the status the other server answered with, or raises NotDelivered."""
PAUSES = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds between attempts: ten of them within three days (Standard Webhooks, "Retry schedule")."""
LONGEST_WISH = 86_400
"""Seconds that a server may put the next attempt off."""
JITTER = 0.2
"""Share by which a pause is longer at most, so that many notices do not come back at once."""


def deliver(notice: Notice) -> None:
    """Try once to tell a notice that is claimed."""
    started = time.perf_counter()
    status, error, again_at = None, "", None
    try:
        status = import_string(CHANNELS[Notice.Channel(notice.channel)])(notice)
    except NotDelivered as refused:
        status, error = refused.status, str(refused)
        again_at = None if refused.for_good else _next_attempt(notice, refused.retry_after)
    except Exception as unforeseen:
        # Its text may quote an address or a secret.
        logger.error("Notice %s: %s", notice.public_id, type(unforeseen).__name__)
        error, again_at = type(unforeseen).__name__, _next_attempt(notice)
    notice.note(seconds=round(time.perf_counter() - started, 3), status=status, error=error, again_at=again_at)


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """Return when it is tried again after so many attempts; None where those were all."""
    if attempts > len(PAUSES):
        return None
    pause = PAUSES[attempts - 1] * (1 + random.uniform(0, JITTER))  # noqa: S311 - no secret
    return now + timedelta(seconds=pause)


def _next_attempt(notice: Notice, wish: float = 0) -> datetime | None:
    """Return the plan's next moment, or the one that the other server wishes for where that is later."""
    now = timezone.now()
    planned = next_attempt(notice.attempts_of_plan, now)
    return planned and max(planned, now + timedelta(seconds=min(wish, LONGEST_WISH)))
