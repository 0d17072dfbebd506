"""Schemathesis over the whole document, against a portal as an operator starts it: every phase, every check.

``SCHEMATHESIS_EXAMPLES=100`` has more calls made for each operation, ``SCHEMATHESIS_SEED=7`` others.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from exports.api.reference.document import document
from tests.acceptance.portal import ROOT, Portal

HERE = Path(__file__).parent
EXAMPLES, SEED = os.environ.get("SCHEMATHESIS_EXAMPLES", "3"), os.environ.get("SCHEMATHESIS_SEED", "1")


@pytest.fixture
def portal(tmp_path):
    """A running portal with a source database, whose limits nobody meets and whose calls hardly wait."""
    definitions = tmp_path / "templates"
    shutil.copytree(ROOT / "templates_config", definitions)
    policies = definitions / "policies.toml"
    generous = re.sub(r"(max_concurrent|rate_per_minute) = \d+", r"\1 = 1_000_000", policies.read_text())
    policies.write_text(re.sub(r"wait_seconds = \d+", "wait_seconds = 0.05", generous))
    running = Portal(
        tmp_path,
        DJANGO_SETTINGS_MODULE="tests.api.reference.generous",
        GENEROUS_TEMPLATES_DIR=str(definitions),
        PYTHONPATH=str(ROOT),
        # Whoever shows no key is nobody.
        API_TRUSTED_NETWORKS="",
    )
    try:
        running.manage("load_source", "--participants", "300")
        running.start()
        yield running
    finally:
        running.stop()


def test_the_api_keeps_every_word_of_its_document(portal, tmp_path):
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(document()))
    key = portal.manage("create_api_key", "schemathesis").split()[-1]
    found = subprocess.run(
        [
            *(Path(sys.executable).with_name("st"), "--config-file", HERE / "schemathesis.toml", "run", file),
            *("--url", portal.url, "--checks", "all", "--phases", "examples,coverage,fuzzing,stateful"),
            *("--max-examples", EXAMPLES, "--seed", SEED, "--continue-on-failure", "--no-color", "--warnings", "off"),
            *("--generation-database", "none", "--request-timeout", "60"),
        ],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT), "PORTAL_KEY": key}, capture_output=True, text=True,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout[-20_000:] + found.stderr[-2_000:]
    assert f"Tested: {sum(map(len, document()['paths'].values()))}" in found.stdout
    # What nobody foresaw is logged under the number of an incident.
    assert "(incident " not in portal.log()
