"""What a template may say about the look of its files."""

import msgspec
import pytest

from exports.catalogue.problems import problems
from exports.catalogue.resolve import resolve
from exports.catalogue.schema import ResourceDef
from exports.types import Kind


def definition(**template):
    fields = {"id": {"label": "ID", "kind": "integer"}, "name": {"label": "Name"}}
    standard = {"description": "", "fields": ["id", "name"], "records_per_file": 10} | template
    return msgspec.convert({"label": "Things", "fields": fields, "templates": {"standard": standard}}, ResourceDef)


def template(**options):
    return resolve("c", "things", definition(**options)).template(None)


def test_template_says_nothing_special_by_default():
    made = template()
    assert (made.empty, made.csv_delimiter, made.about_sheet, made.number_formats) == ("", ",", None, {})


def test_every_option_reaches_the_template():
    options = {"empty": "N/A", "csv_delimiter": ";", "about_sheet": False, "version": "2026-1"}
    made = template(**options, number_formats={"money": "#,##0"})
    assert {name: getattr(made, name) for name in options} == options
    assert made.number_formats == {Kind.MONEY: "#,##0"}


@pytest.mark.parametrize("option", [{"csv_delimiter": ":"}, {"empty": 1}, {"number_formats": {"cash": "0"}}])
def test_option_that_makes_no_sense_is_refused(option):
    with pytest.raises(msgspec.ValidationError):
        definition(**option)


@pytest.mark.parametrize("formats", [{"text": "0"}, {"money": ""}, {"date": "y" * 256}])
def test_number_format_that_leads_nowhere_is_reported(formats):
    (found,) = problems(definition(number_formats=formats))
    assert found.key.startswith("templates.standard.number_formats.")


@pytest.mark.parametrize(
    ("shown", "is_sound"),
    [
        ('"Rp" #,##0', True),
        ("_-* #,##0.00_-;[Red]-#,##0.00;0;@", True),
        ("[$-409]d mmm yyyy h:mm AM/PM", True),
        ("Rp #,##0", False),
        ('"Rp #,##0', False),
        ("[Redd]0", False),
        ("0;0;0;0;0", False),
        ("\\", False),
        ("y" * 254 + "!", False),
    ],
)
def test_number_format_that_would_damage_a_workbook_is_reported(shown, is_sound):
    assert (not list(problems(definition(number_formats={"money": shown})))) is is_sound


@pytest.mark.parametrize("marked", [True, False])
def test_sensitive_template_must_have_something_to_hide(marked):
    fields = {"id": {"label": "ID", "sensitive": marked}, "name": {"label": "Name"}}
    whole = {"standard": {"description": "", "fields": ["id", "name"], "records_per_file": 10, "sensitive": True}}
    found = msgspec.convert({"label": "Things", "fields": fields, "templates": whole}, ResourceDef)
    assert [each.key for each in problems(found)] == ([] if marked else ["templates.standard.sensitive"])


def test_template_is_sensitive_as_soon_as_a_field_or_option_of_it_is():
    fields = {"id": {"label": "ID"}, "health": {"label": "Health", "sensitive": True}}
    templates = {
        name: {"description": "", "fields": shown, "include": options, "records_per_file": 10}
        for name, shown, options in (("plain", ["id"], []), ("own", ["health"], []), ("added", ["id"], ["more"]))
    }
    said = {
        "label": "Things",
        "default_template": "plain",
        "fields": fields,
        "templates": templates,
        "options": {"more": {"label": "More", "fields": ["health"]}},
    }
    resource = resolve("c", "things", msgspec.convert(said, ResourceDef))
    assert {name for name, found in resource.templates.items() if found.sensitive} == {"own", "added"}


def test_version_changes_with_the_definition_and_only_then():
    versions = [template(**options).version for options in ({}, {}, {"headers": ["No", "Name"]}, {"empty": "-"})]
    assert versions[0] == versions[1]
    assert len(set(versions)) == 3
    assert all(len(version) == 8 for version in versions)
