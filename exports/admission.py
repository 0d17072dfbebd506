"""Who is let in: what a caller, the queue and the disk have room for.

Asked at the door, before anything is read, and again in the transaction that accepts an export, where requests come one
at a time: many at once would otherwise each count the same room and take it. What was accepted is never dropped.
"""

import math

from .catalogue import Policy
from .conf import conf
from .delivery import storage
from .exceptions import QueueFull, StorageFull, TooManyAtOnce
from .models import ExportRequest
from .models.request import ExportRequestQuerySet
from .progress import progress_of

STORED_TIMES = 3
"""How often the bytes of an export's records may lie in the storage: staged, as files, and as an archive of them."""
SHORTEST_WAIT, LONGEST_WAIT = 1, 300
"""Seconds after which a caller is asked to come back, whatever is foretold."""
ROOM_RETURNS = 60
"""Seconds after which a full disk is worth another try: files expire and ballast is deleted by the minute."""


def reserve(records: int) -> int:
    """Return the bytes of storage to keep free for an export whose records came as so many bytes."""
    return STORED_TIMES * records


def check_caller(owner: str, policy: Policy) -> None:
    """Refuse a caller who has as many exports under way as the policy allows.

    Raises:
        TooManyAtOnce: it says how many, and when to come back.
    """
    under_way = ExportRequest.objects.active().filter(owner=owner)
    if policy.max_concurrent is not None and under_way.count() >= policy.max_concurrent:
        raise TooManyAtOnce(limit=policy.max_concurrent, retry_after=_until_one_ends(under_way))


def check_queue() -> None:
    """Refuse everybody while the queue is full.

    Raises:
        QueueFull: it says how many the queue holds, and when to come back.
    """
    waiting = ExportRequest.objects.in_queue()
    if waiting.count() >= conf.max_queue:
        raise QueueFull(limit=conf.max_queue, retry_after=_until_one_ends(waiting))


def check_disk(needed: int) -> None:
    """Refuse what the storage may have no room for, once everything that was accepted is made.

    Raises:
        StorageFull: it says when to come back.
    """
    if storage.free_bytes() - ExportRequest.objects.reserved_bytes() - needed < conf.min_free_bytes:
        raise StorageFull(retry_after=ROOM_RETURNS)


def _until_one_ends(exports: ExportRequestQuerySet) -> int:
    left = [each.seconds_left for each in progress_of(exports).values() if each.seconds_left is not None]
    return math.ceil(min(max(min(left, default=LONGEST_WAIT), SHORTEST_WAIT), LONGEST_WAIT))
