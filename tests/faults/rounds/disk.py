"""R4: the disk fills up under work, and is freed again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from exports.models import ExportRequest
from tests.faults.apps import SLOW
from tests.faults.installation import PLACES, Installation
from tests.faults.servers import Tmpfs
from tests.processes import wait_for

from .base import Round

MEGABYTES = 24
ENDS = frozenset({"completed", "failed"})


class DiskFull(Round):
    """Running work ends clean, nobody else is let in, and with room all is as before."""

    name = "disk"
    title = "disk filled up under load, then freed"
    places = ("sqlite", "postgresql")
    needs = "tmpfs"
    lanes = ("immediate", "high")

    @classmethod
    @contextmanager
    def installed(cls, place: str, directory: Path) -> Iterator[Installation]:
        with PLACES[place](directory) as installation, Tmpfs(installation.files, MEGABYTES):
            yield installation

    def harm(self) -> None:
        web = self.start_all()
        key = self.api_key()
        running = [self.submit(rows, SLOW, ends=ENDS) for rows in (1_200, 4_000, 5_200, 9_000)]
        wait_for(ExportRequest.objects.attended().exists)
        self.pause(0.0, 0.8)
        ballast = Tmpfs(self.installation.files, MEGABYTES).fill(leave=self.dice.choice((0, 1, 8, 30)) << 12)
        self.hurt("fill the disk")
        with self.callers(web) as callers:
            callers.key = key
            wait_for(lambda: callers.refused or not self.under_way(), what="a caller who finds no room")
            self.wait_until_over()
            for asked in self.ledger.asked.values():
                asked.ends = ENDS
            ballast.unlink()
            callers.wait_for_accepted(3)
        self.check_reasons(len(running))

    def check_reasons(self, running: int) -> None:
        """Whatever failed says why."""
        for export in ExportRequest.objects.filter(state="failed").exclude(error_code="STORAGE_FULL"):
            self.ledger.wrong_answers.append(f"{export.pk} failed with {export.error_code}: {export.error_message}")
