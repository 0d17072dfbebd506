"""Values that cross the borders between rooms: frozen, keyword-only, a line for each field.

``fields``: what a field is. ``files``: what a file looks like, and what is known about it. ``requests``: what somebody
asks for.
"""

from .fields import Column, Condition, Field, Kind, Operator, Sorting, Trait
from .files import (
    MEDIA_TYPES,
    SHEET_RECORDS,
    SHEETS,
    WARNINGS,
    About,
    CheckedFile,
    DataWarning,
    Format,
    Layout,
    MadeFile,
    OpenedFile,
    Part,
    StoredFile,
    WrittenFile,
)
from .requests import ExportSpec, Idempotency, Lane, Plan, Principal, Progress, Strategy
from .sheets import SHEET_NAME_LIMIT, sheet_name_problem

__all__ = [
    "MEDIA_TYPES",
    "SHEETS",
    "SHEET_NAME_LIMIT",
    "SHEET_RECORDS",
    "WARNINGS",
    "About",
    "CheckedFile",
    "Column",
    "Condition",
    "DataWarning",
    "ExportSpec",
    "Field",
    "Format",
    "Idempotency",
    "Kind",
    "Lane",
    "Layout",
    "MadeFile",
    "OpenedFile",
    "Operator",
    "Part",
    "Plan",
    "Principal",
    "Progress",
    "Sorting",
    "StoredFile",
    "Strategy",
    "Trait",
    "WrittenFile",
    "sheet_name_problem",
]
