"""Rows of a sheet as blocks of XML.

A row is a template with holes for numbers and texts, filled by one expression; a cell that may be absent is filled by
itself first, and is empty where it is. (16,384 x 15: 13 ms; a column a cell takes 18, joining Python strings 27.)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
import polars.selectors as cs
from openpyxl.utils import get_column_letter

from exports.types import Column, Kind, Trait

from .blocks import lines
from .xlsx_frame import LINE_HEIGHT, MAX_WIDTH, is_wide
from .xlsx_text import Care, Warn, escaped, keeps_space, questions, writable

_ROW = "#"
"""Column of row numbers; no field can be called that next to its own, for frames are made anew here."""
_MOST_LINES = 8
"""Lines of text a row has room for; what is longer is clipped, not the sheet stretched."""
_DAYS_TO_1970 = 25_569
_DAY_MS = 86_400_000


@dataclass(frozen=True)
class _Cell:
    """A cell of every row."""

    template: str
    """XML with a ``{}`` where a value goes."""
    values: tuple[pl.Expr, ...]

    def filled(self) -> pl.Expr:
        """Return the cell as one text, null where a value is."""
        return pl.format(self.template, *self.values)


def rows_xml(
    rows: pl.DataFrame, columns: tuple[Column, ...], first: int, styles: Mapping[str, int], warn: Warn
) -> Iterator[bytes]:
    """Return ``<row>`` elements for a shaped frame; ``first`` is the number of the first row in the sheet.

    What there is to warn of is said at once. The rows are filled at once too, by all threads of Polars; their bytes are
    made when they are asked for.
    """
    made = _Cells(rows, columns, first, styles, warn)
    cells = [made.row(), *map(made.cell, range(len(columns)))]
    # Polars fills both halves side by side. Blanks between cells let deflate find longer matches: 1 % of the file.
    middle = len(cells) // 2
    halves = made.frame.select(left=_filled(cells[:middle]), right=_filled(cells[middle:]))
    return lines(halves, "</row>\n", separator=" ", quote_style="never")


def _filled(cells: Sequence[_Cell]) -> pl.Expr:
    template = " ".join(cell.template for cell in cells)
    return pl.format(template, *(value for cell in cells for value in cell.values))


class _Cells:
    """The cells of one slice: the frame they are made from, and what becomes of each column."""

    def __init__(
        self, rows: pl.DataFrame, columns: tuple[Column, ...], first: int, styles: Mapping[str, int], warn: Warn
    ) -> None:
        self._columns, self._styles = columns, styles
        texts = _text_columns(rows, columns)
        facts = rows.select(*map(questions, texts), _whole_days(cs.datetime())).to_dicts()
        known = facts[0] if facts else {}
        care = [Care(name, **known.pop(name)) for name in texts]
        self._whole_days = frozenset(name for name, whole in known.items() if whole)
        self._careful = [column.name for column in care if column.suspect or column.long]
        numbers = pl.int_range(first, first + rows.height, dtype=pl.Int64).cast(pl.String).alias(_ROW)
        escapes = [escaped(pl.col(each.name), odd=each.odd) for each in care if each.name in self._careful]
        self._wide = [column.name for column in columns if is_wide(column)]
        self.frame = writable(rows, care, warn).with_columns(numbers, *escapes)

    def row(self) -> _Cell:
        """Return the opening tag of the rows, higher where text is wrapped; LibreOffice would not make room itself."""
        texts = dict.fromkeys([*self._wide, *self._careful])
        if not texts:
            return _Cell('<row r="{}">', (pl.col(_ROW),))
        needed = pl.max_horizontal(pl.lit(1), *(_lines(name, wide=name in self._wide) for name in texts))
        height = pl.format(' ht="{}"', needed.clip(upper_bound=_MOST_LINES) * LINE_HEIGHT)
        return _Cell('<row r="{}"{}>', (pl.col(_ROW), pl.when(needed > 1).then(height).otherwise(pl.lit(""))))

    def cell(self, place: int) -> _Cell:
        """Return a column's cell; where it may be absent, it is a single value that can be empty."""
        column, letter = self._columns[place], get_column_letter(place + 1)
        cell = self._cell(column, letter)
        if (misfit := f"{column.name}?") in self.frame.columns:
            return _Cell("{}", (pl.coalesce(cell.filled(), self._text(misfit, letter).filled(), pl.lit("")),))
        return _Cell("{}", (cell.filled().fill_null(""),)) if self.frame[column.name].null_count() else cell

    def _cell(self, column: Column, letter: str) -> _Cell:
        if column.kind.is_temporal:
            return self._time(column, letter)
        if column.kind.is_number:
            return self._number(letter, column.kind.value, pl.col(column.name))
        return self._text(column.name, letter)

    def _text(self, name: str, letter: str) -> _Cell:
        wrapped = f' s="{self._styles["wrapped"]}"'
        style = wrapped if name in self._wide else ""
        start, tag, end = f'<c r="{letter}{{}}"', f'{style} t="inlineStr"><is><t>', "{}</t></is></c>"
        if name not in self._careful:
            return _Cell(start + tag + end, (pl.col(_ROW), pl.col(name)))
        # Line feeds are only shown where text is wrapped.
        kept = f'{wrapped} t="inlineStr"><is><t xml:space="preserve">'
        tags = pl.when(keeps_space(pl.col(name))).then(pl.lit(kept)).otherwise(pl.lit(tag))
        return _Cell(f"{start}{{}}{end}", (pl.col(_ROW), tags, pl.col(name)))

    def _number(self, letter: str, style: str, value: pl.Expr) -> _Cell:
        return _Cell(f'<c r="{letter}{{}}" s="{self._styles[style]}"><v>{{}}</v></c>', (pl.col(_ROW), value))

    def _time(self, column: Column, letter: str) -> _Cell:
        moment = pl.col(column.name).dt.epoch("ms")
        day = (moment // _DAY_MS + _DAYS_TO_1970).cast(pl.String)
        if column.name in self._whole_days:
            return self._number(letter, column.kind.value, day)
        # Ten decimals of a day are 9 microseconds; the digits beyond them would be noise that does not compress.
        exact = (moment / _DAY_MS + _DAYS_TO_1970).round(10).cast(pl.String)
        timed = self._number(letter, "datetime", exact)
        if column.kind is Kind.DATETIME:
            return timed
        dated = self._number(letter, "date", day)
        return _Cell("{}", (pl.when(moment % _DAY_MS == 0).then(dated.filled()).otherwise(timed.filled()),))


def _lines(name: str, *, wide: bool) -> pl.Expr:
    """Return how many lines a text takes in its cell."""
    text = pl.col(name)
    breaks = text.str.count_matches("\n", literal=True)
    return breaks + (text.str.len_chars() + MAX_WIDTH - 1) // MAX_WIDTH if wide else breaks + 1


def _whole_days(times: pl.Expr) -> pl.Expr:
    """Return whether no time of a column has a time of day."""
    return (times.dt.epoch("ms") % _DAY_MS == 0).all()


def _text_columns(rows: pl.DataFrame, columns: tuple[Column, ...]) -> list[str]:
    """Return which columns of the frame are written as text and not known to be plain, misfits among them."""
    names = {column.name for column in columns if not (column.kind.is_number or Trait.PLAIN in column.traits)}
    names |= {f"{column.name}?" for column in columns}
    return [name for name, dtype in rows.schema.items() if name in names and dtype == pl.String]
