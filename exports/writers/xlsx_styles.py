"""How the cells of a workbook look."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill

_BLUE = "FF366092"


def _font(*, bold: bool = False, size: float = 11, color: str | None = None) -> Font:
    """Return the font of all cells, varied: one without a name would be whatever the program falls back to."""
    return Font(name="Calibri", family=2, scheme="minor", sz=size, b=bold, color=color)


@dataclass(frozen=True, kw_only=True)
class Style:
    """One look."""

    number_format: str = "General"
    font: Font = field(default_factory=_font)
    fill: PatternFill = field(default_factory=PatternFill)
    # Text is shown from its beginning, and what stands beside a tall cell is found at its top.
    alignment: Alignment = field(default_factory=lambda: Alignment(vertical="top"))


# A number stands off the text of the next column.
_NUMBER = Alignment(horizontal="right", vertical="top", indent=1)
_TIME = Alignment(horizontal="center", vertical="top")
_WRAPPED = Alignment(vertical="top", wrap_text=True)

PLAIN = Style()
STYLES: Mapping[str, Style] = {
    "header": Style(
        font=_font(bold=True, color="FFFFFFFF"),
        fill=PatternFill("solid", start_color=_BLUE, end_color=_BLUE),
        alignment=Alignment(horizontal="center", vertical="center", wrap_text=True),
    ),
    "wrapped": Style(alignment=_WRAPPED),
    "integer": Style(number_format="0", alignment=_NUMBER),
    "decimal": Style(alignment=_NUMBER),
    "money": Style(number_format="#,##0.00", alignment=_NUMBER),
    "date": Style(number_format="yyyy-mm-dd", alignment=_TIME),
    "datetime": Style(number_format="yyyy-mm-dd hh:mm:ss", alignment=_TIME),
    "about_title": Style(font=_font(bold=True, size=14, color=_BLUE)),
    "about_label": Style(font=_font(bold=True), alignment=_WRAPPED),
    "about_value": Style(alignment=_WRAPPED),
}
"""By name: the kinds of numbers and times, and what else a sheet needs."""


def add_styles(book: Workbook, number_formats: Mapping[str, str]) -> dict[str, int]:
    """Add every style to a new workbook and return the index of each; cells without a style get the plain one.

    ``number_formats`` has what differs from the usual, by name of style.
    """
    styles = {name: _with_format(style, number_formats.get(name)) for name, style in STYLES.items()}
    indexes = {name: _add(book, style) for name, style in styles.items()}
    # The first style is that of every cell which names none; LibreOffice looks at the named one behind it.
    book._cell_styles[0] = book._cell_styles[_add(book, PLAIN)]
    book._named_styles["Normal"].alignment = PLAIN.alignment
    return indexes


def _with_format(style: Style, number_format: str | None) -> Style:
    return replace(style, number_format=number_format) if number_format else style


def _add(book: Workbook, style: Style) -> int:
    cell = Cell(book.worksheets[0], row=1, column=1)
    cell.number_format, cell.font, cell.fill = style.number_format, style.font, style.fill
    cell.alignment = style.alignment
    return int(cell.style_id)
