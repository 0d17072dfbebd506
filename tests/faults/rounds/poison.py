"""R3: an export that kills or hangs every worker that touches it."""

from tests.faults.apps import HANG, KILL

from .base import Round

STARTS = 3


class Poison(Round):
    """It is given up after three starts, no more and no fewer, and the others are made."""

    name = "poison"
    title = "export that kills or hangs its worker: exactly three starts"
    environment = {"FAULTS_LEASE": "1"}

    def harm(self) -> None:
        self.workers.start(*self.lanes)
        how = self.dice.choice((KILL, HANG))
        for wish in self.dice.sample((how, "", "", ""), 4):
            ends = frozenset({"failed"}) if wish else frozenset({"completed"})
            self.submit(1_200, wish, ends=ends, starts=STARTS if wish else 1)
        self.hurt(how, faults=STARTS)
