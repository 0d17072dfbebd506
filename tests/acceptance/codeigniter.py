"""An application on our stand-in for CodeIgniter: code from the documents, run by php-cli against a portal."""

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

RUNNER = Path(__file__).parent / "php" / "run.php"
SECONDS = 120


class CodeIgniter:
    """One application; ``add`` gives it code, ``run`` sends it one request."""

    def __init__(self, folder: Path, url: str) -> None:
        if shutil.which("php") is None:
            pytest.skip("php is not installed")
        self._folder, self._url, self._code = folder, url, []

    def add(self, name: str, code: str, *, is_config: bool = False) -> None:
        """Keep code under the name of its file; a configuration file is read only when the code asks for it."""
        opening = "" if code.lstrip().startswith("<?php") else "<?php\n"
        (self._folder / name).write_text(opening + code, encoding="utf-8")
        if not is_config:
            self._code.append(name)

    def run(self, call: str, *arguments: Any, **given: Any) -> dict[str, Any]:
        """Return what happened; PHP itself must have nothing to complain about."""
        request = {
            "folder": str(self._folder),
            "code": self._code,
            "url": self._url,
            "config": {"python_api_url": f"{self._url}/"},
            "program": "Istanbul Youth Summit: 2026/27",
            "records": [],
            "call": call,
            "arguments": arguments,
        } | given
        command = ["php", "-d", "display_errors=stderr", "-d", "memory_limit=512M", str(RUNNER)]
        done = subprocess.run(command, input=json.dumps(request).encode(), capture_output=True, timeout=SECONDS)
        assert (done.returncode, done.stderr) == (0, b""), done.stdout[-2000:] + done.stderr
        happened = json.loads(done.stdout)
        assert happened["warnings"] == []
        happened["printed"] = base64.b64decode(happened["printed"])
        return happened
