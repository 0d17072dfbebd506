"""What the workers take while there is nothing to do: README says so."""

import re
from pathlib import Path

from exports.models import LaneHeartbeat
from exports.types import Lane
from tests.processes import Process, wait_for

from .cluster import ROOT, Workers


def proportional_set_size(process: Process) -> int:
    """KiB of memory; pages that several processes share count in part for each (Linux, proc(5))."""
    return int(re.search(r"^Pss: +(\d+) kB", Path(f"/proc/{process.pid}/smaps_rollup").read_text(), re.M)[1])


def test_idle_workers_of_all_lanes_take_no_more_memory_than_the_readme_says(workers: Workers) -> None:
    claim = int(re.search(r"idle workers take some (\d+) MB", (ROOT / "README.md").read_text())[1])
    workers.start(WORKERS_IMMEDIATE="1", WORKERS_HIGH="2", WORKERS_NORMAL="2", WORKERS_LOW="1")
    wait_for(lambda: set(LaneHeartbeat.objects.served_until()) == set(Lane), what="an answer of every lane")
    taken = sum(proportional_set_size(process) for process in workers.family()) / 1024
    assert 0.5 * claim < taken < 1.15 * claim
