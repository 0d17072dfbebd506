"""The About sheet of a workbook: what it holds, who asked for it and when, and what in the data needs a look."""

from collections.abc import Mapping, Sequence

from openpyxl.worksheet.worksheet import Worksheet

from exports.types import DataWarning, Layout

from .about import lines
from .xlsx_page import set_page
from .xlsx_text import escaped_text

_WIDTHS = {"A": 24, "B": 64, "C": 10, "D": 40}

_TITLE_HEIGHT = ' ht="24" customHeight="1"'


def draw_about(sheet: Worksheet) -> None:
    """Set up an empty About sheet: four columns, one page wide."""
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    sheet.sheet_view.showGridLines = False
    set_page(sheet)


def about_rows(layout: Layout, warnings: Sequence[DataWarning], styles: Mapping[str, int]) -> bytes:
    """Return the rows of an About sheet; all of it is text."""
    rows, labelled = [], True
    for number, line in enumerate(lines(layout, warnings), start=1):
        # The line after the empty one is the header of a table, whose rows have no labels.
        names = ["about_title"] if number == 1 else [_style(labelled, place) for place in range(len(line))]
        if len(line) > 2 and labelled:
            names, labelled = ["about_label"] * len(line), False
        cells = (
            _cell(f"{letter}{number}", styles[name], text)
            for letter, name, text in zip(_WIDTHS, names, line, strict=False)
        )
        height = _TITLE_HEIGHT if number == 1 else ""
        rows.append(f'<row r="{number}"{height}>{"".join(cells)}</row>')
    return "".join(rows).encode()


def _style(labelled: bool, place: int) -> str:
    return "about_label" if labelled and place == 0 else "about_value"


def _cell(reference: str, style: int, text: str) -> str:
    return f'<c r="{reference}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escaped_text(text)}</t></is></c>'
