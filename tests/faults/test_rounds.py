"""R1: whatever is killed, whenever, every export is finished and published once.

A normal run plays one round; ``FAULTS_ROUNDS=200 FAULTS_SEED=7 bin/test tests/faults/test_rounds.py`` plays as many as
you like, each with the next seed.
"""

import os
import random
import time

import pytest

from exports.models import ExportRequest
from tests.processes import wait_for

from .apps import SLOW
from .cluster import Workers
from .exports import assert_published_once, ended, submit

ROUNDS = int(os.environ.get("FAULTS_ROUNDS", "1"))
SEED = int(os.environ.get("FAULTS_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)
KILLS, EXPORTS = 6, 3
LONGEST = 120.0
"""Seconds from the last kill until all must be finished."""


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("installation", ["on_sqlite", "on_postgresql", "on_redis"], indirect=True)
def test_every_export_survives_random_kills(workers: Workers, number: int) -> None:
    print(f"FAULTS_SEED={SEED + number}")
    dice = random.Random(SEED + number)
    # As many starts as there can be kills: no export is poison here.
    workers.start("high", FAULTS_ATTEMPTS=str(KILLS + 3))
    exports = [submit(rows=dice.choice([1_200, 5_200]), misbehaviour=SLOW) for _ in range(EXPORTS)]
    for _ in range(KILLS):
        time.sleep(dice.uniform(0.05, 0.4))
        victim = dice.choice(wait_for(lambda: workers.family()[1:], what="anybody to kill"))
        print(f"kill {victim.name} {victim.pid}, {len(victim.children())} children")
        victim.kill()
    killed = time.monotonic()
    while not ended(*exports):
        assert time.monotonic() - killed < LONGEST, [(e.pk, e.state) for e in ExportRequest.objects.all()]
        time.sleep(0.1)
    print(f"recovered {time.monotonic() - killed:.1f} s after the last kill")
    for export in exports:
        assert_published_once(export)
