"""Makes exports misbehave when their ``caller_user_id`` says so, in whatever process works on them."""

import os
import signal
import time

from django.apps import AppConfig

KILL, HANG, PAUSE, SLOW = "kill-the-worker", "hang-the-worker", "pause-the-worker", "slow-the-worker"


class FaultsConfig(AppConfig):
    name = "tests.faults"
    label = "faults"

    def ready(self) -> None:
        from exports.models import ExportFile

        claim = ExportFile.claim

        def claim_and_misbehave(part: ExportFile) -> bool:
            won = claim(part)
            if won:
                misbehave(part.export.caller_user_id, part.attempts)
            return won

        ExportFile.claim = claim_and_misbehave


def misbehave(how: str, attempt: int) -> None:
    if how == KILL:
        os.kill(os.getpid(), signal.SIGKILL)
    if how == HANG:
        time.sleep(3600)
    if how == SLOW:
        time.sleep(0.4)
    if how == PAUSE:
        pause(attempt)


def pause(attempt: int) -> None:
    """Stop the first worker; let the second be slow, so that the first comes back in the middle of its work."""
    if attempt == 1:
        os.kill(os.getpid(), signal.SIGSTOP)
    else:
        time.sleep(1)
