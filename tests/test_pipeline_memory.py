"""Memory that runs short: another start takes less at a time, and the last one says what would fit."""

import pytest

from exports import pipeline, service

pytestmark = pytest.mark.django_db


@pytest.fixture
def export(spec, participants):
    """Return an export of one file of 1,200 records, accepted and not begun."""
    return service.submit(spec(participants(1_200), template="complete"))


@pytest.fixture
def bites(monkeypatch):
    """Note how many rows each start takes at a time."""
    seen = []
    real = pipeline.write_file

    def write_file(*args, **wish):
        seen.append(wish["slice_size"])
        return real(*args, **wish)

    monkeypatch.setattr(pipeline, "write_file", write_file)
    return seen


def grow(monkeypatch, *, per_look):
    """Let the worker seem to grow by so many bytes from one look at its memory to the next."""
    looks = iter(range(0, 10**15, per_look))
    monkeypatch.setattr(pipeline.MemoryWatch.__init__, "__defaults__", (lambda: next(looks),))


def test_ordinary_export_takes_16384_rows_at_a_time(export, bites):
    pipeline.work_on(export)
    export.refresh_from_db()
    assert (export.state, bites) == ("completed", [16_384])


def test_each_start_after_one_that_was_killed_takes_a_quarter(export, bites):
    export.files.update(attempts=1)
    pipeline.work_on(export)
    export.refresh_from_db()
    assert (export.state, bites) == ("completed", [4_096])


def test_growth_beyond_the_limit_ends_the_export_at_its_last_start(export, bites, monkeypatch, settings):
    settings.EXPORTS_MEMORY_LIMIT_BYTES = 1_000
    grow(monkeypatch, per_look=2_000)
    pipeline.work_on(export)
    export.refresh_from_db()
    assert bites == [16_384, 4_096, 1_024]
    assert (export.state, export.error_code) == ("failed", "MEMORY_EXCEEDED")
    # 1,024 of its rows took twice the limit.
    assert export.error_details == {"record_count": 1_200, "memory_exceeded": True, "suggested_chunk_size": 510}


def test_memory_that_suffices_for_smaller_slices_completes_the_export(export, bites, monkeypatch):
    real = pipeline.write_file

    def short_at_first(*args, **wish):
        if wish["slice_size"] > 4_096:
            raise MemoryError
        return real(*args, **wish)

    monkeypatch.setattr(pipeline, "write_file", short_at_first)
    pipeline.work_on(export)
    export.refresh_from_db()
    assert (export.state, bites) == ("completed", [4_096])


def test_memory_error_of_every_start_is_told_as_such(export, monkeypatch):
    monkeypatch.setattr(pipeline, "write_file", lambda *args, **wish: bytearray(1 << 62))
    pipeline.work_on(export)
    export.refresh_from_db()
    assert (export.error_code, export.error_details["suggested_chunk_size"]) == ("MEMORY_EXCEEDED", 510)
