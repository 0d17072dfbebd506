"""What a field is, and what may be asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a field's values are, and so how each format shows them."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    CODE = "code"
    LIST = "list"

    @property
    def is_number(self) -> bool:
        """Whether a spreadsheet should be able to add such values up."""
        return self in (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY)

    @property
    def is_temporal(self) -> bool:
        """Whether such values are points in time."""
        return self in (Kind.DATE, Kind.DATETIME)


class Operator(StrEnum):
    """How a condition compares a field with a value."""

    EQUALS = "equals"
    IN = "in"
    FROM = "from"
    """At or after the value; the same as MIN, in the word people use for dates."""
    TO = "to"
    """At or before the value; a date without a time of day counts to its end."""
    MIN = "min"
    MAX = "max"
    BETWEEN = "between"
    """In a range that is open where one of its ends is not given; becomes FROM and TO, or MIN and MAX."""
    SINCE = "since"
    """At or after the value, or nothing at all: what may have changed since."""
    SEARCH = "search"
    """Holds the text somewhere, whatever the case of its letters."""
    HAS = "has"
    """Is a list that has the value, or one of the values."""
    LIMIT = "limit"
    """Compares nothing: so many records are wanted at most."""


class Trait(StrEnum):
    """What may be known of all texts of a column, so that writers need not look at each; see ``engine.traits``."""

    OPENS_PLAINLY = "opens_plainly"
    """They begin with a letter or digit, or are phone numbers behind a ``+``: no spreadsheet runs them."""
    UNQUOTED = "unquoted"
    """None is empty, none holds a quote, a line end or a CSV delimiter."""
    PLAIN = "plain"
    """All of that; nor do they hold a control character, a blank at the end, one of ``& < > \\`` or ``_x``, which a
    workbook takes for an escape. No text format needs to quote, escape or protect any of them."""


@dataclass(frozen=True, kw_only=True)
class Related:
    """Rows that belong to one record, such as a participant's payments: a JSON array of objects in a list field."""

    label: str
    """What people call the rows; the name of their sheet."""
    fields: "tuple[Field, ...]"
    """The members of each object."""
    text: str
    """How one row reads in a cell, with the names of fields in braces: ``{question}: {answer}``."""
    separator: str = "; "
    """Between the rows of one record in a cell."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a resource."""

    name: str
    """The key under which records carry the value."""
    label: str
    """What people call it; the header unless a template says otherwise."""
    kind: Kind = Kind.TEXT
    labels: Mapping[str, str] | None = None
    """Code to label, for codes and booleans; a code that is not listed is written as it came."""
    aliases: tuple[str, ...] = ()
    """Other keys the value may come under; the first that a record has counts."""
    sensitive: bool = False
    """Whether only who may export sensitive values gets them."""
    related: Related | None = None
    """What the objects of a list field are; None for a list of anything."""

    @property
    def members(self) -> "tuple[Field, ...]":
        """The fields of its related rows, named as no field of a record is: ``payments.amount``."""
        fields = self.related.fields if self.related else ()
        return tuple(replace(member, name=f"{self.name}.{member.name}") for member in fields)

    @property
    def is_sensitive(self) -> bool:
        """Whether it, or something in its related rows, is sensitive."""
        return self.sensitive or any(member.sensitive for member in self.members)

    @property
    def is_joined(self) -> bool:
        """Whether its related rows are shown as one text; otherwise they are a list."""
        return self.related is not None and self.kind is Kind.TEXT

    def joined(self) -> "Field":
        """Return the field that shows its related rows as one text."""
        return replace(self, kind=Kind.TEXT)

    def masked(self) -> "Field":
        """Return the field that shows the same text whatever a record has."""
        return replace(self, kind=Kind.TEXT, labels=None, related=None)


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of one export: a field under its header."""

    field: Field
    header: str
    key: str = ""
    """Name of the member in JSON; the field's where it is empty."""
    width: int | None = None
    """Widest value in characters, header not counted; None when nobody measured."""
    traits: frozenset[Trait] = frozenset()
    """What is known of its texts in the whole export; misfits not counted."""

    @property
    def name(self) -> str:
        """The name of the field, and of the column in every frame."""
        return self.field.name

    @property
    def member(self) -> str:
        """The name of the member in JSON."""
        return self.key or self.name

    @property
    def kind(self) -> Kind:
        """The kind of the field."""
        return self.field.kind


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One thing a record must fulfil to be exported."""

    fields: tuple[str, ...]
    """Names of fields; one of them must meet it."""
    operator: Operator
    value: Any
    """What is compared with, as text (``engine.lexical``); for ``in`` and ``has`` a tuple of texts as well."""
    kind: Kind
    """How values compare."""
    filter: str = ""
    """The filter that it comes from, for a source that knows how to ask for it."""


@dataclass(frozen=True, kw_only=True)
class Sorting:
    """By which field the rows are ordered."""

    field: str
    descending: bool = False
