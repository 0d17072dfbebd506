"""Exports that are made again and again, by themselves.

``recurrence.py`` and ``cron.py`` say when (pure arithmetic, no Django); ``owner.py`` for whom and ``wish.py`` what is
asked for; ``editing.py`` is what people do to a schedule; ``due.py`` is what the janitor and the workers do to it.
The rows and their moves are ``ExportSchedule``'s.
"""

from .cron import check_pace
from .editing import change, create, delete, get, kept_for, owned, pause, resume, run_now, runs
from .owner import principal_of
from .recurrence import SHOWN, Frequency, Recurrence, recurrence
from .wish import recurrence_of

__all__ = [
    "SHOWN",
    "Frequency",
    "Recurrence",
    "change",
    "check_pace",
    "create",
    "delete",
    "get",
    "kept_for",
    "owned",
    "pause",
    "principal_of",
    "recurrence",
    "recurrence_of",
    "resume",
    "run_now",
    "runs",
]
