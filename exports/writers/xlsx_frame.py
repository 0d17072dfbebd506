"""The frame of a workbook: everything but the rows, drawn once per look by openpyxl.

Drawing takes some ten milliseconds, and an export comes in up to fifty files of one look, so each process keeps the
frames it drew. A frame holds the parts of the workbook as openpyxl made them, the sheet cut in two around its rows.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import accumulate

import polars as pl
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from exports.types import Column, Kind, Layout

from .sheet_name import check_sheet_name, sheet_names, unused_name
from .xlsx_about import draw_about
from .xlsx_page import set_page
from .xlsx_styles import add_styles
from .xlsx_text import escaped

CREATOR = "YBB Export Portal"
LAST_ROW = 1_048_576
MAX_WIDTH = 50
"""Characters; wider text is wrapped."""
LINE_HEIGHT = 15
"""Points a line of text takes."""
_MIN_WIDTH = 8
_WIDTH_MARGIN = 2
_FILTER_BUTTON = 3
"""Characters the button of the autofilter covers."""
Drawn = tuple[str, Kind, int]
"""Header, kind and width of a column."""
Look = tuple[tuple[str, ...], tuple[Drawn, ...]]
"""Names of the sheets of a table, and its columns."""
_INDENT = 1
_DRAWN_AT = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class SheetFrame:
    """A sheet without its rows."""

    before_rows: bytes
    """Up to and with the header row."""
    after_rows: bytes
    """From ``</sheetData>`` on; ranges end in ``LAST_ROW``."""

    def end_of(self, rows: int) -> bytes:
        """Return what follows the rows of a sheet of ``rows`` rows, its header counted."""
        return _ranged(self.after_rows, [rows])


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A workbook without its rows."""

    parts: Mapping[str, bytes]
    """Members by name, the sheets excepted; ranges end in ``LAST_ROW`` less the sheet's place, times are _DRAWN_AT."""
    tables: Sequence[SheetFrame]
    """What all sheets of a table look like: that of the records, then those of related rows."""
    about: tuple[bytes, bytes] | None
    """The About sheet before and after its rows."""
    styles: Mapping[str, int]
    """Index of each of ``xlsx_styles.STYLES``."""

    def parts_of(self, rows: Sequence[int], moment: datetime) -> dict[str, bytes]:
        """Return the members of a workbook made at ``moment`` whose sheets have so many rows, headers counted."""
        return {name: _dated(_ranged(part, rows), moment) for name, part in self.parts.items()}


def part_name(number: int) -> str:
    """Return the name of the member that holds a sheet, counted from 1."""
    return f"xl/worksheets/sheet{number}.xml"


def tables_of(layout: Layout) -> list[tuple[Column, ...]]:
    """Return the columns of each table of a workbook: the records, then what is related to them."""
    return [layout.columns, *(sheet.columns for sheet in layout.related_sheets)]


def has_about(layout: Layout) -> bool:
    """Tell whether a workbook gets an About sheet."""
    return layout.about_sheet and layout.about is not None


def is_wide(column: Column) -> bool:
    """Tell whether a column's text is wrapped because it is wider than a column should be."""
    return not (column.kind.is_number or column.kind.is_temporal) and (column.width or 0) > MAX_WIDTH


def rows_per_sheet(layout: Layout) -> int:
    """Return how many records a sheet holds before the next one begins."""
    return min(layout.rows_per_sheet, LAST_ROW - 1)


def frame_of(layout: Layout, sheets: Sequence[int]) -> Frame:
    """Return the frame of a layout for so many sheets of each table. Raises InvalidSheetName."""
    used: list[str] = []
    looks: list[Look] = []
    wanted = [layout.sheet_name, *(sheet.label for sheet in layout.related_sheets)]
    for name, columns, count in zip(wanted, tables_of(layout), sheets, strict=True):
        names = sheet_names(check_sheet_name(name), count, used)
        used += names
        looks.append((tuple(names), tuple((column.header, column.kind, column.width or 0) for column in columns)))
    about = unused_name("About", used) if has_about(layout) else None
    formats = tuple((kind.value, shown) for kind, shown in layout.number_formats.items())
    return _draw(tuple(looks), about, layout.title or used[0], formats)


