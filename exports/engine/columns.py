"""Records to columns: one typed Polars column per field, and beside it what did not fit.

No value is lost or guessed: what does not fit its kind stays the text it came as, in ``<field>?``, and is counted.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import polars as pl

from exports.types import Field, Kind

from .decode import Source
from .items import Items
from .joining import joined
from .kinds import parse
from .labels import relabel
from .table import Noticed, Table, misfit_name
from .traits import Traits, traits_of

KEPT_AS_TEXT = "kept_as_text"
"""Warning: the values do not fit the field's kind and were written as the text they are."""
ZONE_CONVERTED = "zone_converted"
"""Notice: the times came with an offset and were converted to the export's zone."""
_TOGETHER = 4096
"""Records whose fields are taken together."""
# Unicode Standard Annex 11, in broad strokes.
_TWO_WIDE = r"[\x{1100}-\x{115F}\x{2E80}-\x{A4CF}\x{AC00}-\x{D7A3}\x{F900}-\x{FAFF}\x{FE30}-\x{FE4F}"
_TWO_WIDE += r"\x{FF00}-\x{FF60}\x{FFE0}-\x{FFE6}\x{1F300}-\x{1FAFF}\x{20000}-\x{3FFFD}]"


def build(source: Source, fields: Sequence[Field], zone: str = "UTC") -> Table:
    """Build the table of ``fields`` from records.

    ``zone`` is the IANA name of the zone that times with an offset are shown in. The frame has a column per field in
    the order of ``fields``, each misfit column right after its field. Of related rows, too, is known how wide they are
    and what in them was not taken as it came, by the names of ``Field.members``.
    """
    columns: list[pl.Series] = []
    noticed: list[Noticed] = []
    widths: dict[str, int] = {}
    traits: dict[str, Traits] = {}
    for field, text in zip(fields, _texts(source, fields), strict=True):
        values, *misfits = _typed(text, field, zone, noticed)
        shown = values.to_frame().select(relabel(field)).to_series() if field.labels else values
        if field.related:
            shown = _joined(values, field, zone, widths, noticed)
        elif not (field.kind.is_number or field.kind.is_temporal):
            traits[field.name] = traits_of(values)
        widths[field.name] = max(_width(field, shown), *map(_longest, misfits), 0)
        columns += [values, *misfits]
    return Table(frame=pl.DataFrame(columns), widths=widths, traits=traits, noticed=tuple(noticed))


def typed(source: Source, fields: Sequence[Field], zone: str = "UTC") -> Iterator[pl.Series]:
    """Yield the columns of ``build`` without finding out anything about them."""
    for field, text in zip(fields, _texts(source, fields), strict=True):
        yield from _typed(text, field, zone, [])


def _texts(source: Source, fields: Sequence[Field]) -> Iterator[pl.Series]:
    """Yield the texts of each field.

    All fields of some thousand records are taken before those of the next, while the records are near the processor:
    field after field over 200,000 records takes twice as long.
    """
    pieces: dict[str, list[pl.Series | None]] = {field.name: [] for field in fields}
    for first in range(0, len(source), _TOGETHER):
        rows = slice(first, first + _TOGETHER)
        for field in fields:
            pieces[field.name].append(_text(field.name, source.values(field, rows)))
    for field in fields:
        known = [piece for piece in pieces[field.name] if piece is not None]
        simple = known and len(known) == len(pieces[field.name])
        yield pl.concat(known, rechunk=True) if simple else pl.Series(field.name, source.texts(field), dtype=pl.String)


def _text(name: str, values: list[Any] | pl.Series) -> pl.Series | None:
    """Return the texts of values of one type, or None; Polars may not infer types: it would take True for 1."""
    # To be refused by Polars would take long: it looks at every value, and seconds at one that is nested deeply.
    types = {str} if isinstance(values, pl.Series) else set(map(type, values)) - {type(None)}
    if types <= {str}:
        return pl.Series(name, values, dtype=pl.String)
    # It refuses an integer beyond 64 bits (TypeError) or 128 (OverflowError).
    with suppress(TypeError, OverflowError):
        if types in ({bool}, {int}):
            return pl.Series(name, values, dtype=pl.Boolean if types == {bool} else pl.Int64).cast(pl.String)
    return None


def _typed(text: pl.Series, field: Field, zone: str, noticed: list[Noticed]) -> Iterator[pl.Series]:
    parsed = parse(text, field.kind, zone)
    yield parsed.values
    if parsed.converted is not None and parsed.converted.any():
        noticed.append(Noticed(ZONE_CONVERTED, field.name, parsed.converted.arg_true()))
    if parsed.values.null_count() == text.null_count():
        return
    misfit = text.is_not_null() & parsed.values.is_null()
    # An empty string is how many systems send "nothing": kept, but no reason to alarm anybody.
    if (surprising := misfit & (text != "")).any():
        noticed.append(Noticed(KEPT_AS_TEXT, field.name, surprising.arg_true()))
    yield text.zip_with(misfit, pl.Series([None], dtype=pl.String)).alias(misfit_name(field.name))


def _joined(lists: pl.Series, field: Field, zone: str, widths: dict[str, int], noticed: list[Noticed]) -> pl.Series:
    """Return the related rows of each record as one text, and find out about their members.

    The rows of some thousand records are looked at together: there may be many.
    """
    texts: list[pl.Series] = []
    found: dict[tuple[str, str], list[pl.Series]] = {}
    for first in range(0, max(len(lists), 1), _TOGETHER):
        items = Items(lists.slice(first, _TOGETHER), field)
        table = build(items, items.related.fields, zone)
        texts.append(joined(items, table.frame, min(len(lists) - first, _TOGETHER)))
        for name, width in table.widths.items():
            member = f"{field.name}.{name}"
            widths[member] = max(width, widths.get(member, 0))
        for each in (*table.noticed, *_kept(items)):
            found.setdefault((each.code, each.column), []).append(items.owners.gather(each.rows) + first)
    noticed += [Noticed(code, f"{field.name}.{column}", pl.concat(rows)) for (code, column), rows in found.items()]
    return pl.concat(texts)


def _kept(items: Items) -> Iterator[Noticed]:
    if rows := [place for place, text in items.kept.items() if text]:
        yield Noticed(KEPT_AS_TEXT, items.holder.name, pl.Series(rows))


def _width(field: Field, column: pl.Series) -> int:
    """Return how many characters the widest value of a column, codes under their labels, is shown with."""
    if column.dtype != pl.String:
        timeless = field.kind is Kind.DATE and bool((column == column.dt.truncate("1d")).all())
        return len("2024-01-15") if timeless else len("2024-01-15 10:30:00")
    if field.kind is Kind.MONEY:
        whole = _longest(column.str.extract(r"^-?([0-9]+)", 1))
        return whole + max(whole - 1, 0) // 3 + len("-.00")
    return _longest(column)


def _longest(column: pl.Series) -> int:
    """Return the width of the widest text; Chinese, Japanese and Korean characters and emoji are two wide."""
    widths = column.str.len_chars()
    beyond_ascii = column.str.len_bytes() != widths
    if not beyond_ascii.any():
        return int(widths.max() or 0)  # type: ignore[arg-type]
    # Names repeat: a regular expression over each different one costs a tenth of one over all.
    other = column.filter(beyond_ascii).unique()
    wider = other.str.len_chars() + other.str.count_matches(_TWO_WIDE)
    return max(int(widths.max() or 0), int(wider.max() or 0))  # type: ignore[arg-type]
