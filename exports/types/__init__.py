"""Values that cross the borders between rooms: frozen, keyword-only, a line for each field.

``fields``: what a field is. ``files``: what a file looks like, and what is known about it. ``requests``: what somebody
asks for. ``uploads``: what files of records are taken. ``downloads``: files on their way to a caller.
"""

from .downloads import Blocks, FollowedFile, OpenedFile
from .fields import Column, Condition, Field, Kind, Operator, Related, Sorting, Trait
from .files import (
    MEDIA_TYPES,
    RECORD,
    SHEET_RECORDS,
    SHEETS,
    WARNINGS,
    About,
    CheckedFile,
    DataWarning,
    Format,
    Layout,
    MadeFile,
    Part,
    RelatedSheet,
    StoredFile,
    WrittenFile,
)
from .requests import Cut, ExportSpec, Idempotency, Lane, Plan, Principal, Progress, ScheduledRun, Strategy
from .sheets import SHEET_NAME_LIMIT, sheet_name_problem
from .uploads import UploadFormat, upload_format

__all__ = [
    "MEDIA_TYPES",
    "RECORD",
    "SHEETS",
    "SHEET_NAME_LIMIT",
    "SHEET_RECORDS",
    "WARNINGS",
    "About",
    "Blocks",
    "CheckedFile",
    "Column",
    "Condition",
    "Cut",
    "DataWarning",
    "ExportSpec",
    "Field",
    "FollowedFile",
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
    "Related",
    "RelatedSheet",
    "ScheduledRun",
    "Sorting",
    "StoredFile",
    "Strategy",
    "Trait",
    "UploadFormat",
    "WrittenFile",
    "sheet_name_problem",
    "upload_format",
]
