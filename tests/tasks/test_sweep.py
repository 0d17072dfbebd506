from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from exports.conf import conf
from exports.models import ExportLog, ExportRequest, LaneHeartbeat
from exports.tasks.sweep import sweep
from exports.types import Lane, Principal

from .conftest import ago, let_lapse

pytestmark = pytest.mark.django_db


def messages() -> int:
    return OrmQ.objects.filter(key=Lane.HIGH).count()


def lane_answered_what_was_sent(sent_at) -> None:
    LaneHeartbeat.objects.answer("here", Lane.HIGH, sent_at)


def sent(export: ExportRequest, **long_ago: float) -> None:
    ExportRequest.objects.filter(pk=export.pk).update(enqueued_at=ago(**long_ago))


def test_message_that_may_still_be_waiting_is_not_repeated(queued):
    before = messages()
    sent(queued, days=1)
    sweep()
    assert messages() == before


def test_message_that_cannot_be_waiting_any_more_is_repeated_once(queued):
    before = messages()
    sent(queued, minutes=5)
    lane_answered_what_was_sent(timezone.now())
    sweep()
    sweep()
    assert messages() == before + 1
    assert queued.events.filter(event=ExportLog.Event.RETRIED).count() == 1


def test_message_that_was_just_received_is_not_repeated(queued):
    before = messages()
    lane_answered_what_was_sent(timezone.now())
    sweep()
    assert messages() == before


def test_answer_of_another_lane_proves_nothing(queued):
    before = messages()
    sent(queued, minutes=5)
    LaneHeartbeat.objects.answer("here", Lane.LOW, timezone.now())
    sweep()
    assert messages() == before


def test_export_that_no_message_was_ever_sent_for_is_queued(queued):
    """The web process that was to build it itself was killed."""
    before = messages()
    ExportRequest.objects.filter(pk=queued.pk).update(state="pending", enqueued_at=None, created_at=ago(minutes=5))
    lane_answered_what_was_sent(timezone.now())
    sweep()
    queued.refresh_from_db()
    assert (messages(), queued.state) == (before + 1, "queued")


def test_lapsed_lease_brings_one_message_at_once(queued, held):
    before = messages()
    let_lapse(held)
    sweep()
    sweep()
    assert messages() == before + 1


def test_part_in_a_living_workers_hands_brings_none(queued, held):
    before = messages()
    sent(queued, minutes=5)
    lane_answered_what_was_sent(timezone.now())
    sweep()
    assert messages() == before


def test_lapsed_last_step_brings_a_message(queued):
    queued.mark_processing()
    queued.files.update(state="ready", size=1, sha256="0")
    ExportRequest.objects.filter(pk=queued.pk).update(parts_done=queued.parts_total)
    assert queued.claim_assembly()
    let_lapse(queued)
    before = messages()
    sweep()
    assert messages() == before + 1


def test_part_that_used_up_its_starts_fails_the_export(queued, held):
    type(held).objects.filter(pk=held.pk).update(attempts=conf.max_attempts)
    let_lapse(held)
    sweep()
    queued.refresh_from_db()
    assert queued.state == "failed"
    assert queued.error_message == "File 1 of 2 could not be made: its worker stopped without a word 3 times."
    assert queued.events.get(event=ExportLog.Event.FAILED).message == queued.error_message


def test_last_start_is_awaited(queued, held):
    type(held).objects.filter(pk=held.pk).update(attempts=conf.max_attempts)
    sweep()
    queued.refresh_from_db()
    assert queued.state == "processing"


def test_last_step_that_used_up_its_starts_fails_the_export(queued):
    queued.mark_processing()
    queued.files.update(state="ready", size=1, sha256="0")
    rows = ExportRequest.objects.filter(pk=queued.pk)
    rows.update(parts_done=queued.parts_total, attempts=conf.max_attempts, lease_until=ago(seconds=1))
    sweep()
    queued.refresh_from_db()
    assert queued.error_message == "The files could not be put together: its worker stopped without a word 3 times."


def test_ended_export_is_left_alone(queued, held):
    before = messages()
    queued.mark_cancelled(Principal())
    let_lapse(held)
    lane_answered_what_was_sent(timezone.now() + timedelta(hours=1))
    sweep()
    queued.refresh_from_db()
    assert (messages(), queued.state) == (before, "cancelled")
