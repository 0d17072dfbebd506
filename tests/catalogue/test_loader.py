"""Definitions are files: adding one adds a resource, and a mistake in one is told with its place and a hint."""

import shutil
from pathlib import Path

import pytest
from django.core.checks import run_checks

from exports import catalogue, service
from exports.catalogue import loader
from exports.exceptions import UnknownName

VENUES = """
label = "Venues"

[mappings.size]
s = "Small"
l = "Large"

[fields]
name = { label = "Name", aliases = ["title"] }
size = { label = "Size", kind = "code", mapping = "size" }
rent = { label = "Rent", kind = "money" }

[templates.standard]
description = "Where summits take place"
records_per_file = 1000
fields = ["name", "size", "rent"]

[sort]
columns = ["name"]
"""


@pytest.fixture
def directory(tmp_path, settings) -> Path:
    """Return a copy of the definitions that a test may change."""
    copy = tmp_path / "definitions"
    shutil.copytree(settings.EXPORTS_TEMPLATES_DIR, copy)
    settings.EXPORTS_TEMPLATES_DIR = copy
    return copy


def mistakes(directory, text, file="ybb/venues.toml"):
    (directory / file).write_text(text)
    return [(found.problem.key, found.problem.message, found.problem.hint) for found in loader.read(directory).mistakes]


@pytest.mark.django_db
def test_adding_a_resource_is_adding_a_file(directory, spec, principal):
    (directory / "ybb" / "venues.toml").write_text(VENUES)
    export = service.submit(spec([{"title": "Hall", "size": "l", "rent": 12.5}], resource="venues", format="csv"))
    with service.open_file(export, principal).file as file:
        assert file.read().decode("utf-8-sig") == "Name,Size,Rent\r\nHall,Large,12.5\r\n"


def test_definitions_of_the_project_have_no_mistakes(settings):
    assert loader.read(settings.EXPORTS_TEMPLATES_DIR).mistakes == ()


@pytest.mark.parametrize(
    ("old", "new", "key", "message", "hint"),
    [
        (
            '["name", "size", "rent"]',
            '["name", "sise"]',
            "templates.standard.fields[1]",
            "Template 'standard' names the unknown field 'sise'.",
            "Did you mean 'size'?",
        ),
        (
            'mapping = "size"',
            'mapping = "sizes"',
            "fields.size.mapping",
            "Field 'size' names the unknown mapping 'sizes'.",
            "Did you mean 'size'?",
        ),
        ('kind = "money"', 'kind = "cash"', "fields[...].kind", "Invalid enum value 'cash'.", None),
        ("records_per_file = 1000", "", "templates[...]", "Object missing required field `records_per_file`.", None),
        (
            'label = "Venues"',
            'label = "Venues"\nlabell = 1',
            "the file",
            "Object contains unknown field `labell`.",
            None,
        ),
        (
            'columns = ["name"]',
            'columns = ["nam"]',
            "sort.columns",
            "The sort list names the unknown field 'nam'.",
            None,
        ),
        ('"rent"]', '"rent"]\nheaders = ["Name"]', "templates.standard.headers", "has 3 fields but 1 headers.", None),
        ("[sort]", "[sort", "the file", "Expected ']' at the end of a table declaration", None),
    ],
)
def test_mistake_is_told_with_its_place(directory, old, new, key, message, hint):
    [(found_key, found_message, found_hint)] = mistakes(directory, VENUES.replace(old, new, 1))
    assert found_key == key
    assert message in found_message
    assert hint is None or found_hint == hint


def test_every_mistake_of_a_file_is_told_at_once(directory):
    text = VENUES.replace('mapping = "size"', 'mapping = "sizes"').replace('["name"]', '["nam"]')
    assert len(mistakes(directory, text)) == 2


def test_mistake_stops_the_start(directory):
    (directory / "ybb" / "venues.toml").write_text(VENUES.replace('"rent"]', '"price"]'))
    [error] = [found for found in run_checks() if found.id == "exports.E001"]
    assert "definitions/ybb/venues.toml, templates.standard.fields" in error.msg


def test_policy_that_names_a_missing_catalogue_is_a_mistake(directory):
    text = (directory / "policies.toml").read_text().replace('catalogue = "ybb"', 'catalogue = "yb"')
    [(key, message, hint)] = mistakes(directory, text, "policies.toml")
    assert (key, hint) == ("dialects.ybb.catalogue", "Did you mean 'ybb'?")
    assert "'yb', which has no resource" in message


def test_unknown_resource_is_refused_with_those_there_are():
    with pytest.raises(UnknownName, match="ambassadors, participants, payments"):
        catalogue.resource("ybb", "users")
