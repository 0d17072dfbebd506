"""What people are told of an export is true: its place, its stage, its time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exports.conf import conf
from exports.models import ExportFile, ExportRequest, LaneHeartbeat
from exports.models.work import Work, works
from exports.progress import progress, progress_of
from exports.progress.cost import Cost, slowness, usual_costs
from exports.types import Lane
from tests.made import made_analytics, made_export, person

pytestmark = pytest.mark.django_db

USUAL = Cost(write=0.001, verify=0.0005, archive=0.0)


def now():
    return timezone.now()


def ago(seconds):
    return now() - timedelta(seconds=seconds)


def hold(export, number=1, *, rows=0, heard=0.0, began=None):
    """Let a worker hold a file that was last heard of so many seconds ago."""
    if began is not None:
        ExportRequest.objects.filter(pk=export.pk).update(started_at=ago(began), served_at=ago(began))
    until = ago(heard) + timedelta(seconds=conf.lease_seconds)
    export.files.filter(number=number).update(
        rows_done=rows, lease_until=until, lease_token=export.public_id, attempts=1
    )


def publish(export, number, seconds=1.0):
    export.files.filter(number=number).update(
        state="ready", rows_done=1000, size=1, sha256="x", write_seconds=seconds / 2, verify_seconds=seconds / 2
    )
    ExportRequest.objects.filter(pk=export.pk).update(parts_done=number)


def usual(seconds_per_record=0.001, format="csv", **timings):
    """Let exports of a format have cost so much lately."""
    export = made_export(format=format, record_count=10_000, enqueued_at=None)
    seconds = 10_000 * seconds_per_record
    type(export).objects.filter(pk=export.pk).update(
        timings={"write": seconds, "verify": 0.0, **timings}, created_at=ago(7200)
    )
    return made_analytics(export)


def shown(export):
    export.refresh_from_db()
    return progress(export)


# Its place in the queue


def test_an_export_waits_for_those_whose_turn_comes_first(settings):
    settings.Q_CLUSTER = settings.Q_CLUSTER | {"ALT_CLUSTERS": {"high": {"workers": 1}}}
    usual(0.01)
    waiting = [made_export("queued") for _ in range(3)]
    told = progress_of(waiting)
    assert [told[export.pk].queue_position for export in waiting] == [1, 2, 3]
    assert [told[export.pk].starts_in for export in waiting] == [0, pytest.approx(10, 0.1), pytest.approx(20, 0.1)]
    assert told[waiting[2].pk].seconds_left == pytest.approx(30, 0.1)
    assert told[waiting[2].pk].sentence == "Number 3 in the queue, begins in about 20 s"
    assert told[waiting[2].pk].note == "number 3, begins in about 20 s"


def test_another_persons_first_export_comes_before_the_third_of_one(settings):
    settings.Q_CLUSTER = settings.Q_CLUSTER | {"ALT_CLUSTERS": {"high": {"workers": 1}}}
    flood = [made_export("queued", user=person("flood")) for _ in range(1)]
    flood += [made_export("queued", user=flood[0].user) for _ in range(4)]
    single = made_export("queued", user=person("single"))
    assert shown(single).queue_position == 2
    assert shown(flood[1]).queue_position == 3


def test_an_export_that_ended_lately_still_counts_as_its_owners_turn(settings):
    settings.Q_CLUSTER = settings.Q_CLUSTER | {"ALT_CLUSTERS": {"high": {"workers": 1}}}
    flood = person("flood")
    made_export("completed", user=flood, enqueued_at=ago(10), served_at=ago(9), completed_at=ago(1))
    made_export("queued", user=flood)
    assert shown(made_export("queued", user=person("single"))).queue_position == 1


def test_exports_of_another_lane_do_not_count():
    made_export("queued", lane="low")
    assert shown(made_export("queued")).queue_position == 1


def test_every_host_that_answered_lately_brings_its_workers(settings):
    settings.Q_CLUSTER = settings.Q_CLUSTER | {"ALT_CLUSTERS": {"high": {"workers": 1}}}
    usual(0.01)
    waiting = [made_export("queued") for _ in range(3)]
    for host, seconds in (("one", 1), ("two", 5), ("gone", 3600)):
        LaneHeartbeat.objects.create(host=host, lane=Lane.HIGH, answered_at=ago(seconds))
    assert shown(waiting[1]).starts_in == 0
    assert shown(waiting[2]).starts_in == pytest.approx(10, 0.1)


# Its stage


def stages(export):
    """Walk an export of two files through its making; yield after each step."""
    yield "data_retrieval", "begins in a moment"
    ExportRequest.objects.filter(pk=export.pk).update(state="processing")
    hold(export, began=0)
    yield "processing", "Writing 0 of 2,000 rows"
    hold(export, rows=500)
    yield "file_generation", "Writing 500 of 2,000 rows"
    publish(export, 1)
    hold(export, 2, rows=1000)
    yield "verification", "Checking what was written"
    publish(export, 2)
    yield "compression", "Packing the archive"


def test_the_stage_is_what_is_being_done_and_the_share_never_falls_back():
    export = made_export("queued", parts=2)
    shares = []
    for stage, words in stages(export):
        told = shown(export)
        assert told.stage == stage
        assert words in told.sentence
        shares.append(told.percentage)
    assert shares == [0, 0, 25, 99.9, 99.9]
    assert progress(made_export()).percentage == 100
    assert progress(made_export(record_count=0)).percentage == 100


def test_the_parts_are_counted_as_they_are_published():
    export = made_export("processing", parts=3)
    publish(export, 1)
    hold(export, 2, rows=10)
    told = shown(export)
    assert (told.part, told.parts_done, told.parts_total) == (2, 1, 3)
    assert told.sentence.endswith("file 2 of 3")


def test_between_two_turns_it_says_when_it_goes_on(settings):
    settings.Q_CLUSTER = settings.Q_CLUSTER | {"ALT_CLUSTERS": {"high": {"workers": 1}}}
    usual(0.01)
    other, export = made_export("processing", user=person("other")), made_export("processing", parts=2)
    hold(other, rows=100, began=1)
    publish(export, 1, seconds=10)
    told = shown(export)
    assert told.starts_in == pytest.approx(9, 0.2)
    assert "goes on in about 9 s" in told.sentence
    assert (told.queue_position, told.records_per_second) == (None, None)


# Its worker


def test_a_silent_worker_is_told_honestly():
    export = made_export("processing")
    hold(export, rows=100, heard=conf.lease_seconds + 10, began=60)
    told = shown(export)
    assert told.is_stale
    assert told.heartbeat_age == pytest.approx(conf.lease_seconds + 10, 0.1)
    assert told.sentence == "No word from its worker for 40 s; another will take over"
    assert told.note == "no word from its worker"
    assert conf.sweep_seconds < told.seconds_left < conf.sweep_seconds + 5


def test_a_worker_that_was_heard_of_is_not_stale():
    export = made_export("processing")
    hold(export, rows=100, heard=3, began=10)
    assert not shown(export).is_stale
    assert shown(export).heartbeat_age == pytest.approx(3, 0.1)


def test_one_of_two_workers_that_goes_on_is_word_enough():
    export = made_export("processing", parts=2)
    hold(export, 1, heard=conf.lease_seconds + 10, began=60)
    hold(export, 2, heard=1)
    assert not shown(export).is_stale


# Its time


def work(**values):
    nothing = dict.fromkeys(("ready", "ready_rows", "ready_seconds", "held_done", "retried", "free", "attempts"), 0)
    usually = {"state": "processing", "record_count": 100_000, "held": 1, "held_rows": 100_000, "parts_total": 1}
    return Work(**dict.fromkeys(Work.__annotations__) | nothing | usually | values)


def left(rate, seconds):
    """Return the estimate when a worker at ``rate`` times the usual speed was last heard of after so many seconds."""
    began = now()
    done = int(seconds * rate / USUAL.write)
    heard = began + timedelta(seconds=seconds + conf.lease_seconds)
    return slowness(work(served_at=began, last_lease=heard, held_done=done), USUAL) * (100_000 - done) * USUAL.write


@pytest.mark.parametrize("rate", [0.25, 0.5, 1, 2, 4])
def test_the_estimate_does_not_jump_between_the_heartbeats_of_a_steady_worker(rate):
    # Be it four times slower or faster than usual, an estimate moves by less than half from second to second.
    most = 1.5
    estimates = [left(rate, seconds) for seconds in range(1, int(0.9 * 100 / rate))]
    for before, after in zip([100.0, *estimates], estimates, strict=False):
        assert 1 / most < after / (before - 1) < most


@pytest.mark.parametrize("rate", [0.25, 0.5, 2, 4])
def test_the_estimate_comes_to_what_the_worker_shows(rate):
    for seconds, within in ((10, 0.4), (20, 0.25)):
        assert left(rate, seconds) == pytest.approx(100 / rate - seconds, rel=within)


def test_a_slow_worker_is_believed_after_a_minute():
    assert left(0.25, 60) == pytest.approx(400 - 60, rel=0.1)


def test_however_slow_it_is():
    assert left(0.001, 60) == pytest.approx(100_000 - 60, rel=0.3)


def test_the_time_left_is_never_nothing_while_work_is_left():
    export = made_export("processing")
    hold(export, rows=1000, heard=20, began=21)
    assert shown(export).seconds_left >= 0.1
    assert "about 0 s" not in shown(export).sentence


def test_rows_of_an_earlier_start_say_nothing_of_the_speed():
    assert slowness(work(served_at=now(), last_lease=now(), held_done=90_000, retried=1), USUAL) == 1


def test_speed_is_measured_from_the_start_of_work():
    made = usual()
    ExportRequest.objects.filter(pk=made.export_id).update(timings={})
    type(made).objects.update(processing_time=70.0, queue_wait=60.0)
    assert usual_costs(["csv"], now())["csv"].write == pytest.approx(0.001)


def test_archive_and_verification_have_their_own_cost():
    usual(0.001, verify=20.0, archive=5.0)
    assert usual_costs(["csv"], now())["csv"] == Cost(write=0.001, verify=0.002, archive=0.0005)


def test_formats_differ():
    usual(0.001), usual(0.5, "pdf")
    costs = usual_costs(["csv", "pdf", "json"], now())
    assert costs["pdf"].write == pytest.approx(0.5)
    assert costs["csv"].write == pytest.approx(0.001)
    assert costs["json"].write == 1e-5


def test_it_ends_at_a_time_of_day():
    usual(0.01)
    told = shown(made_export("queued"))
    assert (told.estimated_completion - now()).total_seconds() == pytest.approx(told.seconds_left, abs=1.5)


def test_what_has_ended_is_not_estimated():
    told = progress(made_export("failed"))
    assert (told.seconds_left, told.estimated_completion, told.queue_position, told.note) == (None, None, None, "")


# What it costs to ask


@pytest.mark.parametrize("others", [0, 30])
def test_three_queries_however_long_the_queue(django_assert_num_queries, others):
    for number in range(others):
        made_export("queued", format=("csv", "json", "pdf")[number % 3])
    exports = [made_export("queued"), made_export("processing", lane="low", parts=3)]
    with django_assert_num_queries(3):
        progress_of(exports)


def test_requests_made_at_once_are_nobodys_turn():
    made_export("completed", enqueued_at=None, completed_at=now())
    assert works(["high"], now()) == {}


def test_files_of_one_export_are_not_held_by_more_than_may_work_in_parallel(settings):
    settings.EXPORTS_PARALLEL_PARTS = 1
    settings.Q_CLUSTER = settings.Q_CLUSTER | {"ALT_CLUSTERS": {"high": {"workers": 4}}}
    usual(0.01)
    export = made_export("queued", parts=4)
    assert ExportFile.objects.filter(export=export).count() == 4
    assert shown(export).seconds_left == pytest.approx(40, 0.1)
