"""Text as a cell can hold it: ECMA-376 Part 1, 22.9.2.19 (ST_Xstring) and the limits of Excel."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

MAX_UNITS = 32_767
"""UTF-16 units in a cell; Excel calls a file with more corrupt."""

# XML knows no control characters, so SpreadsheetML writes them as _xHHHH_ and a text that looks like that gets its own
# underscore escaped. The closing underscore is not asked for: what follows may be an escape and bring one.
_LOOKS_ESCAPED = r"_(x[0-9A-Fa-f]{4})"
# LibreOffice takes fewer digits as well. Such escapes may share an underscore, so all of that text's are escaped.
_LOOKS_ESCAPED_TO_SOME = r"_x[0-9A-Fa-f]{1,3}[_\x00-\x1F]"
_ANY_ESCAPE = r"_(x[0-9A-Fa-f])"
# XML parsers turn a bare carriage return into a line feed; a character reference survives, in openpyxl too.
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"} | {
    chr(code): f"_x{code:04X}_" for code in range(0x20) if chr(code) not in "\t\n\r"
}
_TRANSLATION = str.maketrans(_ESCAPES)
_UNWRITABLE = {"\ufffe": "\ufffd", "\uffff": "\ufffd"}
"""No XML parser takes these two in any spelling."""
_REPLACEMENT = str.maketrans("\ufffe\uffff", "\ufffd\ufffd")

_SUSPECT = r"[&<>\x00-\x1F\u{FFFE}\u{FFFF}]|_x"
_ODD = r"_x|[\u{FFFE}\u{FFFF}]"
"""The suspects that hardly any text has."""
_XML_BLANK = " \t\n"

Warn = Callable[[str, str, list[int]], None]
"""Takes a warning's code, a field and the rows (from 0)."""


@dataclass(frozen=True)
class Care:
    """What the texts of one column need before they may go into XML."""

    name: str
    suspect: bool
    """Whether any is empty, begins or ends with a blank, or holds a character or mark that XML treats."""
    odd: bool
    """Whether any holds what hardly any text does: an escape's beginning, or a character that XML has not."""
    long: bool
    """Whether any has more bytes than a cell has units."""


def questions(name: str) -> pl.Expr:
    """Return what ``Care`` wants to know about a column, in one pass."""
    text = pl.col(name)
    suspect = text.str.contains(_SUSPECT) | text.str.starts_with(" ") | text.str.ends_with(" ") | (text == "")
    long = text.str.len_bytes().max().fill_null(0) > MAX_UNITS
    return pl.struct(suspect=suspect.any(), odd=text.str.contains(_ODD).any(), long=long).alias(name)


def writable(rows: pl.DataFrame, columns: Sequence[Care], warn: Warn) -> pl.DataFrame:
    """Return the rows with what no cell can hold cut or replaced; ``warn`` is told."""
    for column in columns:
        if column.odd:
            rows = rows.with_columns(_replaced(rows[column.name], warn))
        if column.long:
            rows = rows.with_columns(_cut(rows[column.name], warn))
    return rows


def escaped(text: pl.Expr, *, odd: bool = True) -> pl.Expr:
    """Return texts as they go into XML, empty ones as null; ``odd`` unless none looks like an escape."""
    # A regular expression that replaces takes twice the time of everything else here.
    own = _guarded(text) if odd else text
    return pl.when(text != "").then(own.str.replace_many(_ESCAPES))


def _guarded(text: pl.Expr) -> pl.Expr:
    by_standard, all_of_them = (text.str.replace_all(each, "_x005F_$1") for each in (_LOOKS_ESCAPED, _ANY_ESCAPE))
    return pl.when(text.str.contains(_LOOKS_ESCAPED_TO_SOME)).then(all_of_them).otherwise(by_standard)


def escaped_text(text: str) -> str:
    """Return one text as it goes into XML, cut and replaced where no cell can hold it."""
    guarded = _ANY_ESCAPE if re.search(_LOOKS_ESCAPED_TO_SOME, text) else _LOOKS_ESCAPED
    return re.sub(guarded, r"_x005F_\1", cell_text(text)).translate(_TRANSLATION)


def cell_text(text: str) -> str:
    """Return what of a text a cell can hold."""
    return cut_to_cell(text).translate(_REPLACEMENT)


def keeps_space(text: pl.Expr) -> pl.Expr:
    """Return whether a parser would drop blanks of an escaped text unless told to preserve them."""
    # calamine drops a carriage return too, spelled as a reference or not.
    return (text.str.strip_chars(_XML_BLANK) != text) | text.str.contains("\n|&#13;")


def _replaced(text: pl.Series, warn: Warn) -> pl.Series:
    """Replace what no XML parser takes."""
    lost = text.str.contains_any(list(_UNWRITABLE))
    if not lost.any():
        return text
    warn("character_replaced", text.name, lost.arg_true().to_list())
    return text.str.replace_many(_UNWRITABLE)


def _cut(text: pl.Series, warn: Warn) -> pl.Series:
    """Cut what is longer than a cell, which is rare enough to look at each such text by itself."""
    whole = text.to_list()
    cut = [value if value is None or len(value) * 2 <= MAX_UNITS else cut_to_cell(value) for value in whole]
    if rows := [row for row, (before, after) in enumerate(zip(whole, cut, strict=True)) if before != after]:
        warn("cell_cut", text.name, rows)
    return pl.Series(text.name, cut, dtype=pl.String)


def cut_to_cell(text: str) -> str:
    """Return as much of a text as a cell holds; a surrogate pair is not halved."""
    return text.encode("utf-16-le")[: 2 * MAX_UNITS].decode("utf-16-le", "ignore")
