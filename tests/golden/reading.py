"""Whether what a program read is what was sent, judged without the portal's own code."""

import csv
import gzip
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from exports.types import Kind
from tests.golden.corpus import CELL, Hostile

KINDS = list(Kind)
csv.field_size_limit(1 << 20)


class Number(str):
    """A JSON number under its own digits."""


def changed(rows: Iterable[Sequence[Any]], values: Sequence[Hostile]) -> list[tuple[Kind, Hostile, Any]]:
    """Return every cell that does not say what its record said; ``rows`` has one column a kind, no header."""
    rows = list(rows)
    assert len(rows) == len(values)
    return [
        (kind, value, cell)
        for row, value in zip(rows, values, strict=True)
        for kind, cell in zip(KINDS, row, strict=True)
        if not says(cell, value.text, kind)
    ]


def says(cell: Any, text: str | None, kind: Kind) -> bool:
    """Tell whether a cell says what a text said: the same characters, or the same number, time or structure."""
    if cell is None or cell == "":
        return not text
    if text is None:
        return False
    if isinstance(cell, Number):
        return cell == text and kind.is_number
    if isinstance(cell, bool):
        return kind is Kind.BOOLEAN and text in (("true", "1") if cell else ("false", "0"))
    if isinstance(cell, (int, float)):
        return kind.is_number and _number(repr(cell)) == _number(text)
    if isinstance(cell, date):
        return kind.is_temporal and _same_time(cell.isoformat(), text)
    if isinstance(cell, (list, dict)):
        return kind is Kind.LIST and cell == loads(text)
    return cell == text or (kind.is_temporal and _same_time(cell, text))


def loads(text: str) -> Any:
    """Return a JSON value whose numbers keep their digits."""
    return json.loads(text, parse_int=Number, parse_float=Number)


def openpyxl_rows(path: Path) -> list[list[Any]]:
    """Return what openpyxl sees, header left out; it shows ``_x0001_`` where Excel shows the character."""
    sheet = openpyxl.load_workbook(io.BytesIO(_content(path))).active
    return [[unescape(cell) if isinstance(cell, str) else cell for cell in row] for row in sheet.values][1:]


def calamine_rows(path: Path) -> list[list[Any]]:
    """Return what calamine sees, header left out."""
    return CalamineWorkbook.from_filelike(io.BytesIO(_content(path))).get_sheet_by_index(0).to_python()[1:]


def csv_rows(path: Path, delimiter: str = ",") -> list[list[str]]:
    """Return what the csv module sees, header left out and apostrophes undone."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [list(map(without_guard, row)) for row in csv.reader(file, delimiter=delimiter, strict=True)][1:]


def json_rows(path: Path) -> list[list[Any]]:
    """Return what the json module sees, one object a line or one with records, packed or not."""
    text = _content(path).decode()
    records = map(loads, text.split("\n")[:-1]) if ".ndjson" in path.suffixes else loads(text)["records"]
    return [[record[kind] for kind in KINDS] for record in records]


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def cut(value: Hostile) -> Hostile:
    """Return what of a value a workbook holds."""
    if value.text is None:
        return value
    kept = value.text.encode("utf-16-le")[: 2 * CELL].decode("utf-16-le", "ignore")
    return Hostile(value.category, value.literal, re.sub("[\ufffe\uffff]", "\ufffd", kept))


def without_guard(cell: str) -> str:
    """Undo the apostrophe of a CSV file, by the rule as the documentation tells it to a reader's programmer."""
    return cell[1:] if cell.startswith("'") and _is_dangerous(cell[1:].lstrip("'")) else cell


def _is_dangerous(text: str) -> bool:
    if re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?|\+[0-9]{6,15}", text):
        return False
    return text[:1] in set("\t\r\n\x00") or _first_seen(text) in set("=+-@|%＝＋－＠｜％﹢﹣﹦﹪﹫")


def _first_seen(text: str) -> str:
    fillers = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    unseen = (
        each.isspace() or unicodedata.category(each) in ("Cc", "Cf") or each in fillers or "\ufe00" <= each <= "\ufe0f"
        for each in text
    )
    return next((each for each, skip in zip(text, unseen, strict=True) if not skip), " ")


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _same_time(cell: str, text: str) -> bool:
    try:
        return datetime.fromisoformat(cell) == datetime.fromisoformat(text)
    except ValueError:
        return False
