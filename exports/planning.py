"""How many files, which strategy, which lane: pure arithmetic on numbers and policies."""

from collections.abc import Sequence
from math import ceil

from .catalogue import Chunks, LaneRule, Policy
from .types import SHEETS, Format, Lane, Part, Plan, Strategy


def plan(
    count: int,
    base: int,
    policy: Policy,
    lanes: Sequence[LaneRule],
    capacity: int | None = None,
    single: int | None = None,
) -> Plan:
    """Plan an export of ``count`` records whose template puts ``base`` records into a file.

    ``capacity`` is the most records one file can hold, ``single`` the most that the template wants in the only one;
    None where nothing limits them.
    """
    split = count > min(policy.single_file_records, single or count)
    size = chunk_size(count, base, policy) if split else max(count, 1)
    if capacity is not None:
        size = min(size, capacity)
    cut = parts(count, size)
    return Plan(
        strategy=Strategy.MULTI_FILE if split or len(cut) > 1 else Strategy.SINGLE_FILE,
        lane=lane(count, lanes),
        inline=count <= policy.inline_records,
        parts=cut,
    )


def capacity(format: Format, policy: Policy) -> int | None:
    """Return how many records one file of a format can hold: a workbook has so many sheets of so many rows."""
    return SHEETS * policy.rows_per_sheet if format.has_sheets else None


def chunk_size(count: int, base: int, policy: Policy) -> int:
    """Return how many records one file of a split export holds."""
    return _rule(count, policy.chunks).size(base)


def lane(count: int, lanes: Sequence[LaneRule]) -> Lane:
    """Return the lane that serves exports of ``count`` records."""
    return next((rule.name for rule in lanes if rule.below is None or count < rule.below), lanes[-1].name)


def parts(count: int, size: int) -> tuple[Part, ...]:
    """Cut ``count`` records into files of ``size``; an export of nothing is still one file."""
    return tuple(
        Part(number=number, first_row=(number - 1) * size + 1, last_row=min(number * size, count))
        for number in range(1, max(ceil(count / size), 1) + 1)
    )


def _rule(count: int, rules: Sequence[Chunks]) -> Chunks:
    return next((rule for rule in rules if rule.below is None or count < rule.below), rules[-1])
