"""How exports are cut: the table that document 001 prints under "Performance Benchmarks"."""

import pytest

from exports import catalogue, planning
from exports.catalogue import Policy
from exports.types import Cut, Format, Lane, Strategy

YBB = catalogue.policy("ybb")
LANES = catalogue.definitions().lanes


def plan(count: int, resource: str = "participants", template: str = "standard"):
    base = catalogue.resource("ybb", resource).template(template).records_per_file
    return planning.plan(count, Cut(records_per_file=base), YBB, LANES)


@pytest.mark.parametrize(
    ("count", "template", "files"),
    [
        (100, "standard", 1),
        (1_000, "standard", 1),
        (5_000, "standard", 1),
        (6_000, "complete", 3),
        (10_000, "standard", 5),
        (25_000, "detailed", 17),
        (50_000, "complete", 50),
    ],
)
def test_participants_are_cut_as_the_old_service_did(count, template, files):
    assert len(plan(count, template=template).parts) == files


@pytest.mark.parametrize(
    ("resource", "template", "count", "size"),
    [
        ("participants", "standard", 5_001, 3_000),  # twice 2,000 is capped at 3,000
        ("participants", "complete", 9_999, 2_000),
        ("participants", "summary", 10_000, 2_000),
        ("participants", "detailed", 30_000, 1_500),
        ("participants", "detailed", 30_001, 1_000),  # half of 1,500 is raised to 1,000
        ("payments", "standard", 10_000, 3_000),
        ("payments", "detailed", 50_000, 1_000),
        ("ambassadors", "standard", 20_000, 2_500),
        ("ambassadors", "detailed", 40_000, 1_000),
    ],
)
def test_chunk_size_follows_template_and_count(resource, template, count, size):
    assert plan(count, resource, template).parts[0].rows == size


@pytest.mark.parametrize("count", [5_000, 5_001])
def test_more_than_5000_records_are_split(count):
    expected = Strategy.MULTI_FILE if count > 5_000 else Strategy.SINGLE_FILE
    assert plan(count).strategy is expected


@pytest.mark.parametrize("count", [1, 5_001, 9_999, 30_001, 50_000])
def test_parts_cover_every_record_once(count):
    rows = [row for part in plan(count).parts for row in range(part.first_row, part.last_row + 1)]
    assert rows == list(range(1, count + 1))


@pytest.mark.parametrize(
    ("count", "lane"),
    [
        (999, Lane.IMMEDIATE),
        (1_000, Lane.HIGH),
        (9_999, Lane.HIGH),
        (10_000, Lane.NORMAL),
        (50_000, Lane.NORMAL),
        (50_001, Lane.LOW),
    ],
)
def test_lane_follows_the_count(count, lane):
    assert planning.lane(count, LANES) is lane


@pytest.mark.parametrize(("count", "inline"), [(1_000, True), (1_001, False)])
def test_small_exports_are_built_by_the_request(count, inline):
    assert plan(count).inline is inline


@pytest.mark.parametrize(("count", "sizes"), [(99, [99]), (100, [100]), (101, [100, 1]), (250, [100, 100, 50])])
def test_what_a_file_cannot_hold_goes_into_the_next(count, sizes):
    made = planning.plan(count, Cut(records_per_file=2_000), YBB, LANES, 100)
    assert [part.rows for part in made.parts] == sizes
    assert made.strategy is (Strategy.MULTI_FILE if count > 100 else Strategy.SINGLE_FILE)


def test_only_workbooks_have_a_capacity():
    # A policy that says nothing gets the rows a sheet that document 002 recommends.
    policy = Policy(
        catalogue="ybb",
        formats=("excel",),
        default_format="excel",
        single_file_records=1,
        inline_records=1,
        retention_hours=1,
    )
    known = {format: planning.capacity(format, policy) for format in Format}
    assert {format for format, capacity in known.items() if capacity == 1_000_000} == {Format.EXCEL, Format.EXCEL_GZ}
    assert planning.capacity(Format.EXCEL, YBB) == 10_485_750
    assert known[Format.CSV] is None


PLATFORM = catalogue.policy("platform")


@pytest.mark.parametrize(
    ("count", "template", "strategy", "rows"),
    [
        (999, "standard", Strategy.SINGLE_FILE, 999),
        (9_999, "standard", Strategy.SINGLE_FILE, 9_999),
        (10_000, "standard", Strategy.COMPRESSED, 10_000),
        (15_000, "standard", Strategy.COMPRESSED, 15_000),
        (15_001, "standard", Strategy.MULTI_FILE, 5_000),  # the template wants 15,000 in a single file
        (24_999, "summary", Strategy.COMPRESSED, 24_999),
        (25_000, "summary", Strategy.MULTI_FILE, 5_000),
        (49_999, "summary", Strategy.MULTI_FILE, 5_000),
        (50_000, "summary", Strategy.MULTI_FILE, 15_000),
        (50_000, "detailed", Strategy.MULTI_FILE, 5_000),  # the template recommends 5,000
    ],
)
def test_data_export_specification_chooses_by_count(count, template, strategy, rows):
    chosen = catalogue.resource("platform", "participants").template(template)
    cut = Cut(records_per_file=chosen.records_per_file, most_in_single=chosen.max_records_single_file)
    made = planning.plan(count, cut, PLATFORM, LANES)
    assert (made.strategy, made.parts[0].rows) == (strategy, rows)


@pytest.mark.parametrize(
    ("count", "packed", "strategy"),
    [
        (5_000, None, Strategy.SINGLE_FILE),
        (5_000, False, Strategy.SINGLE_FILE),
        (5_000, True, Strategy.COMPRESSED),
        (15_000, None, Strategy.COMPRESSED),
        (15_000, False, Strategy.SINGLE_FILE),
        (30_000, False, Strategy.MULTI_FILE),
        (30_000, True, Strategy.MULTI_FILE),
    ],
)
def test_single_file_is_packed_as_the_caller_says(count, packed, strategy):
    made = planning.plan(count, Cut(records_per_file=15_000, packed=packed), PLATFORM, LANES)
    assert made.strategy is strategy


def test_stream_is_one_file_unless_the_format_cannot_hold_it():
    wish = Cut(records_per_file=15_000, most_in_single=15_000, strategy=Strategy.STREAMING)
    made = planning.plan(1_200_000, wish, PLATFORM, LANES)
    assert (made.strategy, len(made.parts), made.inline) == (Strategy.STREAMING, 1, False)
    assert planning.plan(999, wish, PLATFORM, LANES).inline
    assert planning.plan(1_200_000, wish, PLATFORM, LANES, 1_000_000).strategy is Strategy.MULTI_FILE


def test_caller_may_choose_strategy_and_size():
    wish = Cut(records_per_file=15_000, strategy=Strategy.MULTI_FILE, chunk_size=1_000)
    assert [part.rows for part in planning.plan(2_500, wish, PLATFORM, LANES).parts] == [1_000, 1_000, 500]
    packed = Cut(records_per_file=15_000, strategy=Strategy.COMPRESSED)
    assert planning.plan(100_000, packed, PLATFORM, LANES).strategy is Strategy.COMPRESSED
