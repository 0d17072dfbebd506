"""The names of a workbook's sheets."""

from collections.abc import Iterable, Sequence

from exports.exceptions import InvalidSheetName
from exports.types import SHEET_NAME_LIMIT, sheet_name_problem


def check_sheet_name(name: str) -> str:
    """Return ``name`` if Excel opens a workbook with such a sheet; otherwise raise InvalidSheetName, which says why."""
    if problem := sheet_name_problem(name):
        raise InvalidSheetName(f"The sheet name {problem}")
    return name


def sheet_names(name: str, count: int, used: Sequence[str] = ()) -> list[str]:
    """Return names for ``count`` sheets: the name itself, then ``Name (2)`` and so on, cut to Excel's length.

    None is one of ``used``.
    """
    names: list[str] = []
    for _ in range(count):
        names.append(unused_name(name, [*used, *names]))
    return names


def unused_name(name: str, used: Iterable[str]) -> str:
    """Return the name, with a number where a sheet is called so already; Excel makes no difference of case."""
    taken = {each.lower() for each in used}
    made, number = name, 1
    while made.lower() in taken:
        number += 1
        ending = f" ({number})"
        made = _cut(name, SHEET_NAME_LIMIT - len(ending)) + ending
    return made


def _cut(name: str, units: int) -> str:
    """Return as much of a name as so many UTF-16 units hold, which is what Excel counts: an emoji is two."""
    return name.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore")
