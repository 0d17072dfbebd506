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
    "delivery/test_notices.py",
    "delivery/test_webhooks.py",
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
        # The reference is made of code alone.
        [
            *(sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", *rooms),
            *("--ignore", str(folder / "api" / "reference")),
        ],
        env={**os.environ, "DATABASE_URL": address},
        cwd=folder.parent,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-1000:]


def test_postgresql_ends_a_transaction_that_stands_still():
    """Or whoever was paused in the middle of one would hold up the sweeps of all hosts."""
    ask = "SHOW idle_in_transaction_session_timeout"
    code = f"import django; django.setup(); from django.db import connection as c; k = c.cursor(); k.execute('{ask}')"
    environment = {"DATABASE_URL": require_service("postgresql"), "DJANGO_SETTINGS_MODULE": "ybbexport.settings"}
    run = subprocess.run(
        [sys.executable, "-c", f"{code}; print(k.fetchone()[0])"],
        env={**os.environ, **environment},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "30s"
