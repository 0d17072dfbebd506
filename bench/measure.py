"""Runs in turn, A B A B, each in a process of its own; medians and paired ratios of what they took."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from .inputs import Inputs

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Run:
    """What one run took."""

    seconds: float
    peak: int = 0
    """Most memory the process ever held, in bytes; 0 where it is not one process."""
    size: int = 0
    """Bytes of the file."""


@dataclass(frozen=True)
class Contender:
    """One way of doing a piece of work."""

    title: str
    run: Callable[[Inputs, Path], Run]
    limit: int = 10_000_000
    """Records from which on it would take too long to be asked."""


@dataclass
class Result:
    """The runs of one contender at one number of records, in the order they were made."""

    title: str
    count: int
    runs: list[Run] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Median seconds."""
        return median(run.seconds for run in self.runs)

    @property
    def peak(self) -> int:
        """Median peak of memory in bytes."""
        return int(median(run.peak for run in self.runs))

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self.runs[-1].size

    def times_faster_than(self, other: "Result") -> float:
        """Return the median of the paired ratios: what one round's noise does to both does not count."""
        return median(theirs.seconds / mine.seconds for mine, theirs in zip(self.runs, other.runs, strict=False))


def pair(contenders: Sequence[Contender], inputs: Inputs, rounds: int) -> list[Result]:
    """Run every contender once a round."""
    able = [contender for contender in contenders if inputs.count <= contender.limit]
    results = [Result(contender.title, inputs.count) for contender in able]
    for number in range(1, rounds + 1):
        for contender, result in zip(able, results, strict=True):
            run = contender.run(inputs, inputs.folder / "output")
            result.runs.append(run)
            print(f"  {number}/{rounds} {inputs.count:>9,} {contender.title:<44} {run.seconds:8.3f} s", file=sys.stderr)
    return results


def in_process(name: str, warm_up: int = 1_000) -> Callable[[Inputs, Path], Run]:
    """Return the runner of a function of ``contenders``: timed inside a child, after a small warm-up."""

    def run(inputs: Inputs, output: Path) -> Run:
        child = ("bench.child", name, str(inputs.folder), str(inputs.count), str(output), str(warm_up))
        return _run(child, output, {})

    return run


def whole_process(*command: str, source: Callable[[Inputs], str] | None = None) -> Callable[[Inputs, Path], Run]:
    """Return the runner of a command, timed from its start to its end.

    ``{inputs.json}``, whatever else there is of the inputs, and ``{output}`` are filled in. ``source`` returns the
    address of the database that is pulled from.
    """

    def run(inputs: Inputs, output: Path) -> Run:
        whole = [sys.executable, *(part.format(inputs=inputs, output=output) for part in command)]
        own = {"SOURCE_DATABASE_URL": source(inputs)} if source else {}
        return _run(("bench.launch", *whole), output, {"DATA_DIR": str(inputs.folder), **own})

    return run


def _run(module: Sequence[str], output: Path, environment: Mapping[str, str]) -> Run:
    """Run a module that prints what was measured, and see what it left."""
    output.unlink(missing_ok=True)
    command, environment = [sys.executable, "-m", *module], {**os.environ, **environment}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
    said = json.loads(done.stdout.splitlines()[-1])
    return Run(seconds=said["seconds"], peak=said["peak"], size=output.stat().st_size if output.exists() else 0)
