"""How many files, which strategy, which lane: pure arithmetic on numbers and policies."""

from collections.abc import Sequence
from math import ceil

from .catalogue import Chunks, LaneRule, Policy
from .types import SHEETS, Cut, Format, Lane, Part, Plan, Strategy


def plan(count: int, cut: Cut, policy: Policy, lanes: Sequence[LaneRule], capacity: int | None = None) -> Plan:
    """Plan an export of ``count`` records.

    ``capacity`` is the most records one file can hold; None where nothing limits them.
    """
    strategy = cut.strategy or _strategy(count, cut, policy)
    size = chunk_size(count, cut, policy) if strategy is Strategy.MULTI_FILE else max(count, 1)
    if capacity is not None:
        size = min(size, capacity)
    files = parts(count, size)
    return Plan(
        strategy=Strategy.MULTI_FILE if len(files) > 1 else strategy,
        lane=lane(count, lanes),
        inline=count <= policy.inline_records,
        parts=files,
    )


def capacity(format: Format, policy: Policy) -> int | None:
    """Return how many records one file of a format can hold: a workbook has so many sheets of so many rows."""
    return SHEETS * policy.rows_per_sheet if format.has_sheets else None


def chunk_size(count: int, cut: Cut, policy: Policy) -> int:
    """Return how many records one file of a split export holds."""
    return cut.chunk_size or _rule(count, policy.chunks).size(cut.records_per_file)


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


def _strategy(count: int, cut: Cut, policy: Policy) -> Strategy:
    most = policy.single_file_records
    if policy.single_file_by_template and cut.most_in_single is not None:
        most = min(most, cut.most_in_single)
    if count > most:
        return Strategy.MULTI_FILE
    is_large = policy.compressed_from is not None and count >= policy.compressed_from
    is_packed = is_large if cut.packed is None else cut.packed
    return Strategy.COMPRESSED if is_packed else Strategy.SINGLE_FILE
