"""Makes exports misbehave when their ``caller_user_id`` says so, in whatever process works on them.

What it says is ``how#name``: how to misbehave, and a name by which the test knows the export again.
"""

import os
import signal
import time

from django.apps import AppConfig

from . import steps
from .steps import SLOW

__all__ = ["HANG", "KILL", "PAUSE", "SLOW"]

ALWAYS = os.environ.get("FAULTS_ALWAYS", "")
"""How exports misbehave that say nothing of it."""
KILL, HANG, PAUSE = "kill-the-worker", "hang-the-worker", "pause-the-worker"


class FaultsConfig(AppConfig):
    name = "tests.faults"
    label = "faults"

    def ready(self) -> None:
        from exports.models import ExportFile, ExportSchedule
        from exports.models.lease import LeasedModel

        claim = LeasedModel.claim

        def claim_and_misbehave(row: LeasedModel) -> bool:
            won = claim(row)
            if won and not isinstance(row, ExportSchedule):
                is_part = isinstance(row, ExportFile)
                how = (row.export if is_part else row).caller_user_id.partition("#")[0] or ALWAYS
                if is_part:
                    misbehave(how, row.attempts)
                piece = "part" if is_part else "last" if row.staged else "read"
                steps.begin(how, piece, row.attempts)
            return won

        LeasedModel.claim = claim_and_misbehave
        steps.hook_all()


def misbehave(how: str, attempt: int) -> None:
    if how == KILL:
        os.kill(os.getpid(), signal.SIGKILL)
    if how == HANG:
        time.sleep(3600)
    if how == PAUSE:
        pause(attempt)


def pause(attempt: int) -> None:
    """Stop the first worker; let the second be slow, so that the first comes back in the middle of its work."""
    if attempt == 1:
        os.kill(os.getpid(), signal.SIGSTOP)
    else:
        time.sleep(1)
