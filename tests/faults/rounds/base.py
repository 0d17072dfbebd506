"""The frame of every round: begin, do harm, wait until all is over, clean up, check."""

import os
import random
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from exports.models import ApiClient, ExportRequest
from exports.tasks.upkeep import upkeep
from tests.faults.checker import check
from tests.faults.cluster import Workers
from tests.faults.exports import ENDED, submit
from tests.faults.installation import PLACES, Installation, inside
from tests.faults.ledger import Asked, Ledger
from tests.faults.web import Callers, Web
from tests.services import require_service

LONGEST = 60.0
"""Seconds from the last fault until everything must be over; what is not is lost."""
AGE = 7200
"""Seconds; nobody works any more on a file that has not changed for so long."""


@dataclass(kw_only=True)
class Result:
    """What came of one round."""

    kind: str
    place: str
    seed: int
    faults: int = 0
    accepted: int = 0
    recovery: float = 0.0
    """Seconds from the last fault until everything was over."""
    broken: dict[str, int] = field(default_factory=dict)
    """How often each promise was broken."""
    sentences: list[str] = field(default_factory=list)
    """How it was broken, and what happened before."""


class Round(ABC):
    """One installation, one kind of fault."""

    name: ClassVar[str]
    title: ClassVar[str]
    """What is done to it, for the table."""
    places: ClassVar[tuple[str, ...]] = tuple(PLACES)
    needs: ClassVar[str] = ""
    """A service of tests/services.py that it cannot do without, on every place."""
    lanes: ClassVar[tuple[str, ...]] = ("high",)
    environment: ClassVar[dict[str, str]] = {}
    """Variables of the installation."""

    def __init__(self, installation: Installation, workers: Workers, seed: int) -> None:
        self.installation = installation
        self.workers = workers
        self.dice = random.Random(seed)
        self.seed = seed
        self.ledger = Ledger()
        self.faults = 0
        self.hurt_at = time.monotonic()
        self.story: list[str] = []
        self.stack = ExitStack()

    @classmethod
    def installed(cls, place: str, directory: Path) -> AbstractContextManager[Installation]:
        """Make the installation."""
        return PLACES[place](directory)

    @abstractmethod
    def harm(self) -> None:
        """Give it work and hurt it."""

    def submit(self, rows: int, how: str = "", **expected: object) -> Asked:
        """Have an export accepted without a web server."""
        asked = self.ledger.ask(rows, **expected)
        submit(misbehaviour=how, asked=asked)
        return asked

    def hurt(self, what: str, faults: int = 1) -> None:
        """Note that harm was done just now."""
        self.faults += faults
        self.hurt_at = time.monotonic()
        self.story.append(what)

    def pause(self, least: float, most: float) -> None:
        """Let a moment pass that only the seed knows: this is how faults come at any time."""
        time.sleep(self.dice.uniform(least, most))

    def start_all(self) -> Web:
        """Start the workers and a web server that lives as long as the round."""
        web = Web(self.installation)
        self.stack.callback(web.kill)
        self.workers.launch(*self.lanes)
        web.start()
        self.workers.wait_until_complete(*self.lanes)
        return web

    def callers(self, web: Web, how: str = "", people: int = 3) -> Callers:
        """Let people call the web server until the block ends."""
        return Callers(web, self.api_key(), self.ledger, self.dice, how, people)

    def api_key(self) -> str:
        return str(ApiClient.objects.create_key(name="faults")[1])

    def wait_until_over(self) -> float:
        """Return the seconds from the last fault until every export has ended, or the longest it may take."""
        while time.monotonic() - self.hurt_at < LONGEST and self.under_way():
            time.sleep(0.05)
        return time.monotonic() - self.hurt_at

    def under_way(self) -> bool:
        return ExportRequest.objects.exclude(state__in=ENDED).exists()

    def play(self) -> Result:
        result = Result(kind=self.name, place="", seed=self.seed)
        with self.stack:
            self.harm()
            result.recovery = self.wait_until_over()
        self.workers.destroy()
        clean_up(self.installation)
        found = check(self.ledger)
        result.faults, result.accepted = self.faults, len(self.ledger.accepted)
        result.broken = {kind: len(sentences) for kind, sentences in vars(found).items()}
        result.sentences = found.sentences() and [*found.sentences(), *self.story]
        return result


def clean_up(installation: Installation) -> None:
    """Do what the upkeep does hours later: dead workers' temporary files go, and nothing else."""
    for path in installation.files.rglob("*"):
        then = path.stat().st_mtime - AGE
        os.utime(path, (then, then))
    upkeep()


def play(kind: type[Round], place: str, seed: int) -> Result:
    """Play one round in an installation made for it."""
    if kind.needs:
        require_service(kind.needs)
    with installed(kind, place) as installation, inside(installation) as workers:
        round = kind(installation, workers, seed)
        result = replace(round.play(), place=place)
        if result.sentences and workers.log.exists():
            result.sentences.append(workers.log.read_text()[-6_000:])
    return result


@contextmanager
def installed(kind: type[Round], place: str) -> Iterator[Installation]:
    with (
        tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True) as folder,
        kind.installed(place, Path(folder)) as installation,
    ):
        yield replace(installation, more={**installation.more, **kind.environment})
