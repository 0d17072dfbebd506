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
VALUE_BYTES = 24
"""What a value that is still to be read is taken to weigh."""
SHORTEST_WAIT, LONGEST_WAIT = 1, 300
"""Seconds after which a caller is asked to come back, whatever is foretold."""
ROOM_RETURNS = 60
"""Seconds after which a full disk is worth another try: files expire and ballast is deleted by the minute."""


def reserve(records: int) -> int:
    """Return the bytes of storage to keep free for an export whose records came as so many bytes."""
    return STORED_TIMES * records


def check(owner: str, policy: Policy, needed: int, *, waits: bool) -> None:
    """Refuse an export that needs so many bytes of storage, and the workers where it ``waits`` for them.

    Raises:
        TooManyAtOnce, QueueFull: they say how many are allowed, and when to come back.
        StorageFull: the storage may have no room for it once everything that was accepted is made.
    """
    exports = ExportRequest.objects.active()
    taken = exports.taken(owner)
    if policy.max_concurrent is not None and taken.own >= policy.max_concurrent:
        own = exports.filter(owner=owner)
        raise TooManyAtOnce(limit=policy.max_concurrent, retry_after=_until_one_ends(own))
    if storage.free_bytes() - taken.reserved_bytes - needed < conf.min_free_bytes:
        raise StorageFull(retry_after=ROOM_RETURNS)
    if waits and taken.in_queue >= conf.max_queue:
        raise QueueFull(limit=conf.max_queue, retry_after=_until_one_ends(exports.in_queue()))


def _until_one_ends(exports: ExportRequestQuerySet) -> int:
    left = [each.seconds_left for each in progress_of(exports).values() if each.seconds_left is not None]
    return math.ceil(min(max(min(left, default=LONGEST_WAIT), SHORTEST_WAIT), LONGEST_WAIT))
