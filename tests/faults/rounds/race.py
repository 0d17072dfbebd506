"""R7: cancel, sweep, give up and expire at the moment at which a worker finishes."""

import random
import threading
import time
from collections.abc import Callable

from exports import acceptance, service
from exports.exceptions import BuildError
from exports.models import ExportRequest
from exports.tasks.sweep import sweep
from exports.types import Principal
from tests.faults.apps import SLOW
from tests.faults.installation import connected

from .base import Round

MOVES: tuple[Callable[[ExportRequest], object], ...] = (
    lambda export: service.cancel(export, Principal()),
    lambda export: service.delete(export, Principal()),
    lambda export: acceptance.resume(export, Principal()),
    lambda export: export.mark_failed(BuildError()),
    lambda export: export.mark_sent_again(),
    lambda export: export.mark_expired(),
    lambda _: sweep(),
)
ENDS = frozenset({"completed", "failed", "cancelled", "expired"})


class Race(Round):
    """One of them wins, and the history says so."""

    name = "race"
    title = "cancel, delete, fail, resume, send again, expire and sweep in a race with the workers"
    places = ("sqlite", "postgresql")
    moves = 10

    def harm(self) -> None:
        self.workers.start(*self.lanes)
        exports = [self.submit(self.dice.choice((1_200, 5_200)), SLOW, ends=ENDS) for _ in range(5)]
        numbers = list(ExportRequest.objects.order_by("pk").values_list("pk", flat=True))
        threads = [threading.Thread(target=self.move, args=(self.dice.random(), numbers)) for _ in exports]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.hurt("moves", faults=self.moves * len(threads))

    def move(self, seed: float, numbers: list[int]) -> None:
        dice = random.Random(seed)
        with connected(self.installation):
            for _ in range(self.moves):
                time.sleep(dice.uniform(0.0, 0.3))
                dice.choice(MOVES)(ExportRequest.objects.get(pk=dice.choice(numbers)))
