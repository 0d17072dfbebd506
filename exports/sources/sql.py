"""The statements that ask a source database for records: text of the definitions, values bound, nothing else.

``%`` in a definition is doubled because the cursor formats parameters with it. Comparisons mean what
``engine.conditions`` means: texts are equal by their bytes whatever the collation, an end without a time of day counts
to its end.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from exports.catalogue import Source
from exports.catalogue.source_schema import TESTED, RelatedSource
from exports.engine.lexical import FOLDED, folded
from exports.types import Condition, Kind, Operator

UNICODE_FOLD = "exports_fold"
"""Function that every connection to SQLite is given: its own LOWER knows ASCII only."""
_STEPS = {10: timedelta(days=1), 16: timedelta(minutes=1), 19: timedelta(seconds=1)}
"""How long a moment written with so many characters lasts."""
_TRUTHS = {"1": ("1", "true"), "true": ("1", "true"), "0": ("0", "false"), "false": ("0", "false")}


class Sql(NamedTuple):
    """A piece of a statement and the values it binds, in order."""

    text: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Query:
    """What is asked of a source, in the words of one engine."""

    source: Source
    """As the engine wants it (``Source.variant``)."""
    vendor: str
    conditions: Sequence[Condition] = ()

    def page(self, fields: Iterable[str], after: object, rows: int) -> Sql:
        """Return so many rows behind the key ``after`` (None for the first), in the order of the key.

        The first column is the key, then one a field.
        """
        key = _raw(self.source.key)
        columns = ", ".join([key, *(_raw(self.source.columns[field]) for field in fields)])
        behind = () if after is None else (Sql(f"{key} > %s", (after,)),)
        where = self._where(*behind)
        return Sql(f"SELECT {columns}{where.text} ORDER BY {key} LIMIT {int(rows)}", where.values)

    def count(self) -> Sql:
        """Return how many rows there are."""
        where = self._where()
        return Sql(f"SELECT COUNT(*){where.text}", where.values)

    def keyless(self) -> Sql:
        """Return a row without a key, if there is one."""
        where = self._where(Sql(f"{_raw(self.source.key)} IS NULL"))
        return Sql(f"SELECT 1{where.text} LIMIT 1", where.values)

    def keys(self) -> Sql:
        """Return how many rows there are, and how many different keys they have."""
        where = self._where()
        return Sql(f"SELECT COUNT(*), COUNT(DISTINCT {_raw(self.source.key)}){where.text}", where.values)

    def breakdown(self, field: str) -> Sql:
        """Return how many rows there are by the values of a field."""
        column, where = _raw(self.source.columns[field]), self._where()
        return Sql(f"SELECT {column}, COUNT(*){where.text} GROUP BY {column}", where.values)

    def probe(self, expression: str) -> Sql:
        """Return nothing, or fail where an expression names what is not there."""
        return Sql(f"SELECT {_raw(expression)} FROM {_raw(self.source.from_)} WHERE 1 = 0")

    def _where(self, *more: Sql) -> Sql:
        own = (Sql(f"({_raw(self.source.where)})"),) if self.source.where else ()
        every = [*own, *(self._condition(condition) for condition in self.conditions), *more]
        where = f" WHERE {' AND '.join(each.text for each in every)}" if every else ""
        return Sql(f" FROM {_raw(self.source.from_)}{where}", _values(every))

    def _condition(self, condition: Condition) -> Sql:
        if condition.filter in self.source.filters:
            return self._embedded(self.source.filters[condition.filter], condition)
        each = [self._compared(_raw(self.source.columns[field]), condition) for field in condition.fields]
        return Sql(f"({' OR '.join(one.text for one in each)})", _values(each))

    def _embedded(self, text: str, condition: Condition) -> Sql:
        (expression,) = TESTED.findall(text)
        test = self._compared(_raw(expression), condition)
        before, _, after = TESTED.split(text)
        return Sql(f"({_raw(before)}({test.text}){_raw(after)})", test.values)

    def _compared(self, column: str, condition: Condition) -> Sql:
        match condition.operator:
            case Operator.EQUALS | Operator.IN | Operator.HAS:
                return self._equal(column, condition)
            case Operator.SEARCH:
                return self._holds(column, str(condition.value))
            case Operator.SINCE:
                return Sql(f"({column} >= %s OR {column} IS NULL)", (_moment(condition.value),))
            case Operator.FROM | Operator.MIN:
                return Sql(f"{column} >= %s", (self._bound(condition.value, condition.kind),))
        if condition.kind.is_temporal:
            return Sql(f"{column} < %s", (_end(condition.value),))
        return Sql(f"{column} <= %s", (self._bound(condition.value, condition.kind),))

    def _equal(self, column: str, condition: Condition) -> Sql:
        wanted = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        if condition.kind.is_temporal:
            each = [
                Sql(f"({column} >= %s AND {column} < %s)", (_moment(text), _end(text))) for text in map(str, wanted)
            ]
            return Sql(f"({' OR '.join(one.text for one in each)})", _values(each))
        if condition.kind.is_number:
            return _one_of(column, [self._bound(text, condition.kind) for text in wanted])
        if condition.kind is Kind.BOOLEAN:
            wanted = tuple(spelling for text in wanted for spelling in _TRUTHS[text.lower()])
        return self._same_text(column, wanted)

    def _same_text(self, column: str, wanted: Sequence[str]) -> Sql:
        if self.vendor != "mysql":
            return _one_of(f"CAST({column} AS TEXT)", wanted)
        exact = _one_of(_bytes(column), wanted, _bytes("%s"))
        # A column of an old character set cannot be compared with what that set does not know.
        if not "".join(wanted).isascii():
            return exact
        # The column's own collation may take other letters for the same, but only it has the index.
        near = _one_of(column, wanted)
        return Sql(f"({near.text} AND {exact.text})", (*near.values, *exact.values))

    def _holds(self, column: str, text: str) -> Sql:
        sought = folded(text)
        if self.vendor == "mysql":
            return Sql(f"INSTR({_bytes(_folded(_unicode(column)))}, {_bytes('%s')}) > 0", (sought,))
        if self.vendor == "postgresql":
            return Sql(f"STRPOS({_folded(f'CAST({column} AS TEXT)')}, %s) > 0", (sought,))
        return Sql(f"INSTR({UNICODE_FOLD}({column}), %s) > 0", (sought,))

    def _bound(self, text: str, kind: Kind) -> object:
        if kind.is_temporal:
            return _moment(text)
        number = Decimal(text)
        if number == number.to_integral_value() and abs(number) < 1 << 63:
            return int(number)
        # SQLite compares a Decimal, which it is given as text, as text; of integers it takes 64 bits.
        return float(number) if self.vendor == "sqlite" else number


def related(rows: RelatedSource, members: Sequence[str], keys: Sequence[object]) -> Sql:
    """Return the rows that belong to some records: the key, then one column a member, in their order."""
    key = _raw(rows.key)
    columns = ", ".join([key, *(_raw(rows.columns[member]) for member in members)])
    belongs = _one_of(key, keys)
    where = f"({_raw(rows.where)}) AND {belongs.text}" if rows.where else belongs.text
    order = ", ".join(filter(None, [key, _raw(rows.order)]))
    return Sql(f"SELECT {columns} FROM {_raw(rows.from_)} WHERE {where} ORDER BY {order}", belongs.values)


def _one_of(column: str, wanted: Sequence[object], placeholder: str = "%s") -> Sql:
    return Sql(f"{column} IN ({', '.join([placeholder] * len(wanted))})", tuple(wanted))


def _raw(text: str) -> str:
    return text.replace("%", "%%")


def _unicode(column: str) -> str:
    return f"CONVERT({column} USING utf8mb4)"


def _folded(column: str) -> str:
    """Return an expression that does what ``folded`` does."""
    text = f"LOWER({column})"
    for letter, other in FOLDED:
        text = f"REPLACE({text}, '{letter}', '{other}')"
    return text


def _bytes(column: str) -> str:
    """Return an expression that MySQL compares byte by byte, blanks at the end too."""
    return f"CAST({_unicode(column)} AS BINARY)"


def _values(pieces: Iterable[Sql]) -> tuple[Any, ...]:
    return tuple(value for piece in pieces for value in piece.values)


def _moment(text: str) -> str:
    return re.sub(r"[ T]00:00(:00(\.0+)?)?$", "", text).replace("T", " ")


def _end(text: str) -> str:
    """Return the first moment after the one that is written."""
    moment = datetime.fromisoformat(text)
    after = moment + _STEPS.get(len(text), timedelta(microseconds=1))
    return _moment(after.isoformat(sep=" "))
