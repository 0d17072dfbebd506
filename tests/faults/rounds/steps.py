"""R2: every step of publication fails once, and is once the last thing its worker does."""

import time
from collections import Counter

from exports.models import ExportRequest
from tests.faults.steps import FAULTS, injected

from .base import Round

AT_ONCE = 8
"""Exports on their way; the policy lets ten in."""


class StepsFail(Round):
    """The export completes all the same, once and whole: before each step stands the old state, after it the new."""

    name = "steps"
    title = "I/O error, lost COMMIT or death at each step of publication"
    places = ("sqlite", "postgresql")
    environment = {"FAULTS_ATTEMPTS": "3", "FAULTS_LEASE": "1", "WORKERS_HIGH": "4"}

    def harm(self) -> None:
        self.workers.start(*self.lanes)
        orders = list(FAULTS)
        self.dice.shuffle(orders)
        for order in orders:
            while ExportRequest.objects.active().count() >= AT_ONCE:
                time.sleep(0.05)
            self.submit(5_200 if order.partition(":")[2].startswith("last.") else 1_200, order)
        super().wait_until_over()
        happened = Counter(injected(self.installation.directory))
        self.hurt(f"{len(happened)} steps", faults=happened.total())
        self.ledger.wrong_answers += [f"{order} never happened" for order in orders if not happened[order]]

    def wait_until_over(self) -> float:
        """Return how long the export took that was hurt most; one waits behind another here, and is not hurt by it."""
        times = ExportRequest.objects.exclude(completed_at=None).values_list("started_at", "completed_at")
        return max((end - start).total_seconds() for start, end in times)
