"""A request with every name resolved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from exports.catalogue import Policy, Resource, Template
from exports.types import Column, Condition, Cut, DataWarning, Field, Format, Operator, Sorting

LAST_RUN = "last_run"
"""Value of the option ``since``: whatever changed since the same was exported the last time."""


@dataclass(frozen=True, kw_only=True)
class ValidSpec:
    """A request with every name resolved."""

    policy: Policy
    resource: Resource
    template: Template
    columns: Sequence[Column]
    masked: Sequence[str]
    """Names of those whose values are hidden from whoever asks."""
    format: Format
    file_name: str | None
    sheet_name: str
    conditions: Sequence[Condition]
    """What records must fulfil, whenever they were changed."""
    sorting: Sequence[Sorting]
    limit: int | None
    """Records wanted at most, the first in order."""
    cut: Cut
    archive: bool
    """Whether several files are put into a ZIP as well."""
    retention_hours: int
    since: str
    """Only records changed since this moment are wanted, or since the LAST_RUN; empty for all."""
    in_database: bool
    """Whether the source database has the records."""
    warnings: Sequence[DataWarning]

    @property
    def fields(self) -> list[Field]:
        """The fields to read: those of the columns, and what is filtered and sorted by."""
        names = [column.name for column in self.columns]
        names += [field for condition in self._applied_to_columns for field in condition.fields]
        names += [sorting.field for sorting in self.sorting]
        names += [self.resource.watermark] * bool(self.resource.watermark and (self.in_database or self.since))
        return [self.resource.fields[name] for name in dict.fromkeys(names)]

    @property
    def changed(self) -> list[Condition]:
        """What records must fulfil that are wanted because they changed; nothing for all."""
        if not self.since:
            return []
        field = self.resource.fields[self.resource.watermark]
        return [Condition(fields=(field.name,), operator=Operator.SINCE, value=self.since, kind=field.kind)]

    @property
    def covers_everything(self) -> bool:
        """Whether an export of it, with those before, has every change up to its own newest."""
        return bool(self.resource.watermark) and self.limit is None and self.since in ("", LAST_RUN)

    def warnings_of(self, records: int) -> list[DataWarning]:
        """Return what is told of an export of so many records before any of them is looked at."""
        hidden = [DataWarning(code="sensitive_masked", column=name, count=records) for name in self.masked]
        return [*self.warnings, *hidden]

    def masking(self, names: Sequence[str]) -> "ValidSpec":
        """Return the same wish with other columns hidden."""
        return replace(self, masked=names)

    def changed_since(self, moment: str) -> "ValidSpec":
        """Return the same wish for what changed since a moment; empty for all."""
        return replace(self, since=moment)

    @property
    def _applied_to_columns(self) -> Sequence[Condition]:
        return () if self.in_database else self.conditions
