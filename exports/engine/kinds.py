"""Which texts are values of a kind, decided for a whole column at once."""

from dataclasses import dataclass

import msgspec
import polars as pl

from exports.types import Kind

SIGNIFICANT_DIGITS = 15
"""What a spreadsheet's double holds exactly; a longer number stays text."""

_WHOLE = r"^-?(?:0|[1-9][0-9]*)(?:\.0+)?$"
_NUMBER = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?$"
_MINUS_ZERO = r"^-0(?:\.0+)?(?:[eE].*)?$"
_NOT_SIGNIFICANT = r"^-?(?:0\.0*)?|\.|[eE].*$"

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}(?::[0-5][0-9](?:\.[0-9]{1,3}0*)?)?"
_ZONE = r" ?(?:Z|[+-][0-9]{2}:?[0-9]{2})"
_TIMES = rf"^{_DAY}(?:[ T]{_TIME}(?:{_ZONE})?)?$"
_OFFSET = rf":[0-9.]+{_ZONE}$"
_LOCAL_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M")
_DAYS_FIRST = ("%Y-%m-%d", *_LOCAL_FORMATS)
_OFFSET_FORMATS = ("%Y-%m-%d %H:%M:%S%.f%z", "%Y-%m-%d %H:%M%z")
# Excel counts a 29 February 1900 that never was; from March on every program agrees which day a number is.
_FIRST = pl.datetime(1900, 3, 1, time_unit="ms")
_LAST = pl.datetime(9999, 12, 31, 23, 59, 59, 999_000, time_unit="ms")


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """A column of texts held against its kind."""

    values: pl.Series
    """What fits: ``String`` for numbers, ``Datetime("ms")`` for times; null elsewhere."""
    converted: pl.Series | None = None
    """Which times came with an offset and were converted; None when none did."""


def parse(text: pl.Series, kind: Kind, zone: str) -> Parsed:
    """Return what of ``text`` fits ``kind``. ``zone`` names (IANA) the zone that times with an offset move to."""
    if kind.is_number:
        return Parsed(values=_numbers(text, kind))
    if kind.is_temporal:
        return _times(text, zone)
    if kind is Kind.LIST:
        return Parsed(values=_nested(text))
    return Parsed(values=text)


def _numbers(text: pl.Series, kind: Kind) -> pl.Series:
    """Keep the texts of JSON numbers that survive a spreadsheet: at most 15 significant digits, no minus zero."""
    value = pl.col(text.name)
    fits = value.str.contains(_WHOLE if kind is Kind.INTEGER else _NUMBER)
    # Most columns are settled by a glance at the longest text and need no second and third pass.
    if _any(text, value.str.starts_with("-0")):
        fits &= ~value.str.contains(_MINUS_ZERO)
    if _any(text, value.str.len_bytes() > SIGNIFICANT_DIGITS):
        fits &= value.str.replace_all(_NOT_SIGNIFICANT, "").str.len_bytes() <= SIGNIFICANT_DIGITS
    return _only(text, fits)


def _nested(text: pl.Series) -> pl.Series:
    """Keep JSON arrays and objects; a database may hand them out as text, and a text may only look like one."""
    fits = [value is None or (value[:1] in "[{" and _is_json(value)) for value in text]
    return _only(text, pl.lit(pl.Series(fits, dtype=pl.Boolean)))


def _is_json(text: str) -> bool:
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _times(text: pl.Series, zone: str) -> Parsed:
    value = pl.col(text.name)
    shaped = _only(text, value.str.contains(_TIMES)).str.replace("T", " ", literal=True)
    local, converted = shaped, None
    # A value without an offset is local already; one with an offset says which instant it is.
    if _any(shaped, value.str.contains(_OFFSET)):
        converted = shaped.str.contains(_OFFSET).fill_null(value=False)
        local = _only(shaped, ~value.str.contains(_OFFSET))
    # A format that does not fit takes as long to find out as three that do.
    bare = local.str.len_bytes().min() == len("2024-01-15")
    times = _first_that_parses(local, _DAYS_FIRST if bare else _LOCAL_FORMATS)
    if converted is not None:
        times = times.zip_with(
            ~converted, _to_zone(shaped.zip_with(converted, pl.Series([None], dtype=pl.String)), zone)
        )
    fits = pl.col(text.name).is_between(_FIRST, _LAST)
    times = _only(times.alias(text.name), fits)
    return Parsed(values=times, converted=None if converted is None else converted & times.is_not_null())


def _first_that_parses(text: pl.Series, formats: tuple[str, ...], time_zone: str | None = None) -> pl.Series:
    times = pl.Series(text.name, [None], dtype=pl.Datetime("ms", time_zone)).new_from_index(0, len(text))
    for form in formats:
        if times.null_count() == text.null_count():
            break
        found = text.str.to_datetime(form, time_unit="ms", time_zone=time_zone, strict=False)
        times = times.zip_with(times.is_not_null(), found)
    return times


def _to_zone(text: pl.Series, zone: str) -> pl.Series:
    spelled = text.str.replace(r" ?Z$", "+00:00").str.replace(r" ([+-])", "$1")
    times = _first_that_parses(spelled, _OFFSET_FORMATS, "UTC")
    return times.dt.convert_time_zone(zone).dt.replace_time_zone(None)


def _any(series: pl.Series, condition: pl.Expr) -> bool:
    return bool(series.to_frame().select(condition.any()).item())


def _only(series: pl.Series, condition: pl.Expr) -> pl.Series:
    """Blank out what does not meet the condition; the series itself where everything does."""
    if not _any(series, ~condition):
        return series
    return series.to_frame().select(pl.when(condition).then(pl.col(series.name)).alias(series.name)).to_series()
