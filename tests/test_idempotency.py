"""The same request twice makes one export."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from exports import service
from exports.exceptions import BadRequest, InFlight, KeyReused
from exports.models import ApiClient, ExportRequest, IdempotencyKey
from exports.tasks.upkeep import upkeep
from exports.types import Idempotency, Principal

pytestmark = pytest.mark.django_db

KEY = Idempotency(key="order-17", fingerprint="a" * 64)
OTHER_REQUEST = Idempotency(key="order-17", fingerprint="b" * 64)


@pytest.fixture
def wish(spec, participants):
    return spec(participants(2), idempotency=KEY)


def test_same_request_again_returns_the_same_export(wish):
    assert service.submit(wish) == service.submit(wish)
    assert ExportRequest.objects.count() == 1


def test_key_of_another_request_is_refused(wish, spec, participants):
    service.submit(wish)
    with pytest.raises(KeyReused):
        service.submit(spec(participants(3), idempotency=OTHER_REQUEST))
    assert ExportRequest.objects.count() == 1


def test_each_caller_has_keys_of_its_own(wish, spec, participants):
    other = Principal(client=ApiClient.objects.create_key(name="other")[0])
    assert service.submit(wish) != service.submit(spec(participants(2), principal=other, idempotency=KEY))


def test_request_that_is_just_being_accepted_is_in_flight(wish, principal):
    IdempotencyKey.objects.reserve(principal.owner, KEY)
    with pytest.raises(InFlight) as refused:
        service.submit(wish)
    assert refused.value.details["retry_after"] == 1


def test_refused_request_frees_its_key(spec, participants, wish):
    with pytest.raises(BadRequest):
        service.submit(spec([{"id": 1}, 5], idempotency=KEY))
    assert service.submit(wish).state == "completed"


def test_reservation_whose_process_died_is_taken_over_and_the_dead_accept_nothing(wish, principal):
    """R9: the process may only have been paused."""
    dead = IdempotencyKey.objects.reserve(principal.owner, KEY)
    IdempotencyKey.objects.update(reserved_until=timezone.now() - timedelta(seconds=1))
    export = service.submit(wish)
    with pytest.raises(InFlight):
        dead.bind(export)
    dead.free()
    assert IdempotencyKey.objects.get().export == export


def test_key_is_kept_as_long_as_the_export(wish):
    first = service.submit(wish)
    ExportRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    second = service.submit(wish)
    assert second != first
    upkeep()
    assert IdempotencyKey.objects.get().export == second


def test_deleted_export_frees_its_key(wish, principal):
    first = service.submit(wish)
    service.delete(first, principal)
    assert service.submit(wish) != first


# A person's click


@pytest.fixture
def click(spec, participants):
    person = Principal(user=User.objects.create_user("registrar"))
    return lambda count=2, **wish: service.submit(spec(participants(count), principal=person, source="portal", **wish))


def test_second_click_within_a_minute_finds_the_first_export(click):
    assert click() == click()
    assert click(format="csv") != click()
    assert click(count=3) != click()


def test_same_request_after_a_minute_is_a_new_one(click):
    first = click()
    IdempotencyKey.objects.update(remembered_until=timezone.now() - timedelta(seconds=1))
    assert click() != first


def test_api_without_a_key_makes_an_export_each_time(spec, participants):
    assert service.submit(spec(participants(1))) != service.submit(spec(participants(1)))
