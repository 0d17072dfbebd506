"""Who is let in: what a caller, the queue and the disk have room for.

Asked at the door, before anything is read, and again in the transaction that accepts an export, where requests come one
at a time: many at once would otherwise each count the same room and take it. What was accepted is never dropped.
"""

import math
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from . import catalogue
from .conf import conf
from .delivery import storage
from .exceptions import QueueFull, StorageFull, TooFast, TooManyAtOnce
from .models import ExportRequest
from .models.request import ExportRequestQuerySet
from .progress import progress_of

MINUTE = timedelta(minutes=1)
STORED_TIMES = 3
"""How often the bytes of an export's records may lie in the storage: staged, as files, and as an archive of them."""
VALUE_BYTES = 24
"""What a value that is still to be read is taken to weigh."""
SHORTEST_WAIT, LONGEST_WAIT = 1, 300
"""Seconds after which a caller is asked to come back, whatever is foretold."""
ROOM_RETURNS = 60
"""Seconds after which a full disk is worth another try: files expire and ballast is deleted by the minute."""


def reserve(records: int) -> int:
    """Return the bytes of storage to keep free for an export whose records came as so many bytes."""
    return STORED_TIMES * records


def check(owner: str, dialect: str, needed: int, *, waits: bool) -> None:
    """Refuse an export that needs so many bytes of storage, and the workers where it ``waits`` for them.

    Raises:
        TooManyAtOnce, TooFast, QueueFull: they say how many are allowed, and when to come back.
        StorageFull: the storage may have no room for it once everything that was accepted is made.
    """
    policy = catalogue.policy(dialect)
    exports = ExportRequest.objects.active()
    taken = exports.taken(owner)
    if policy.max_concurrent is not None and taken.own >= policy.max_concurrent:
        own = exports.filter(owner=owner)
        raise TooManyAtOnce(limit=policy.max_concurrent, retry_after=_until_one_ends(own))
    _check_rate(owner, dialect)
    if storage.free_bytes() - taken.reserved_bytes - needed < conf.min_free_bytes:
        raise StorageFull(retry_after=ROOM_RETURNS)
    if waits and taken.in_queue >= conf.max_queue:
        raise QueueFull(limit=conf.max_queue, retry_after=_until_one_ends(exports.in_queue()))


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """How many exports a caller may still ask for in the words of a dialect."""

    limit: int
    """In a minute."""
    remaining: int
    reset: int
    """Seconds until there is one more; 0 while none was used."""


def allowance(owner: str, dialect: str) -> Allowance | None:
    """Return what is left of a caller's minute; None where a dialect counts none."""
    rate = catalogue.policy(dialect).rate_per_minute
    if rate is None:
        return None
    asked = ExportRequest.objects.asked_lately(owner, dialect, MINUTE)[-rate:]
    until = (asked[0] + MINUTE - timezone.now()).total_seconds() if asked else 0
    return Allowance(limit=rate, remaining=rate - len(asked), reset=max(math.ceil(until), 0))


def _check_rate(owner: str, dialect: str) -> None:
    left = allowance(owner, dialect)
    if left is not None and not left.remaining:
        raise TooFast(limit=left.limit, retry_after=max(left.reset, 1))


def _until_one_ends(exports: ExportRequestQuerySet) -> int:
    left = [each.seconds_left for each in progress_of(exports).values() if each.seconds_left is not None]
    return math.ceil(min(max(min(left, default=LONGEST_WAIT), SHORTEST_WAIT), LONGEST_WAIT))
