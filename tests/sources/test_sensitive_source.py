"""Sensitive values of the source database leave only for who may export them."""

import json

import pytest

from exports import service
from exports.models import ApiClient
from exports.types import Principal

pytestmark = pytest.mark.django_db

HIDDEN = ("birthdate", "current_address", "origin_address", "emergency_contact")


@pytest.fixture
def restricted():
    return Principal(client=ApiClient.objects.create_key(name="board", export_sensitive=False)[0])


def test_sensitive_values_are_hidden_and_the_others_stay(source, export, records, restricted):
    whole = records(export("participants", template="detailed", format="json"))
    hidden = export("participants", template="detailed", format="json", principal=restricted)
    masked = _read(hidden, restricted)
    assert [{**record, **dict.fromkeys(HIDDEN, "***")} for record in whole] == masked
    assert {*hidden.masked} == {*HIDDEN}


def test_related_rows_with_sensitive_members_are_hidden(source, export, restricted):
    made = export("ambassadors", template="detailed", format="json", principal=restricted)
    assert {(record["phone_number"], record["referrals"]) for record in _read(made, restricted)} == {("***", "***")}


def test_preview_hides_what_the_file_hides(source, wish, restricted):
    shown = service.preview(wish("participants", template="custom", principal=restricted))
    place = [column.name for column in shown.columns].index("birthdate")
    assert {row[place] for row in shown.rows} == {"***"}


def _read(made, principal):
    with service.open_file(made, principal).file as file:
        return json.load(file)["records"]
