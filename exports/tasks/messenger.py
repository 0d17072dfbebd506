"""The supervisor's messenger: tells notices, in a small process of its own.

Telling is no task, because a receiver that does not answer would keep a worker from making exports. It is not the
janitor's either, because nothing may keep that from its rounds. Any number of messengers do no harm to each other.
"""

import logging
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections, connections

from exports.delivery import notices
from exports.models import Notice

logger = logging.getLogger(__name__)

SENDERS = 6
"""Notices that are told at once."""
SENDERS_OF_ONE = 2
"""Senders that the webhooks of one owner may hold at once: a receiver may take its time, and others wait behind it."""
POLL_SECONDS = 1.0
"""How often is looked for notices while there are none."""


class Messenger:
    """Hands notices that are due to senders, as many as there are."""

    def __init__(self) -> None:
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="sender")
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()
        """How many senders each owner's webhooks hold; e-mail is nobody's."""
        self._freed = threading.Event()

    def run(self) -> None:
        """Tell notices for ever."""
        while True:
            self._freed.clear()
            try:
                close_old_connections()
                self.hand_out()
            except Exception:
                logger.exception("Looking for notices failed; it will be tried again")
            self._freed.wait(POLL_SECONDS)

    def hand_out(self) -> None:
        """Give what is due to the senders that are free."""
        while self._held.total() < SENDERS:
            with self._lock:
                busy = [owner for owner, held in self._held.items() if owner and held >= SENDERS_OF_ONE]
            notice = Notice.objects.claim_next(busy=busy)
            if notice is None:
                return
            owner = notice.webhook.owner if notice.webhook else ""
            with self._lock:
                self._held[owner] += 1
            self._senders.submit(self._tell, notice, owner)

    def _tell(self, notice: Notice, owner: str) -> None:
        try:
            notices.deliver(notice)
        except Exception:
            logger.exception("Notice %s: what came of it could not be kept; it is told again", notice.public_id)
        finally:
            connections.close_all()
            with self._lock:
                self._held[owner] -= 1
            self._freed.set()


def run() -> None:
    """Tell notices for ever."""
    Messenger().run()


def tell_due() -> int:
    """Tell what is due, one after the other, and return how many notices that were."""
    told = 0
    while (notice := Notice.objects.claim_next()) is not None:
        notices.deliver(notice)
        told += 1
    return told
