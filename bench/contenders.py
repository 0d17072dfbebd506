"""How each library turns the same records into a file.

A contender is a function that is given the inputs and returns the work that is timed: a function of the output path.
The others write headers and values as they come; ours also draws styles, widths, filter and About sheet, types the
values, keeps formulas out and counts what does not fit.
"""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .inputs import Inputs, django, names, rows, source_of, wish

Work = Callable[[Path], None]


def openpyxl(inputs: Inputs) -> Work:
    """Write with openpyxl, write-only."""
    from openpyxl import Workbook

    records = inputs.records()

    def work(output: Path) -> None:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Data")
        sheet.append(names())
        for row in rows(records):
            sheet.append(row)
        book.save(output)

    return work


def openpyxl_typed(inputs: Inputs) -> Work:
    """Write what ours writes: times as times, codes under their labels. For comparing sizes."""
    from openpyxl import Workbook

    fields = wish().fields
    records = inputs.records()

    def value(field: Any, raw: Any) -> Any:
        if raw is None or field.kind.is_number:
            return raw
        return datetime.fromisoformat(raw) if field.kind.is_temporal else (field.labels or {}).get(str(raw), raw)

    def work(output: Path) -> None:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Data")
        sheet.append([field.label for field in fields])
        for record in records:
            sheet.append([value(field, record[field.name]) for field in fields])
        book.save(output)

    return work


def xlsxwriter(inputs: Inputs) -> Work:
    """Write with XlsxWriter in its mode of constant memory."""
    import xlsxwriter as library

    records = inputs.records()
    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}

    def work(output: Path) -> None:
        with library.Workbook(output, options) as book:
            sheet = book.add_worksheet("Data")
            sheet.write_row(0, 0, names())
            for number, row in enumerate(rows(records), start=1):
                sheet.write_row(number, 0, row)

    return work


def pyexcelerate(inputs: Inputs) -> Work:
    """Write with PyExcelerate."""
    from pyexcelerate import Workbook

    records = inputs.records()

    def work(output: Path) -> None:
        book = Workbook()
        book.new_sheet("Data", data=[names(), *rows(records)])
        book.save(str(output))

    return work


def native(inputs: Inputs) -> Work:
    """Write with rust_xlsxwriter through its Python binding."""
    from rustpy_xlsxwriter import write_worksheet

    records = inputs.records()
    return lambda output: write_worksheet(records, str(output), sheet_name="Data")


def csv_module(inputs: Inputs) -> Work:
    """Write CSV with the standard library, the faster of its two writers."""
    records = inputs.records()

    def work(output: Path) -> None:
        with output.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(names())
            writer.writerows(rows(records))

    return work


def ours_from_records(inputs: Inputs) -> Work:
    """Make columns of the same dicts, then the workbook."""
    fields = wish().fields
    from exports.engine import columns

    records = inputs.records()

    def work(output: Path) -> None:
        _write(columns.build(source_of(rows(records)), fields), "excel", output)

    return work


def ours_staged(inputs: Inputs) -> Work:
    """Make the workbook from the durable columns."""
    return _from_staged(inputs, "excel")


def ours_csv(inputs: Inputs) -> Work:
    """Make CSV from the durable columns."""
    return _from_staged(inputs, "csv")


def floor(inputs: Inputs) -> Work:
    """Deflate the sheet that ours writes, and nothing else: no writer with this compression can be faster."""
    import zipfile

    from isal import isal_zlib

    workbook = inputs.folder / f"floor-{inputs.count}.xlsx"
    if not workbook.exists():
        ours_staged(inputs)(workbook)
    sheet = zipfile.ZipFile(workbook).read("xl/worksheets/sheet1.xml")
    block = 1 << 20

    def work(output: Path) -> None:
        deflate = isal_zlib.compressobj(2, isal_zlib.DEFLATED, -15)
        with output.open("wb") as file:
            for start in range(0, len(sheet), block):
                file.write(deflate.compress(sheet[start : start + block]))
            file.write(deflate.flush())

    return work


def json_openpyxl(inputs: Inputs, output: Path) -> None:
    """Turn a JSON file into a workbook by openpyxl."""
    openpyxl(inputs)(output)


def json_native(inputs: Inputs, output: Path) -> None:
    """Turn a JSON file into a workbook by the native binding."""
    native(inputs)(output)


def _from_staged(inputs: Inputs, format: str) -> Work:
    path = inputs.staged
    django()
    from exports.engine.table import StagedTable

    return lambda output: _write(StagedTable(path), format, output)


def _write(table: Any, format: str, output: Path) -> None:
    from exports import writers
    from exports.engine import shape
    from exports.layouts import layout_of_table
    from exports.types import Format

    layout = layout_of_table(wish(), Format(format), table, datetime.now(UTC))
    with output.open("w+b") as file:
        writer = writers.writer_class(format)(file, layout)
        for piece in shape.slices(table, [column.field for column in layout.columns]):
            writer.write(piece)
        writer.close()