@lru_cache(maxsize=64)
def _draw(looks: tuple[Look, ...], about: str | None, title: str, formats: tuple[tuple[str, str], ...]) -> Frame:
    book = Workbook()
    book.remove(book.worksheets[0])
    for names, columns in looks:
        for name in names:
            last_row = LAST_ROW - len(book.worksheets)
            sheet = book.create_sheet(name)
            _set_widths(sheet, columns)
            _set_view_and_print(sheet, len(columns), last_row)
    if about:
        draw_about(book.create_sheet(about))
    book.properties.title = title
    book.properties.creator = CREATOR
    book.properties.created = book.properties.modified = _DRAWN_AT.replace(tzinfo=None)
    styles = add_styles(book, dict(formats))
    return _cut(book, looks, styles)


def _set_widths(sheet: Worksheet, columns: tuple[Drawn, ...]) -> None:
    for place, (header, kind, width) in enumerate(columns, start=1):
        needed = max(width + _INDENT * kind.is_number, len(header) + _FILTER_BUTTON, _MIN_WIDTH)
        sheet.column_dimensions[get_column_letter(place)].width = min(needed, MAX_WIDTH) + _WIDTH_MARGIN


def _set_view_and_print(sheet: Worksheet, columns: int, last_row: int) -> None:
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(columns)}{last_row}"
    sheet.print_title_rows = "1:1"
    set_page(sheet)


def _header(headers: list[str], style: int) -> bytes:
    """Return the first row: text whatever it looks like, where openpyxl would make formulas of some."""
    texts = pl.DataFrame({"header": headers}, schema={"header": pl.String}).select(escaped(pl.col("header")))["header"]
    tag = f'1" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
    cells = [
        f'<c r="{get_column_letter(place)}{tag}{text or ""}</t></is></c>' for place, text in enumerate(texts, start=1)
    ]
    lines = max((1 + (len(header) + _FILTER_BUTTON - 1) // MAX_WIDTH for header in headers), default=1)
    height = f' ht="{lines * LINE_HEIGHT}" customHeight="1"' if lines > 1 else ""
    return f'<row r="1"{height}>{"".join(cells)}</row>\n'.encode()


def _cut(book: Workbook, looks: Sequence[Look], styles: Mapping[str, int]) -> Frame:
    drawn = io.BytesIO()
    book.save(drawn)
    with zipfile.ZipFile(drawn) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheets = [_halves(parts.pop(part_name(number + 1))) for number in range(len(book.worksheets))]
    *starts, count = accumulate((len(names) for names, _ in looks), initial=0)
    tables = [
        _table(*sheets[start], start, _header([header for header, _, _ in columns], styles["header"]))
        for start, (_, columns) in zip(starts, looks, strict=True)
    ]
    return Frame(parts=parts, tables=tables, about=sheets[-1] if len(sheets) > count else None, styles=styles)


def _table(before: bytes, after: bytes, place: int, header: bytes) -> SheetFrame:
    return SheetFrame(before_rows=before + header, after_rows=_ranged(after, [LAST_ROW] * (place + 1)))


def _halves(sheet: bytes) -> tuple[bytes, bytes]:
    # The dimension openpyxl saw is that of an empty sheet; some readers believe it and show no rows.
    before, _, after = re.sub(rb"<dimension [^>]*/>", b"", sheet).partition(b"<sheetData")
    after = after.removeprefix(b" />").removeprefix(b"/>").removeprefix(b"></sheetData>")
    return before + b"<sheetData>", b"</sheetData>" + after


def _ranged(part: bytes, rows: Sequence[int]) -> bytes:
    """Let the ranges of a part end where the rows do: each sheet was drawn with an end of its own."""
    ends = {b"%d" % (LAST_ROW - place): b"%d" % last for place, last in enumerate(rows)}
    return re.sub(rb"(?<=:)(\$?[A-Z]+\$?)([0-9]+)\b", lambda found: found[1] + ends.get(found[2], found[2]), part)


def _dated(part: bytes, moment: datetime) -> bytes:
    return part.replace(_iso(_DRAWN_AT), _iso(moment))


def _iso(moment: datetime) -> bytes:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
