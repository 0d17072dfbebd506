"""Reading a file takes no more memory for more records."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROWS = 400_000
"""Of 15 columns: 60 MB of CSV, 110 MB of NDJSON, and several times that as Python objects."""
MORE_MB = 160
"""What a child may hold beyond the modules it has loaded."""


def csv_file(file):
    line = ",".join(f"value {place}" for place in range(14))
    file.write(",".join(f"f{place}" for place in range(15)) + "\n")
    file.writelines(f"{row},{line}\n" for row in range(ROWS))


def ndjson_file(file):
    members = ",".join(f'"f{place}":"value {place}"' for place in range(1, 15))
    file.writelines(f'{{"f0":{row},{members}}}\n' for row in range(ROWS))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize(("format", "write"), [("csv", csv_file), ("ndjson", ndjson_file)])
def test_many_records_need_little_memory(format, write, tmp_path):
    with (tmp_path / "file").open("w") as file:
        write(file)
    command = [sys.executable, "-m", "tests.peak", "read", tmp_path / "file", format]
    said = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert said["rows"] == ROWS
    assert said["grown_mb"] < MORE_MB
