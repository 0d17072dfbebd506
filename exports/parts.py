"""The files an export is cut into: as planned, and anew where one cannot hold what was planned for it."""

from collections.abc import Sequence
from math import ceil

from .delivery import names, storage
from .models import ExportFile, ExportRequest
from .planning import parts
from .types import Format, Part

_ROOM = 0.9
"""Of what fitted into one file, planned for each: the records of another may need more."""


def new_files(export: ExportRequest, cut: Sequence[Part]) -> list[ExportFile]:
    """Return the rows of an export's files, which are not saved yet."""
    return [_new_file(export, part, len(cut)) for part in cut]


def cut_anew(export: ExportRequest, part: ExportFile, fits: int) -> None:
    """Plan all files of an export again, for ``part`` holds only so many of its records; all are made anew.

    Raises:
        LeaseLost: another worker has the part, or cut the export anew already.
    """
    files = ceil(export.record_count / max(int(fits * _ROOM), 1))
    cut = parts(export.record_count, ceil(export.record_count / files))
    for key in export.replace_files(part, new_files(export, cut), names.archive_filename(export.resource)):
        storage.remove(key)


def _new_file(export: ExportRequest, part: Part, of: int) -> ExportFile:
    format = Format(export.format)
    name = export.file_name if of == 1 else names.part_filename(export.resource, part.number, of, format)
    return ExportFile(
        export=export, number=part.number, of=of, first_row=part.first_row, last_row=part.last_row, name=name
    )
