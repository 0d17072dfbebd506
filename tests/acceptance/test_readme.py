"""The PHP that the README and the PHP page show works as it stands."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.services import require_service

from . import files

ROOT = Path(__file__).parents[2]
PREPARE = """
error_reporting(E_ALL);
set_error_handler(function ($level, $message) { fwrite(STDERR, "PHP complains: $message\\n"); exit(1); });
$key = getenv('PORTAL_KEY');
$participants = [3 => ['id' => 1, 'first_name' => 'Ana', 'last_name' => 'Santoso', 'form_status' => 3]];
"""


@pytest.fixture
def run(portal, tmp_path):
    """Return a runner of all PHP blocks of a page, in a folder of their own."""
    php = require_service("php")
    key = portal.manage("create_api_key", "my website").splitlines()[-1]

    def run(page: str) -> None:
        blocks = re.findall(r"```php\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
        code = PREPARE + "".join(blocks).replace("http://127.0.0.1:8000", portal.url)
        done = subprocess.run(
            [php, "-r", code],
            cwd=tmp_path,
            env={**os.environ, "PORTAL_KEY": key},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    return run


@pytest.mark.parametrize(
    ("page", "row"),
    [
        ("README.md", [1.0, "Ana", "Santoso", "", "Approved", ""]),
        ("docs/php.md", [1.0, "", "Ana", "Santoso", "", "", "", "", "Approved"]),
    ],
)
def test_calls_of_the_page_make_a_workbook(run, tmp_path, page, row):
    run(page)
    assert files.rows((tmp_path / "Participants.xlsx").read_bytes())[1] == row
