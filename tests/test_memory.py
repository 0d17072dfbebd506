"""A worker that needs too much memory says so, instead of being killed for it."""

import subprocess
import sys
import threading

import pytest

from exports import memory
from exports.checks import check_memory
from exports.exceptions import MemoryExceeded
from exports.memory import MemoryWatch


def watch(*seen, limit=1_000, records=50_000, bite=16_384):
    return MemoryWatch(limit, records, bite, look=iter(seen).__next__)


def suggested(work):
    with pytest.raises(MemoryExceeded) as caught:
        work()
    return caught.value.details


def test_growth_beyond_the_limit_ends_the_work_and_says_what_would_fit():
    watched = watch(500, 1_400, 2_500)
    watched(16_384)
    assert suggested(lambda: watched(32_768)) == {
        "record_count": 50_000,
        "memory_exceeded": True,
        "suggested_chunk_size": 16_000,
    }


@pytest.mark.parametrize(
    ("written", "grown", "fits"),
    [(40_000, 3_000, 13_000), (9_999, 2_000, 4_900), (500, 1_200, 410), (3, 2_000, 1), (0, 2_000, 1)],
)
def test_suggestion_is_between_one_and_the_records_and_round(written, grown, fits):
    assert suggested(lambda: watch(0, grown)(written))["suggested_chunk_size"] == fits


@pytest.mark.parametrize("limit", [None, 0])
def test_without_a_limit_nothing_is_too_much(limit):
    watch(0, 10**15, limit=limit)(1)


def test_growth_beside_other_threads_is_nobodys():
    """A web server's thread would answer for what the requests beside it hold."""
    failed = []

    def work():
        try:
            watch(0, 10**15)(1)
        except MemoryExceeded as error:
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert failed == []


@pytest.mark.parametrize(("written", "fits"), [(20_000, 20_000), (0, 8_100)])
def test_what_python_cannot_get_is_memory_exceeded_too(written, fits):
    def work():
        with watch(0, 1) as watched:
            watched(written)
            bytearray(1 << 62)

    assert suggested(work)["suggested_chunk_size"] == fits


def test_memory_is_what_the_process_holds():
    """In a process of its own: what other tests freed would be given back meanwhile."""
    code = "from exports.memory import held; before = held(); b = b'x' * (64 << 20); print((held() - before) >> 20)"
    assert 60 < int(subprocess.check_output([sys.executable, "-c", code])) < 70


def test_elsewhere_than_on_linux_memory_is_the_peak(monkeypatch, tmp_path):
    monkeypatch.setattr(memory, "_STATM", tmp_path / "missing")
    assert memory.held() > 1 << 20


@pytest.mark.parametrize(("limit", "mistakes"), [(0, []), (None, []), (1 << 30, []), (100 << 20, ["exports.E004"])])
def test_limit_that_heavy_records_always_pass_stops_the_start(settings, limit, mistakes):
    settings.EXPORTS_MEMORY_LIMIT_BYTES = limit
    assert [error.id for error in check_memory()] == mistakes
