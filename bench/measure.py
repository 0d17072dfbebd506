"""Runs in turn, A B A B, each in a process of its own; medians and paired ratios of what they took."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
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
        output.unlink(missing_ok=True)
        command = [sys.executable, "-m", "bench.child", name, str(inputs.folder), str(inputs.count), str(output)]
        command.append(str(warm_up))
        done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        said = json.loads(done.stdout.splitlines()[-1])
        return Run(seconds=said["seconds"], peak=said["peak"], size=output.stat().st_size)

    return run


def whole_process(*command: str) -> Callable[[Inputs, Path], Run]:
    """Return the runner of a command, timed from its start to its end; ``{input}`` and ``{output}`` are filled in."""

    def run(inputs: Inputs, output: Path) -> Run:
        output.unlink(missing_ok=True)
        places = {"input": inputs.json, "output": output, "folder": inputs.folder, "count": inputs.count}
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *(part.format(**places) for part in command)],
            cwd=ROOT,
            env={**os.environ, "DATA_DIR": str(inputs.folder)},
            stdout=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        if status:
            raise RuntimeError(f"{command} ended with status {status}.")
        return Run(seconds=seconds, peak=usage.ru_maxrss * 1024, size=output.stat().st_size)

    return run
