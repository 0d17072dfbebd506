"""The PHP that the documents print, taken from the documents themselves whenever the tests run.

The directory is named by CONTRACT_DOCUMENTS; the code is never kept here, so what runs is what was published.
"""

import os
import re
from pathlib import Path

import pytest

_BLOCK = re.compile(r"^```php\n(.*?)^```", re.MULTILINE | re.DOTALL)


def php(number: str, marker: str) -> str:
    """Return the one PHP block of a document that holds ``marker``, as it is printed."""
    found = [block for block in _BLOCK.findall(_text(number)) if marker in block]
    assert len(found) == 1, f"Document {number} has {len(found)} PHP blocks with {marker!r}."
    return found[0]


def _text(number: str) -> str:
    directory = os.environ.get("CONTRACT_DOCUMENTS", "")
    if not directory:
        pytest.skip("CONTRACT_DOCUMENTS does not name the directory of the contract documents")
    files = list(Path(directory).glob(f"{number}_*"))
    if not files:
        pytest.skip(f"CONTRACT_DOCUMENTS ({directory}) has no document {number}")
    return files[0].read_text(encoding="utf-8")
