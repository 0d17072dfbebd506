"""A resource is a file: those that are shipped export in every shape, and one may add more."""

import re

import pytest
from django.core.management import call_command

from exports import catalogue

pytestmark = pytest.mark.django_db

SHIPPED = catalogue.definitions().resources_of("platform")
TEMPLATES = [(name, template) for name, resource in SHIPPED.items() for template in resource.templates]
OPTIONS = [(name, option) for name, resource in SHIPPED.items() for option in resource.options]
LIMIT = {"limit": 4}


def test_one_file_makes_a_new_resource(things, export, records, header):
    things.add(1, 2, 3)
    things.add_part(1, 2, "wheel")
    wished = {"columns": ("id", "colour", "parts"), "options": {"sort_by": "size", "sort_order": "desc"}}
    made = export(format="ndjson", filters={"size": {"min": 2}}, **wished)
    assert records(made) == [
        {"id": 3, "colour": "Red", "parts": []},
        {"id": 2, "colour": "Red", "parts": [{"word": "wheel"}]},
    ]
    assert header(export(format="csv")) == ["ID", "Name", "Colour", "Size", "Changed"]


@pytest.mark.parametrize(("resource", "template"), TEMPLATES)
def test_every_template_exports_in_every_format(source, vendor, export, resource, template):
    # What follows the source is the same for all engines.
    formats = catalogue.policy("platform").formats if vendor == "sqlite" else ["ndjson"]
    for format in formats:
        made = export(resource, template=template, format=format, filters=LIMIT)
        assert (made.state, made.record_count, made.error_message) == ("completed", 4, ""), format


@pytest.mark.parametrize(("resource", "option"), OPTIONS)
def test_every_option_does_something_and_can_be_turned_off(source, export, records, resource, option):
    on, off = (
        records(export(resource, template="detailed", format="ndjson", options={option: wanted}, filters={"limit": 30}))
        for wanted in (True, False)
    )
    assert len(on) == len(off) > 4
    declared = SHIPPED[resource].options[option]
    assert set(on[0]) - set(off[0]) >= {name for name in declared.fields if name not in shown(resource)}
    assert (on != off) == bool(declared.fields or declared.sort)


def shown(resource):
    """Return the fields that the template shows whatever the options."""
    template = SHIPPED[resource].templates["detailed"]
    return {column.name for column in template.columns}


@pytest.mark.parametrize("resource", SHIPPED)
def test_every_sort_column_sorts(source, vendor, export, resource):
    for column in SHIPPED[resource].sort_columns if vendor == "sqlite" else ["id"]:
        made = export(resource, columns=("id",), format="ndjson", options={"sort_by": column}, filters=LIMIT)
        assert made.record_count == 4, column


def test_shipped_definitions_and_the_new_one_are_sound(things, capsys):
    call_command("check_source")
    said = capsys.readouterr().out
    for name in [*SHIPPED, "things"]:
        assert re.search(rf"^platform/{name}: [\d,]+ records$", said, re.MULTILINE), said
    assert "an index is missing" not in said
