"""Records as lines of JSON (RFC 8259), made column by column.

Each record is one line: no text can break it, for a line feed inside a string is written ``\\n``. As with the rows of a
workbook, every ``"name":value`` is an expression, and Polars' CSV writer, told to quote nothing, joins them into bytes.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import polars as pl

from exports.moments import Times, time_text, times_of
from exports.types import Column, Kind, Trait

from .blocks import lines

_NEEDS_ESCAPE = r'["\\\x00-\x1F]'
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPES |= {chr(code): f"\\u{code:04x}" for code in range(0x20) if chr(code) not in _ESCAPES}
_TRUTH = {"true": "true", "false": "false", "1": "true", "0": "false"}


def record_lines(rows: pl.DataFrame, columns: Sequence[Column], end: str) -> Iterator[bytes]:
    """Yield an object a row of a shaped frame, each followed by ``end``; keys are field names, absent values null.

    Numbers keep the digits they came with, lists and objects stay nested, times are ISO 8601, codes and booleans are
    their labels (a boolean without labels is true or false); what did not fit its kind is a string. Nothing is made
    before the first block is asked for: that may be in another thread.
    """
    rows = _escaped(rows, columns)
    times = times_of(rows, columns)
    members = [_member(column, rows, times) for column in columns]
    # The braces are cells as well: they cost less there than in the expressions of the first and last column.
    members[0] = pl.concat_str(pl.lit("{"), members[0])
    members[-1] = pl.concat_str(members[-1], pl.lit("}"))
    cells = rows.select(member.alias(f"c{place}") for place, member in enumerate(members))
    yield from lines(cells, end, quote_style="never")


def _member(column: Column, rows: pl.DataFrame, times: Mapping[str, Times]) -> pl.Expr:
    key = msgspec.json.encode(column.member).decode() + ":"
    member = _value(column, times, key)
    if (misfit := f"{column.name}?") in rows.columns:
        member = pl.coalesce(member, _string(key, pl.col(misfit)))
    return member.fill_null(f"{key}null")


def _value(column: Column, times: Mapping[str, Times], key: str) -> pl.Expr:
    own = pl.col(column.name)
    if column.kind is Kind.LIST:
        # Between the tokens of what came as text there may be line ends; inside its strings there can be none.
        own = own.str.replace_many(["\n", "\r"], [" ", " "])
    if column.kind.is_number or column.kind is Kind.LIST:
        return pl.concat_str(pl.lit(key), own)
    if column.kind.is_temporal:
        return _string(key, time_text(column, times[column.name], "T"))
    if column.kind is Kind.BOOLEAN and not column.field.labels:
        truth = own.replace_strict(_TRUTH, default=None, return_dtype=pl.String)
        return pl.coalesce(pl.concat_str(pl.lit(key), truth), _string(key, own))
    return _string(key, own)


def _string(key: str, text: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit(f'{key}"'), text, pl.lit('"'))


def _escaped(rows: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """Escape the texts that need it; most columns are settled by one look."""
    safe = {
        column.name
        for column in columns
        if column.kind.is_number or column.kind is Kind.LIST or Trait.PLAIN in column.traits
    }
    names = {column.name for column in columns} - safe
    names |= {f"{column.name}?" for column in columns}
    texts = [name for name, dtype in rows.schema.items() if name in names and dtype == pl.String]
    needy = rows.select(pl.col(texts).str.contains(_NEEDS_ESCAPE).any())
    return rows.with_columns(pl.col([name for name in texts if needy[name][0]]).str.replace_many(_ESCAPES))
