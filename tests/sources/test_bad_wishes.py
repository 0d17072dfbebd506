"""A wish that makes no sense is refused with the field and what there is; nothing is read and nothing kept."""

import pytest

from exports import service
from exports.exceptions import BadRequest
from exports.models import ExportRequest

pytestmark = pytest.mark.django_db

REFUSED = [
    ({"filters": {"color": "r"}}, "filters.color", "Filter 'color' does not exist. Known filters: name, colour, box"),
    ({"filters": {"box": "one"}}, "filters.box", "Filter 'box' takes a whole number, not 'one'."),
    ({"filters": {"colour": "green"}}, "filters.colour", "Filter 'colour' takes one of: r, b, all; not 'green'."),
    ({"filters": {"size": {"min": 2, "max": 1}}}, "filters.size", "Filter 'size' begins after its end"),
    ({"filters": {"changed": "2026-05-15"}}, "filters.changed", "takes an object with 'start' and 'end'"),
    ({"filters": {"limit": 0}}, "filters.limit", "Filter 'limit' takes a whole number from 1 on, not '0'."),
    ({"filters": {"name": "A\0"}}, "filters", "must not contain the character U+0000"),
    (
        {"options": {"sort_by": "colour"}},
        "options.sort_by",
        "sorted by 'colour'. Sort columns: id, name, size",
    ),
    ({"options": {"sort_by": ["id"]}}, "options.sort_by", "Sort columns: id, name, size, changed_at."),
    ({"options": {"sort_by": "id", "sort_order": "up"}}, "options.sort_order", "must be 'asc' or 'desc'"),
    ({"options": {"with_parts": "yes"}}, "options.with_parts", "must be true or false"),
    ({"options": {"since": "soon"}}, "options.since", "must be 'last_run' or a moment such as"),
    ({"columns": ("id", "nmae")}, "columns", "Column 'nmae' does not exist. Did you mean 'name'?"),
    ({"template": "long"}, "template", "Template 'long' not found for things"),
    ({"format": "docx"}, "format", "Format 'docx' is not available. Available formats: excel, csv, pdf, json, ndjson."),
]


@pytest.mark.parametrize(("said", "field", "message"), REFUSED, ids=[each[2][:40] for each in REFUSED])
def test_wish_is_refused_with_the_field_and_what_there_is(things, wish, storage, said, field, message):
    with pytest.raises(BadRequest) as caught:
        service.submit(wish("things", **said))
    assert message in caught.value.message
    assert caught.value.details["field"] == field
    assert not ExportRequest.objects.exists()
    assert not list(storage.rglob("*"))
