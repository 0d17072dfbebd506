"""What holds on SQLite holds on PostgreSQL: the tests of everything that talks to the database run there again."""

import os
import subprocess
import sys
from pathlib import Path

from tests.services import require_service

ROOMS = [
    "models",
    "api",
    "portal",
    "admin",
    "tasks/test_sweep.py",
    "tasks/test_upkeep.py",
    "tasks/test_health.py",
    "test_service.py",
    "test_pipeline.py",
]


def test_postgresql_passes_the_same_tests():
    address = require_service("postgresql")
    folder = Path(__file__).parent
    rooms = [str(folder / room) for room in ROOMS if (folder / room).exists()]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", *rooms],
        env={**os.environ, "DATABASE_URL": address},
        cwd=folder.parent,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-1000:]
