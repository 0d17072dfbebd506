"""What a file says about its own making, from the request to the file."""

import json

import pytest

from exports import catalogue, layouts, service
from exports.sources import staging
from exports.types import Format

pytestmark = pytest.mark.django_db


def layout_of(export):
    return layouts.layout_of_part(export, export.files.parts().last(), staging.staged(export.public_id, export.staged))


@pytest.fixture
def large(spec, participants):
    """Return an export of three files, accepted and not begun."""
    records = participants(6_000)
    records[3]["id"] = "x"
    return service.submit(spec(records, template="complete", filters={"status": "approved"}))


def test_part_knows_where_it_comes_from(large, settings):
    settings.EXPORTS_TIME_ZONE = "Asia/Jakarta"
    about = layout_of(large).about
    assert (about.resource, about.template, about.requester) == ("participants", "complete", "website")
    assert (about.part.number, about.of, about.part.last_row, about.records) == (3, 3, 6_000, 6_000)
    assert about.asked_at == large.created_at
    assert about.asked_at.utcoffset().total_seconds() == 7 * 3600
    assert about.filters == {"status": "approved"}
    assert [(warning.code, warning.column, warning.rows) for warning in about.warnings] == [
        ("kept_as_text", "id", (4,))
    ]


def test_json_file_carries_it_as_metadata(spec, participants, principal):
    export = service.submit(spec(participants(3), format="json"))
    opened = service.open_file(export, principal)
    with opened.file as file:
        document = json.load(file)
    assert opened.name.endswith(".json")
    assert opened.media_type == "application/json"
    metadata = document["metadata"]
    assert (metadata["template"], metadata["record_count"], metadata["record_range"]) == ("standard", 3, "1-3")
    assert metadata["template_version"] == catalogue.resource("ybb", "participants").template("standard").version
    assert metadata["requested_by"] == "website"
    assert [record["id"] for record in document["records"]] == [1, 2, 3]


@pytest.mark.parametrize(("format", "empty"), [("excel", "N/A"), ("csv", "N/A"), ("json", ""), ("json.gz", "")])
def test_word_for_nothing_is_for_people_only(spec, participants, monkeypatch, format, empty):
    export = service.submit(spec(participants(1_001)))
    export.format = Format(format)
    template = catalogue.resource("ybb", "participants").template("standard")
    monkeypatch.setitem(template.__dict__, "empty", "N/A")
    assert layout_of(export).empty == empty
