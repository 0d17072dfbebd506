"""States move along the drawn lines only, one winner each, with an event for every move."""

import pytest

from exports import service
from exports.exceptions import BuildError, LeaseLost
from exports.models import ExportRequest
from exports.types import Principal

pytestmark = pytest.mark.django_db

MOVES = {
    "queued": lambda export: export.mark_queued(),
    "processing": lambda export: export.mark_processing(),
    "failed": lambda export: export.mark_failed(BuildError()),
    "cancelled": lambda export: export.mark_cancelled(Principal()),
    "expired": lambda export: export.mark_expired(),
}
LEGAL = {
    ("pending", "queued"),
    ("pending", "processing"),
    ("pending", "failed"),
    ("pending", "cancelled"),
    ("queued", "processing"),
    ("queued", "failed"),
    ("queued", "cancelled"),
    ("processing", "failed"),
    ("processing", "cancelled"),
    ("completed", "expired"),
}


@pytest.fixture
def export(spec, participants):
    return service.submit(spec(participants(1)))


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", [state.value for state in ExportRequest.State])
def test_only_the_drawn_moves_are_possible(export, state, move):
    ExportRequest.objects.update(state=state)
    before = export.events.count()
    moved = MOVES[move](export)
    export.refresh_from_db()
    assert moved is ((state, move) in LEGAL)
    assert export.state == (move if moved else state)
    assert export.events.count() == before + moved


def test_two_moves_at_once_have_one_winner(export):
    ExportRequest.objects.update(state="processing")
    other = ExportRequest.objects.get()
    assert [export.mark_failed(BuildError()), other.mark_cancelled(Principal())] == [True, False]


def test_completing_needs_the_lease(export):
    ExportRequest.objects.update(state="processing")
    with pytest.raises(LeaseLost):
        export.complete(None)


def test_assembly_is_claimed_once_and_only_when_every_part_is_there(export):
    ExportRequest.objects.update(state="processing", parts_total=2, parts_done=1, attempts=0)
    assert not export.claim_assembly()
    ExportRequest.objects.update(parts_done=2)
    assert [export.claim_assembly(), ExportRequest.objects.get().claim_assembly()] == [True, False]
