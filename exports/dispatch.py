"""The one place that hands work to a worker, or does it here and now.

A message carries ids and names one function. It is a hint: it may come twice, late or never, and each must be harmless,
because the rows decide. Tasks are named by dotted path, so that whoever asks need not import what a worker runs.
"""

from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django_q.tasks import async_task

from .conf import conf
from .types import Lane

RUN_EXPORT = "exports.tasks.run.run_export"
"""Makes one export."""
TAKE_TURN = "exports.tasks.run.take_turn"
"""Works for a while on the export whose turn it is in a lane: the one that is named, or another."""

RUN_SCHEDULE = "exports.tasks.schedules.ask_for_run"
"""Asks for the export that is due of one schedule."""


def enqueue(task: str, *ids: int, lane: str) -> None:
    """Send a message to a lane's workers, together with the caller's transaction.

    With the queue in the same database the message is part of the transaction and rolls back with it; with Redis it is
    sent when the transaction has been committed; a Redis that is away then is no error, for the sweep sends the message
    later. The queue keeps a failed task for a while and a successful one not at all: the rows tell what became of it.

    Raises:
        ValueError: there is no such lane; a message to it would wait for ever.
    """
    options: dict[str, Any] = {"cluster": Lane(lane).value, "ack_failure": True, "save": False}

    def send() -> None:
        async_task(task, *ids, q_options=options)

    if _queue_is_in(connection.alias) or not connection.in_atomic_block:
        send()
    else:
        transaction.on_commit(send, robust=True)


def send_turns(export_id: int, lane: str, *, parts: int) -> None:
    """Send a message to each of the workers that may share so many parts of an export, at least none."""
    for _ in range(min(parts, conf.parallel_parts)):
        enqueue(TAKE_TURN, export_id, lane=lane)


def run_here(task: str, *ids: int) -> None:
    """Run a task in this process, now."""
    import_string(task)(*ids)


def _queue_is_in(database: str) -> bool:
    return bool(settings.Q_CLUSTER.get("orm") == database)
