"""What a definition file may contain: one struct per table of the TOML file.

Unknown keys and wrong types are refused when a file is decoded; what one name says about another (a template that names
an unknown field) is checked by ``problems.problems``, so that every mistake of a file is reported at once.
"""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Annotated, Literal

import msgspec

from exports.types import Kind, Operator

from .source_schema import Source

NUMBER_FORMAT_LIMIT = 255
"""Excel's own."""


class FieldDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[fields.NAME]``: one field of the resource."""

    label: str
    kind: Kind = Kind.TEXT
    mapping: str | None = None
    """Name of the table in ``[mappings]`` that turns its codes into labels."""
    aliases: tuple[str, ...] = ()
    sensitive: bool = False
    related: str | None = None
    """Name of the table in ``[related]`` that says what the objects of a list are."""


class RelatedDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[related.NAME]``: rows that belong to a record; the objects of a list field."""

    label: str
    text: str
    """How one row reads in a cell, with its members in braces: ``{question}: {answer}``."""
    separator: str = "; "
    fields: dict[str, FieldDef]


class TemplateDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[templates.NAME]``: which fields, in which order, under which headers."""

    description: str
    fields: tuple[str, ...]
    headers: tuple[str, ...] = ()
    """One per field; without it the fields' labels."""
    sensitive: bool = False
    records_per_file: int
    """How many records a file of a split export holds before the policy adapts it to the count."""
    version: str = ""
    """Shown in the files; without it, a digest of the definition, which changes when the definition does."""
    empty: str = ""
    """What stands where a record has nothing, such as ``N/A``; JSON keeps null."""
    csv_delimiter: Literal[",", ";", "\t", "|"] = ","
    about_sheet: bool | None = None
    """Whether workbooks carry an About sheet; without it, what the dialect's policy says."""
    number_formats: dict[Kind, str] = {}
    """How a spreadsheet shows numbers and times of a kind, in Excel's notation."""
    keys: dict[str, str] = {}
    """Names of members in JSON by field, where they are not the fields' own."""
    include: tuple[str, ...] = ()
    """Options that are on unless a request turns them off."""
    related: Literal["text", "sheets"] = "text"
    """Whether a workbook shows related rows as text in the record's row, or on sheets of their own."""
    max_records_single_file: int | None = None
    """Records one file holds at most, where the dialect's policy would allow more."""


class FilterDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[filters.NAME]``: a filter a caller may ask for and what it compares."""

    label: str
    field: str = ""
    fields: tuple[str, ...] = ()
    """Where a search looks."""
    operator: Operator = Operator.EQUALS
    kind: Kind | None = None
    """How values compare; without it, as those of the field."""
    choices: tuple[str, ...] = ()
    """The only values there are; without them, the codes of the field's mapping, or whatever suits the kind."""
    codes: dict[str, str] = {}
    """Words a caller may use instead of the field's codes."""
    all: str = "all"
    """The word for no condition."""

    @property
    def compared(self) -> tuple[str, ...]:
        """Names of the fields of which one must meet the condition."""
        return self.fields or ((self.field,) if self.field else ())


class OptionDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[options.NAME]``: something that may be turned on or off in a request."""

    label: str
    fields: tuple[str, ...] = ()
    """Columns that are added, or left out."""
    sort: tuple[str, ...] = ()
    """What records are sorted by first."""


class SortDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[sort]``: the columns a caller may sort by, and other names for them."""

    columns: tuple[str, ...]
    aliases: dict[str, str] = {}


class ResourceDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of ``templates_config/CATALOGUE/``."""

    label: str
    description: str = ""
    default_template: str = "standard"
    key: str = "id"
    """The field that is different for every record."""
    program: str = ""
    """The field that says which programme a record belongs to; empty where there are none."""
    watermark_overlap: Annotated[int, msgspec.Meta(ge=0, le=86_400)] = 0
    """Seconds before the newest change of the last run that are looked at again: a row may be committed after others
    that carry a later time."""
    watermark: str = ""
    """The field that says when a record was changed last; what is exported since the last run is found by it."""
    breakdown: str = ""
    """The field that statistics count records by."""
    mappings: dict[str, dict[str, str]] = {}
    fields: dict[str, FieldDef]
    related: dict[str, RelatedDef] = {}
    templates: dict[str, TemplateDef]
    filters: dict[str, FilterDef] = {}
    options: dict[str, OptionDef] = {}
    sort: SortDef = SortDef(columns=())
    source: Source | None = None
    """How the source database is asked for records; None where they only come with requests."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One mistake in a definition: where it is, what is wrong, what to do."""

    key: str
    message: str
    hint: str | None = None


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return a hint that names the known word nearest to ``name``, if any is near."""
    near = get_close_matches(name, list(known), n=1)
    return f"Did you mean '{near[0]}'?" if near else None


def unknown_names(key: str, subject: str, what: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each name that is not known."""
    for name in names:
        if name not in known:
            yield Problem(
                key=key, message=f"{subject} names the unknown {what} '{name}'.", hint=did_you_mean(name, known)
            )
