"""What came out, read by readers that are not the writer."""

import io
import zipfile

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook


def rows(workbook: bytes) -> list[list]:
    """Return the cells of the only sheet, the header first."""
    return CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()


def sheet(workbook: bytes) -> Worksheet:
    """Return the sheet as openpyxl sees it, with its look."""
    return openpyxl.load_workbook(io.BytesIO(workbook)).active


def unzipped(archive: bytes) -> dict[str, bytes]:
    """Return the members of a ZIP that is sound."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}
