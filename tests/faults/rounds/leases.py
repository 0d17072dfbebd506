"""R1, as slow as it gets: the leases and the sweep of production."""

from tests.faults.steps import DIE, injected
from tests.processes import wait_for

from .base import Round


class ProductionLeases(Round):
    """A worker dies in the middle of a file; nobody but the sweep can know."""

    name = "leases"
    title = "`kill -9` of a worker in the middle of a file, with the leases of production"
    places = ("sqlite", "postgresql")
    environment = {"FAULTS_LEASE": "30", "FAULTS_BEAT": "1", "FAULTS_SWEEP": "10"}

    def harm(self) -> None:
        self.workers.start(*self.lanes)
        for _ in range(2):
            self.submit(1_200, f"{DIE}:part.write")
        wait_for(lambda: len(injected(self.installation.directory)) == 2, what="the death of both workers")
        self.hurt("two workers died", faults=2)
