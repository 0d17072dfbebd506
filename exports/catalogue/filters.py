"""Filters a caller may ask for: a value in a request becomes conditions, or an error that names the filter.

One declaration serves records of the source database, where conditions become SQL, and records that came with a
request, where the engine applies them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite

from exports.exceptions import BadRequest
from exports.types import Condition, Kind, Operator

from .schema import did_you_mean

_RANGE_OPERATORS = {"start": Operator.FROM, "end": Operator.TO, "min": Operator.MIN, "max": Operator.MAX}
_MANY = (Operator.EQUALS, Operator.IN, Operator.HAS)
_WHOLE = re.compile(r"-?[0-9]{1,19}\Z")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?\Z")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)?\Z")
_EXPECTED = {
    Kind.INTEGER: "a whole number",
    Kind.DECIMAL: "a number",
    Kind.MONEY: "a number",
    Kind.DATE: "a date such as 2026-05-15",
    Kind.DATETIME: "a date such as 2026-05-15",
    Kind.BOOLEAN: "true or false",
}
"""What values of a kind are, for people."""
MAX_VALUES = 1000
"""Values a list may hold: databases bind only so many."""


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A filter a caller may ask for."""

    name: str
    label: str
    fields: tuple[str, ...]
    """Names of the fields of which one must meet the condition; none where the number of records is limited."""
    kind: Kind
    """How values are compared."""
    operator: Operator
    choices: tuple[str, ...] = ()
    """The only values there are; without them, any that suits the kind."""
    codes: Mapping[str, str]
    """Words a caller may use instead of the field's codes."""
    all: str = "all"
    """The word for no condition."""

    def conditions(self, value: object) -> list[Condition]:
        """Return the conditions of a value a caller gave; none where it says that everything is wanted.

        Raises:
            BadRequest: it has the wrong type, is none of the choices, or is a range that nothing can lie in.
        """
        if self.wants_all(value):
            return []
        if self.operator is Operator.BETWEEN:
            return list(self._range(value))
        if self.operator in _MANY and isinstance(value, list):
            return self._any_of(value)
        return [self._condition(self.operator, self._text(value))]

    def wants_all(self, value: object) -> bool:
        """Tell whether a value stands for no condition."""
        return value is None or value == "" or (isinstance(value, str) and value.lower() == self.all)

    def limit(self, value: object) -> int:
        """Return the number of records that are wanted at most. Raises BadRequest."""
        text = self._text(value)
        if not _WHOLE.match(text) or int(text) < 1:
            raise self._refused(f"takes a whole number from 1 on, not '{text[:40]}'")
        return int(text)

    def _any_of(self, values: list[object]) -> list[Condition]:
        if not values:
            raise self._refused(f"is an empty list; leave it out, or send '{self.all}', for no condition")
        if len(values) > MAX_VALUES:
            raise self._refused(f"takes up to {MAX_VALUES:,} values")
        if any(map(self.wants_all, values)):
            return []
        many = Operator.HAS if self.operator is Operator.HAS else Operator.IN
        return [self._condition(many, tuple(map(self._text, values)))]

    def _range(self, value: object) -> Iterator[Condition]:
        ends = ("start", "end") if self.kind.is_temporal else ("min", "max")
        if not isinstance(value, dict) or not set(value) <= set(ends):
            raise self._refused(f"takes an object with '{ends[0]}' and '{ends[1]}'")
        bounds = {end: self._text(value[end]) for end in ends if not self.wants_all(value.get(end))}
        if len(bounds) == 2 and self._is_empty(*(bounds[end] for end in ends)):
            raise self._refused(f"begins after its end: '{ends[0]}' is greater than '{ends[1]}'")
        for end, text in bounds.items():
            yield self._condition(_RANGE_OPERATORS[end], text)

    def _is_empty(self, lower: str, upper: str) -> bool:
        if not self.kind.is_temporal:
            return float(lower) > float(upper)
        # An end without a time of day, or without seconds, counts to its end.
        return lower.replace("T", " ") > upper.replace("T", " ") + "~"

    def _condition(self, operator: Operator, value: str | tuple[str, ...]) -> Condition:
        return Condition(fields=self.fields, operator=operator, value=value, kind=self.kind, filter=self.name)

    def _text(self, value: object) -> str:
        if isinstance(value, (list, dict)):
            raise self._refused("takes a single value")
        word = str(value).lower() if isinstance(value, bool) else str(value)
        code = self._code(word)
        if self.choices and code not in self.choices:
            known = ", ".join([*self.codes, *(choice for choice in self.choices if choice not in self.codes.values())])
            near = did_you_mean(word, (*self.codes, *self.choices))
            raise self._refused(f"takes one of: {known}, {self.all}; not '{word[:40]}'", near)
        if not fits(code, self.kind):
            expected = _EXPECTED.get(self.kind, "a text without the character U+0000")
            raise self._refused(f"takes {expected}, not '{word[:40]}'")
        return code

    def _code(self, word: str) -> str:
        """Return the code that a word stands for, in whatever case it is written; the word itself where it is none."""
        spelled = {choice.lower(): choice for choice in self.choices} | dict(self.codes)
        return spelled.get(word.lower(), word)

    def _refused(self, why: str, hint: str | None = None) -> BadRequest:
        sentence = f"Filter '{self.name}' {why}."
        return BadRequest(f"{sentence} {hint}" if hint else sentence, field=f"filters.{self.name}")


def fits(text: str, kind: Kind) -> bool:
    """Tell whether a field of this kind can be compared with a text."""
    try:
        if kind is Kind.INTEGER:
            return bool(_WHOLE.match(text)) and abs(int(text)) < 1 << 63
        if kind.is_number:
            return bool(_NUMBER.match(text)) and isfinite(float(text))
        if kind.is_temporal:
            return bool(_MOMENT.match(text) and datetime.fromisoformat(text))
        if kind is Kind.BOOLEAN:
            return text.lower() in ("0", "1", "true", "false")
    except ValueError:
        return False
    return "\0" not in text
