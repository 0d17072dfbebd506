"""What the documents print, such as PHP, taken from the documents themselves whenever the tests run.

The directory is named by CONTRACT_DOCUMENTS; the code is never kept here, so what runs is what was published.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

_JSON = re.compile(r"^```json\n(.*?)^```", re.MULTILINE | re.DOTALL)


def php(number: str, marker: str) -> str:
    """Return the one PHP block of a document that holds ``marker``, as it is printed."""
    return block(number, "php", marker)


def block(number: str, language: str, marker: str) -> str:
    """Return the one block in a language that holds ``marker``, as it is printed."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", text(number), re.MULTILINE | re.DOTALL)
    found = [each for each in blocks if marker in each]
    assert len(found) == 1, f"Document {number} has {len(found)} {language} blocks with {marker!r}."
    return found[0]


def examples(number: str, heading: str) -> list[dict[str, Any]]:
    """Return the JSON objects that a document prints below a heading, without the comments in them."""
    section = text(number).split(f"# {heading}\n", 1)[1]
    section = re.split(r"^#+ ", section, maxsplit=1, flags=re.MULTILINE)[0]
    return [json.loads(re.sub(r"(?<!:)//[^\n]*", "", block)) for block in _JSON.findall(section)]


def printed_answers(number: str) -> list[Any]:
    """Return every JSON object that a document prints as an answer, requests left out."""
    printed = re.findall(
        r"^(?:↓|HTTP/1.1 [^\n]*|Response:|```json)\n+(\{.*?^\})", text(number), re.MULTILINE | re.DOTALL
    )
    answers = [json.loads(answer.replace("{...}", "{}")) for answer in printed]
    return [answer for answer in answers if "columns" not in answer]


def keys_lacking(example: Any, answer: Any, path: str = "") -> list[str]:
    """Return the paths of all keys of a printed answer that ours lacks; of a list, the first item is looked at."""
    if isinstance(example, list) and example and isinstance(answer, list):
        return keys_lacking(example[0], answer[0], f"{path}[0]") if answer else [f"{path}[0]"]
    if not isinstance(example, dict):
        return []
    if not isinstance(answer, dict):
        return [path]
    missing = [f"{path}.{key}" for key in example if key not in answer]
    inner = (keys_lacking(value, answer[key], f"{path}.{key}") for key, value in example.items() if key in answer)
    return missing + [found for each in inner for found in each]


def text(number: str) -> str:
    """Return a document; the test is skipped where there is none."""
    directory = os.environ.get("CONTRACT_DOCUMENTS", "")
    if not directory:
        pytest.skip("CONTRACT_DOCUMENTS does not name the directory of the contract documents")
    files = list(Path(directory).glob(f"{number}_*"))
    if not files:
        pytest.skip(f"CONTRACT_DOCUMENTS ({directory}) has no document {number}")
    return files[0].read_text(encoding="utf-8")
