"""``bin/faults``: hurt installations for as many rounds as asked for, print what came of it, exit 1 if it was bad.

Each round is a process of its own with an installation of its own; what happens in it is decided by its seed alone.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from itertools import chain, cycle

from tests.services import find

from . import report
from .cluster import ROOT
from .installation import NEEDED, PLACES, migrated_postgresql, migrated_sqlite, originals
from .rounds import KINDS, Result, play

PAGE = ROOT / "docs" / "reliability.md"
LONGEST = 300
"""Seconds for one round."""
SHARES = {
    "workers": 10,
    "readers": 5,
    "web": 5,
    "zombie": 3,
    "database": 2,
    "broker": 2,
    "disk": 2,
    "steps": 1,
    "poison": 1,
}
"""How many of the rounds each kind gets, against 1 for the others."""


def main(arguments: list[str] | None = None) -> int:
    """Play what was asked for; return 1 where a promise was broken, else 0."""
    wanted = parse(arguments)
    if wanted.play:
        return play_here(*wanted.play)
    said = " ".join(["bin/faults", *(sys.argv[1:] if arguments is None else arguments)])
    begun = time.monotonic()
    results = list(play_all(wanted))
    text = report.markdown(results, said, (time.monotonic() - begun) / 60)
    print(text)
    if wanted.docs:
        report.write_docs(PAGE, text)
    return int(any(result.sentences for result in results))


def play_all(wanted: argparse.Namespace) -> Iterator[Result]:
    """Play the rounds, some at a time, and tell of each how it went."""
    rounds = plan(wanted)
    # What every round copies is made before them.
    migrated_sqlite()
    if any(place == "postgresql" for _, place, _ in rounds):
        migrated_postgresql()
    with ThreadPoolExecutor(wanted.at_once) as pool:
        for number, result in enumerate(pool.map(lambda each: play_elsewhere(*each), rounds), 1):
            tell(f"{number}/{len(rounds)}", result)
            yield result


def plan(wanted: argparse.Namespace) -> list[tuple[str, str, int]]:
    """Return kind, place and seed of every round: first one of each, then of each as many as its share."""
    services = NEEDED | {name: kind.needs for name, kind in KINDS.items() if kind.needs}
    missing = {what: reason for what, service in services.items() if (reason := find(service)[1])}
    for what, reason in missing.items():
        print(f"left out: {what} ({reason})", file=sys.stderr)
    each = [
        (name, place)
        for name, kind in KINDS.items()
        for place in kind.places
        if (not wanted.only or name in wanted.only) and (not wanted.on or place in wanted.on)
        if not {name, place} & missing.keys()
    ]
    shares = sorted(
        ((number + 0.5) / SHARES.get(name, 1), name, place)
        for name, place in each
        for number in range(SHARES.get(name, 1))
    )
    deck = chain(each, cycle((name, place) for _, name, place in shares))
    return [(*next(deck), wanted.seed + number) for number in range(wanted.rounds)]


def play_elsewhere(kind: str, place: str, seed: int) -> Result:
    """Play a round in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.faults", "--play", kind, place, str(seed)]
    nothing = Result(kind=kind, place=place, seed=seed, broken={"lost": 1})
    try:
        environment = {**os.environ, "FAULTS_ORIGINALS": str(originals())}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        return Result(**json.loads(done.stdout.splitlines()[-1]))
    except (IndexError, ValueError):
        return replace(nothing, sentences=["the round broke off", done.stderr[-6_000:]])


def play_here(kind: str, place: str, seed: str) -> int:
    """Play a round in this process and print its result for the other one."""
    signal.alarm(LONGEST)
    print(json.dumps(asdict(play(KINDS[kind], place, int(seed)))))
    return 0


def tell(which: str, result: Result) -> None:
    """Tell how a round went; how to play it again, where it went wrong."""
    outcome = "BROKEN" if result.sentences else f"kept, {result.recovery:.1f} s"
    print(f"{which} {result.kind} {result.place} seed {result.seed}: {outcome}", file=sys.stderr)
    if result.sentences:
        print(*result.sentences, sep="\n", file=sys.stderr)
        again = f"--rounds 1 --seed {result.seed} --only {result.kind} --on {result.place}"
        print(f"Play it again: bin/faults {again}", file=sys.stderr)


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=60, metavar="N", help="how many (default: 60)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of the first round; each next has one more")
    parser.add_argument("--only", action="append", choices=KINDS, help="this kind of fault (may be repeated)")
    parser.add_argument("--on", action="append", choices=PLACES, help="this configuration (may be repeated)")
    parser.add_argument("--at-once", type=int, default=2, metavar="N", help="rounds at the same time (default: 2)")
    parser.add_argument("--docs", action="store_true", help="write the table into docs/reliability.md")
    parser.add_argument("--play", nargs=3, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)
