"""The supervisor's messenger: tells notices, in a small process of its own.

Telling is no task, because a receiver that does not answer would keep a worker from making exports. It is not the
janitor's either, because nothing may keep that from its rounds. Any number of messengers do no harm to each other.
"""

import logging
import threading
import time

from django.db import close_old_connections

from exports.delivery import notices
from exports.models import Notice

logger = logging.getLogger(__name__)

SENDERS = 4
"""Notices that are told at once."""
POLL_SECONDS = 1.0
"""How often is looked for notices while there are none."""


def run() -> None:
    """Tell notices for ever."""
    for number in range(SENDERS - 1):
        threading.Thread(target=_send_for_ever, name=f"sender {number + 1}", daemon=True).start()
    _send_for_ever()


def tell_due() -> int:
    """Tell what is due, one after the other, and return how many notices that were."""
    told = 0
    while (notice := Notice.objects.claim_next()) is not None:
        notices.deliver(notice)
        told += 1
    return told


def _send_for_ever() -> None:
    while True:
        try:
            close_old_connections()
            tell_due()
        except Exception:
            logger.exception("Telling notices failed; it will be tried again")
        time.sleep(POLL_SECONDS)
