"""What each dialect allows: the structs of ``templates_config/policies.toml``."""

from typing import Annotated

import msgspec

from exports.types import SHEET_RECORDS, Lane


class LaneRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[[lanes]]``: which exports a lane serves."""

    name: Lane
    below: int | None = None
    """Serves exports of fewer records than this; the last rule has no bound."""


class Chunks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[[dialects.NAME.chunks]]``: how many records a file of a split export holds."""

    below: int | None = None
    """Applies to exports of fewer records than this; the last rule has no bound."""
    factor: float = 1.0
    """Times the template's own number."""
    at_most: int | None = None
    at_least: int | None = None

    def size(self, base: int) -> int:
        """Return records per file for a template's own number."""
        size = int(base * self.factor)
        if self.at_most is not None:
            size = min(size, self.at_most)
        if self.at_least is not None:
            size = max(size, self.at_least)
        return size


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[dialects.NAME]``: the limits one dialect promises."""

    catalogue: str
    """Whose resources it exports."""
    formats: tuple[str, ...]
    default_format: str
    max_records: int | None = None
    """Most records of one request."""
    single_file_records: int
    """Exports of more records than this are split."""
    single_file_by_template: bool = False
    """Whether a template may want less in a single file."""
    compressed_from: int | None = None
    """Single files of so many records and more are packed with gzip; None for none."""
    inline_records: int
    """Exports of up to this many records are built by the process that is asked."""
    wait_seconds: float = 0
    """How long the call waits for the file before it answers that it is being made."""
    wait_records: int | None = None
    """Calls for more records than this do not wait; None: all do."""
    retention_hours: int
    archives: bool = False
    """Whether files go to the archive, where the installation has one, when their time is over."""
    max_concurrent: int | None = None
    """How many of its exports may be under way at once."""
    strict: bool = True
    """Whether an unknown filter, sort column or option is refused; where not, filters that were applied before are only
    recorded, and a sort column that does not exist is reported."""
    rate_per_minute: int | None = None
    """How many exports a caller may ask for in a minute."""
    file_name: str = "{resource}_{template}_{date}"
    """What a file is called that nobody named, without its extension."""
    max_filename: int = 200
    """Characters, the extension included."""
    chunks: tuple[Chunks, ...] = (Chunks(),)
    rows_per_sheet: Annotated[int, msgspec.Meta(ge=1, le=SHEET_RECORDS)] = 100_000
    """Records on a sheet of a workbook before the next one begins; the default is what document 002 recommends."""
    about_sheet: bool = True
    """Whether workbooks carry an About sheet behind the data, where a template does not say."""


class Policies(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole of ``policies.toml``."""

    lanes: tuple[LaneRule, ...]
    dialects: dict[str, Policy]
