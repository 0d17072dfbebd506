"""What ``[source]`` of a definition file may contain: how the source database is asked for the records of a resource.

Every text here is SQL of whoever runs the portal, in the words of their own tables; nothing that a caller says is ever
put into it. Where engines differ, ``[source.variants.ENGINE]`` says the same in another way.
"""

import re

import msgspec

VENDORS = ("sqlite", "mysql", "postgresql")
"""Engines as Django calls them; MariaDB is ``mysql``."""
TESTED = re.compile(r"\{([^{}]+)\}")
"""In the SQL of a filter: what is compared, in braces."""


class RelatedSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[source.related.NAME]``: where the rows are that belong to a record."""

    from_: str = msgspec.field(name="from")
    """What follows FROM."""
    key: str
    """The expression that equals the record's key."""
    where: str = ""
    order: str = ""
    """What the rows of one record are ordered by."""
    columns: dict[str, str]
    """Expression by member."""


class Index(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[[source.indexes]]``: an index that the queries need to be quick."""

    table: str
    columns: tuple[str, ...]


class Variant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[source.variants.ENGINE]``: what one engine wants to be asked otherwise."""

    from_: str = msgspec.field(name="from", default="")
    where: str = ""
    columns: dict[str, str] = {}
    filters: dict[str, str] = {}
    related: dict[str, dict[str, str]] = {}
    """Expression by member, by name of the related rows."""


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[source]``: one row of it is one record."""

    from_: str = msgspec.field(name="from")
    """What follows FROM: a table and what is joined to it, none of which may multiply its rows."""
    key: str
    """An expression that is different in every row and never null, best the primary key: pages go along it."""
    where: str = ""
    """What is never exported, whatever is asked for."""
    columns: dict[str, str]
    """Expression by field."""
    filters: dict[str, str] = {}
    """Condition by filter, where a comparison of its field's column will not do; what is compared is in braces."""
    related: dict[str, RelatedSource] = {}
    indexes: tuple[Index, ...] = ()
    variants: dict[str, Variant] = {}

    def variant(self, vendor: str) -> "Source":
        """Return the source as one engine wants to be asked."""
        own = self.variants.get(vendor)
        if own is None:
            return self
        related = {
            name: msgspec.structs.replace(rows, columns=rows.columns | own.related.get(name, {}))
            for name, rows in self.related.items()
        }
        return msgspec.structs.replace(
            self,
            from_=own.from_ or self.from_,
            where=own.where or self.where,
            columns=self.columns | own.columns,
            filters=self.filters | own.filters,
            related=related,
        )
