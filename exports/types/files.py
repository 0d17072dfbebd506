"""What a file looks like, and what is known about one that was made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from .fields import Column, Field, Kind

SHEET_RECORDS = 1_048_575
"""Records a sheet of Excel holds below its header."""


SHEETS = 10
"""Sheets of records in a workbook; what is more goes into the next file."""


class Format(StrEnum):
    """A file format that can be asked for."""

    EXCEL = "excel"
    CSV = "csv"
    JSON = "json"
    NDJSON = "ndjson"
    PDF = "pdf"
    EXCEL_GZ = "xlsx.gz"
    CSV_GZ = "csv.gz"
    JSON_GZ = "json.gz"
    NDJSON_GZ = "ndjson.gz"

    @property
    def extension(self) -> str:
        """The ending of its file names, dot included; ``.xlsx.gz`` has two."""
        return ".xlsx" if self is Format.EXCEL else f".{self.value}"

    @property
    def gzipped(self) -> "Format":
        """The same inside gzip; itself where it is that already, or is packed as it stands."""
        name = f"{self.extension[1:]}.gz"
        return Format(name) if name in set(Format) else self

    @property
    def has_sheets(self) -> bool:
        """Whether a file of it can hold only so many records."""
        return self in (Format.EXCEL, Format.EXCEL_GZ)

    @property
    def keeps_null(self) -> bool:
        """Whether programs read it, so that nothing may stand where a record has nothing."""
        return self in (Format.JSON, Format.NDJSON, Format.JSON_GZ, Format.NDJSON_GZ)

    @property
    def media_type(self) -> str:
        """What HTTP calls it."""
        return MEDIA_TYPES[f".{self.extension.rpartition('.')[2]}"]


MEDIA_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".ndjson": "application/x-ndjson",
    ".pdf": "application/pdf",
    ".gz": "application/gzip",
    ".zip": "application/zip",
}
"""Media type by the last ending of a file name."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One file of a plan."""

    number: int
    """Counted from 1."""
    first_row: int
    """Counted from 1."""
    last_row: int

    @property
    def rows(self) -> int:
        """How many records the file holds."""
        return self.last_row - self.first_row + 1


@dataclass(frozen=True, kw_only=True)
class DataWarning:
    """Something in the data was not written as its field declares; counted, never silent."""

    code: str
    """Stable word for the cause, such as ``kept_as_text``."""
    column: str
    """Field name."""
    count: int
    """How many values."""
    rows: tuple[int, ...] = ()
    """The first few rows, counted from 1 over the whole export."""
    detail: str = ""
    """What exactly, where the cause alone does not tell: the first few characters no font has, as code points."""

    @property
    def sentence(self) -> str:
        """What happened to the values, for people."""
        return WARNINGS.get(self.code, self.code.replace("_", " ").capitalize())


WARNINGS = {
    "kept_as_text": "Does not fit the column's kind; kept as text, as it came",
    "zone_converted": "Came with a UTC offset; converted to the export's time zone",
    "character_replaced": "Holds a character that no workbook can; replaced by U+FFFD",
    "cell_cut": "Longer than the 32,767 characters of a cell; cut",
    "cell_shortened": "Longer than the lines of a cell; its beginning is shown, and how much is missing",
    "no_glyph": "Holds a character that no font has; a box with its code is drawn",
    "control_character": "Holds a control character; a box with its code is drawn",
    "many_rows": "More records than people read in a document; all are in it",
    "sensitive_masked": "Sensitive; whoever asked may not export it, so every value is hidden",
    "sort_ignored": "Cannot be sorted by; the records stay in the order they came in",
}
"""What each code of a warning means."""


@dataclass(frozen=True, kw_only=True)
class About:
    """Where a file comes from: the About sheet of a workbook, the metadata of a JSON file."""

    resource: str
    template: str
    template_version: str
    """Changes whenever the template's columns, headers or labels do."""
    requester: str
    """Who asked, as the name stood then; empty where nobody is known."""
    asked_at: datetime
    """In the export's time zone, aware of it."""
    time_zone: str
    """IANA name of the zone the times of the file are in."""
    filters: Mapping[str, Any] = field(default_factory=dict)
    records: int
    """Records of the whole export."""
    part: Part
    """Which of them this file holds."""
    of: int = 1
    """How many files the export has."""
    warnings: tuple[DataWarning, ...] = ()
    """What was known of the data before this file was written."""


RECORD = "#"
"""Column of a frame of related rows: the place of each row's record in the file, from 0; no field is called that."""


@dataclass(frozen=True, kw_only=True)
class RelatedSheet:
    """Related rows on sheets of their own."""

    label: str
    """The name of the first of them."""
    field: Field
    """The list field they are the value of."""
    columns: tuple[Column, ...]
    """The record's key, then the members of the field."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How one file looks: everything a writer needs besides the rows."""

    columns: tuple[Column, ...]
    sheet_name: str = "Data"
    title: str = ""
    """Document title: file properties of a workbook, heading of a PDF."""
    about: About | None = None
    """None where nothing but the data is known."""
    about_sheet: bool = True
    """Whether a workbook shows ``about`` on a sheet of its own, behind the data."""
    rows_per_sheet: int = SHEET_RECORDS
    """Records a sheet of a workbook holds before the next one begins."""
    related_key: Column | None = None
    """Where a workbook shows related rows on sheets of their own: the column that says whose they are, one of
    ``columns``. None where they are joined into one text of the record's own row."""
    related_sheets: tuple[RelatedSheet, ...] = ()
    """What stands on those sheets, and so not in ``columns``."""
    delimiter: str = ","
    """Between the cells of a CSV file."""
    empty: str = ""
    """What stands where a record has nothing."""
    number_formats: Mapping[Kind, str] = field(default_factory=dict)
    """How a spreadsheet shows the values of a kind, in its own notation, where not as usual."""
    language: str = "en"
    """Of headers and title (BCP 47), for readers that speak."""


@dataclass(frozen=True, kw_only=True)
class WrittenFile:
    """What a writer says about the file it closed; verification holds the file on disk against it."""

    rows: int
    """Records, headers not counted."""
    related_rows: tuple[int, ...] = ()
    """Related rows of each of the layout's ``related_sheets``, headers not counted."""
    content_size: int
    """Bytes before compression: what the sheets' XML or the CSV text weighs."""
    content_crc: int
    """CRC-32 of that content, in the order it was written."""
    file_size: int
    """Bytes of the file."""
    file_crc: int
    """CRC-32 of the file, reckoned from what was handed to the disk."""
    warnings: tuple[DataWarning, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CheckedFile:
    """A file that is what its writer said."""

    size: int
    """Bytes on disk."""
    sha256: str


@dataclass(frozen=True, kw_only=True)
class MadeFile:
    """A file that was written and read back, and what that took."""

    written: WrittenFile
    checked: CheckedFile
    write_seconds: float
    verify_seconds: float


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A file that was verified and published."""

    key: str
    """Path inside the storage, never made from user text."""
    size: int
    sha256: str
