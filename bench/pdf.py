"""Tables as PDF: what is measured of them."""

from functools import partial

from . import pdf_cases
from .cases import OURS, Case, Target, faster
from .contenders import Work
from .inputs import Inputs
from .measure import Contender, Result, in_process

EVERYWHERE, NEEDED, FPDF2 = "LongTable, Paragraph everywhere", "LongTable, Paragraph where needed", "fpdf2 table()"
_cold = partial(in_process, warm_up=0)
_SLOW = 5_000
"""Records the others are asked for at most: their time grows faster than the table."""


def cases() -> list[Case]:
    """Return the cases of this module."""
    return [_tables()]


def _tables() -> Case:
    return Case(
        "pdf",
        "PDF of twelve columns in eleven scripts",
        (
            Contender(OURS, _cold("pdf:ours")),
            Contender(EVERYWHERE, _cold("pdf:longtable_paragraphs"), _SLOW),
            Contender(NEEDED, _cold("pdf:longtable_where_needed"), _SLOW),
            Contender(FPDF2, _cold("pdf:fpdf2_table"), _SLOW),
        ),
        (5_000, 20_000),
        (
            Target("5,000 x 12 as PDF, against LongTable with Paragraphs", 12, 25, faster(OURS, EVERYWHERE, 5_000)),
            Target("against LongTable with Paragraphs where needed", 7, 14, faster(OURS, NEEDED, 5_000)),
            Target("against fpdf2's table()", 35, 70, faster(OURS, FPDF2, 5_000)),
            Target("5,000 x 12 as PDF, peak memory (VmHWM)", 160, 120, _peak, "MiB"),
            Target("peak memory of 20,000 against 5,000", 1.2, 1.1, _growth, "x as much"),
        ),
        note="The first file of a fresh process. Only ours joins, stacks and reorders letters, and tags the table; "
        "only records up to 5,000 are asked of the others.",
    )


def ours(inputs: Inputs) -> Work:
    """Write with the portal's own writer, from a shaped frame."""
    frame = pdf_cases.frame(inputs.count)
    return lambda output: pdf_cases.ours(frame, output)


def longtable_paragraphs(inputs: Inputs) -> Work:
    """Write with reportlab's LongTable, a Paragraph in every cell."""
    rows = pdf_cases.rows(inputs.count)
    return lambda output: pdf_cases.longtable_paragraphs(rows, output)


def longtable_where_needed(inputs: Inputs) -> Work:
    """Write with reportlab's LongTable, Paragraphs where a cell wraps or needs another font."""
    rows = pdf_cases.rows(inputs.count)
    return lambda output: pdf_cases.longtable_where_needed(rows, output)


def fpdf2_table(inputs: Inputs) -> Work:
    """Write with fpdf2's ``table()``."""
    rows = pdf_cases.rows(inputs.count)
    return lambda output: pdf_cases.fpdf2_table(rows, output)


def _peak_of(results: list[Result], count: int) -> int:
    return next(result.peak for result in results if (result.title, result.count) == (OURS, count))


def _peak(results: list[Result]) -> float:
    return _peak_of(results, 5_000) / 2**20


def _growth(results: list[Result]) -> float:
    return _peak_of(results, 20_000) / _peak_of(results, 5_000)
