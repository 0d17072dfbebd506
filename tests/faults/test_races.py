"""R7: cancel, fail, finish, expire, claim and sweep at the same moment have one winner and leave a legal history."""

import threading
import uuid
from collections.abc import Callable

import psycopg
import pytest
from django.db import transaction

from exports.delivery import storage
from exports.exceptions import BuildError, Busy, InFlight, LeaseLost
from exports.models import ExportFile, ExportRequest
from exports.types import Idempotency, Principal
from tests.processes import wait_for

from .cluster import Workers
from .exports import submit
from .installation import Installation, connected

pytestmark = pytest.mark.parametrize("installation", ["on_sqlite", "on_postgresql"], indirect=True)

ENDS = {"completed", "failed", "cancelled"}


@pytest.fixture
def race(installation: Installation, workers: Workers) -> Callable[..., list[object]]:
    """Do several things at the same moment, each on a connection of its own; return what each returned."""

    def run(*moves: Callable[[], object]) -> list[object]:
        start = threading.Barrier(len(moves))
        results: list[object] = [None] * len(moves)

        def move(number: int) -> None:
            with connected(installation):
                start.wait()
                results[number] = moves[number]()

        threads = [threading.Thread(target=move, args=(number,)) for number in range(len(moves))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    return run


def fresh(export: ExportRequest) -> ExportRequest:
    return ExportRequest.objects.get(pk=export.pk)


def history(export: ExportRequest) -> list[str]:
    return list(export.events.values_list("event", flat=True))


def finish(export: ExportRequest) -> bool:
    try:
        export.complete(None)
    except LeaseLost:
        return False
    return True


def test_finish_cancel_and_fail_have_one_winner(race) -> None:
    export = submit()
    export.mark_processing()
    export.files.update(state="ready", size=1, sha256="0")
    ExportRequest.objects.filter(pk=export.pk).update(parts_done=1)
    export = fresh(export)
    assert export.claim_assembly()
    won = race(
        lambda: finish(export),
        lambda: fresh(export).mark_cancelled(Principal()),
        lambda: fresh(export).mark_failed(BuildError()),
        lambda: fresh(export).mark_failed(BuildError()),
    )
    assert won.count(True) == 1
    assert history(export)[:3] == ["initiated", "queued", "processing"]
    assert [event for event in history(export) if event in ENDS] == [fresh(export).state]


def test_no_more_are_accepted_at_once_than_the_policy_allows(race) -> None:
    for _ in range(7):
        submit()

    def accepted() -> bool:
        try:
            submit()
        except Busy:
            return False
        return True

    assert race(*[accepted] * 8).count(True) == 3
    assert ExportRequest.objects.count() == 10
    assert len(list(storage.path("").glob("*/*/records-*/00001.parquet"))) == 10


def test_fifty_twins_with_one_key_make_one_export(race) -> None:
    """R9: each twin gets that export, or is told that the request is being accepted."""
    twin = Idempotency(key="k-1", fingerprint="f")

    def accepted() -> uuid.UUID | None:
        try:
            return submit(rows=3, idempotency=twin).public_id
        except InFlight:
            return None

    answers = race(*[accepted] * 50)
    export = ExportRequest.objects.get()
    assert set(answers) <= {export.public_id, None}
    assert export.public_id in answers
    assert accepted() == export.public_id


def test_resume_delete_and_upkeep_have_one_winner(race) -> None:
    """Either its records are there and it is made, or they are gone and it stays failed."""
    for _ in range(5):
        export = submit()
        export.mark_failed(BuildError())
        won = race(
            lambda export=export: fresh(export).mark_resumed(Principal()),
            lambda export=export: fresh(export).mark_unstaged(),
            lambda export=export: fresh(export).mark_resumed(Principal()),
        )
        assert won.count(True) == 1, won
        assert fresh(export).state == ("failed" if won[1] else "queued")
        fresh(export).mark_cancelled(Principal())


def test_publishing_and_resuming_agree_on_who_has_the_part(race) -> None:
    """A worker from before the failure either publishes, or the part is made again: never both."""
    export = submit()
    export.mark_processing()
    part = ExportFile.objects.claim_next(export.pk)
    export.mark_failed(BuildError())

    def publish() -> bool:
        return bool(part.held().filter(state="pending").update(state="ready", size=1, sha256="0", lease_token=None))

    published, resumed = race(publish, lambda: fresh(export).mark_resumed(Principal()))
    assert resumed
    part.refresh_from_db()
    assert (part.state == "ready") == published
    assert part.lease_token is None


def test_part_is_claimed_by_one_of_many(race) -> None:
    export = submit()
    export.mark_processing()
    won = race(*[lambda: ExportFile.objects.claim_next(export.pk)] * 6)
    assert len([part for part in won if part]) == 1
    assert export.files.get().attempts == 1


def test_sweepers_send_one_message(race) -> None:
    export = submit()
    won = race(*[fresh(export).mark_sent_again for _ in range(6)])
    assert won.count(True) == 1


def test_export_expires_once_and_is_deleted_once(race) -> None:
    export = submit()
    ExportRequest.objects.filter(pk=export.pk).update(state="completed", completed_at=export.created_at)
    assert race(*[lambda: fresh(export).mark_expired()] * 4).count(True) == 1
    assert race(*[lambda: fresh(export).mark_files_deleted()] * 4).count(True) == 1
    assert history(export)[-2:] == ["expired", "deleted"]


def test_silent_worker_and_sweep_agree_on_the_last_start(race, settings) -> None:
    """Either the last heartbeat came in time, or the export is given up: not both."""
    settings.EXPORTS_MAX_ATTEMPTS = 1
    settings.EXPORTS_LEASE_SECONDS = 0
    export = submit()
    export.mark_processing()
    part = ExportFile.objects.claim_next(export.pk)
    settings.EXPORTS_LEASE_SECONDS = 30

    def beat() -> bool:
        try:
            part.beat(1)
        except LeaseLost:
            return False
        return True

    assert race(beat, fresh(export).files.get().retire).count(True) == 1


def test_heartbeat_that_waited_for_the_row_sees_what_was_done_meanwhile(race, installation) -> None:
    export = submit()
    export.mark_processing()
    part = ExportFile.objects.claim_next(export.pk)
    parts = ExportFile.objects.filter(pk=part.pk)
    locked = threading.Event()

    def take_away() -> None:
        with transaction.atomic():
            parts.update(lease_token=None, lease_until=None)
            locked.set()
            if installation.database.startswith("postgres"):
                wait_for(lambda: lock_waits(installation) == 1, what="the heartbeat's wait")

    def beat() -> bool:
        locked.wait()
        try:
            part.beat(1)
        except LeaseLost:
            return False
        return True

    assert race(beat, take_away) == [False, None]
    assert parts.get().rows_done == 0


def lock_waits(installation: Installation) -> int:
    """How many connections to a PostgreSQL installation wait for a lock."""
    with psycopg.connect(installation.database, autocommit=True) as observer:
        found = observer.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchone()
    return found[0]
