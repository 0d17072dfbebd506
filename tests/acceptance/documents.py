"""What the documents print, such as PHP, taken from the documents themselves whenever the tests run.

The directory is named by CONTRACT_DOCUMENTS; the code is never kept here, so what runs is what was published.
"""

import os
import re
from pathlib import Path

import pytest


def php(number: str, marker: str) -> str:
    """Return the one PHP block of a document that holds ``marker``, as it is printed."""
    return block(number, "php", marker)


def block(number: str, language: str, marker: str) -> str:
    """Return the one block in a language that holds ``marker``, as it is printed."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", text(number), re.MULTILINE | re.DOTALL)
    found = [each for each in blocks if marker in each]
    assert len(found) == 1, f"Document {number} has {len(found)} {language} blocks with {marker!r}."
    return found[0]


def text(number: str) -> str:
    """Return a document; the test is skipped where there is none."""
    directory = os.environ.get("CONTRACT_DOCUMENTS", "")
    if not directory:
        pytest.skip("CONTRACT_DOCUMENTS does not name the directory of the contract documents")
    files = list(Path(directory).glob(f"{number}_*"))
    if not files:
        pytest.skip(f"CONTRACT_DOCUMENTS ({directory}) has no document {number}")
    return files[0].read_text(encoding="utf-8")
