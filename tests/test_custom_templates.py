"""An export is made by the version it was asked for with, whatever becomes of the template."""

import pytest

from exports import catalogue, custom_templates, service
from exports.catalogue import TemplateDef
from exports.exceptions import BuildError, UnknownName
from exports.models import ExportFile, ExportTemplateVersion
from exports.pipeline import work_on
from exports.tasks.run import run_export

pytestmark = pytest.mark.django_db


@pytest.fixture
def save(principal):
    """Save a template: ``save("No.", "Mail")``."""

    def make(*headers):
        resource = catalogue.resource("ybb", "participants")
        definition = TemplateDef(description="", fields=("id", "email"), headers=headers, records_per_file=2_000)
        return custom_templates.save(principal, resource, "board", definition)[0]

    return make


@pytest.fixture
def export(save, spec, participants):
    """An export of several files that waits for its workers, while its template changes and goes."""
    version = save("No.", "Mail")
    accepted = service.submit(spec(participants(6_000), template="board", format="csv"))
    save("Number", "Address").template.mark_deleted()
    assert accepted.template_version == version
    return accepted


def headers(export, principal):
    found = set()
    for part in export.files.parts():
        with service.open_file(export, principal, number=part.number).file as file:
            found.add(file.readline().decode("utf-8-sig").strip())
    return found


def test_version_that_was_chosen_makes_the_files(export, principal, spec, participants):
    run_export(export.pk)
    export.refresh_from_db()
    assert (export.state, headers(export, principal)) == ("completed", {"No.,Mail"})
    with pytest.raises(UnknownName):
        service.submit(spec(participants(1), template="board"))


@pytest.mark.parametrize("finish", ["resume", "retry"])
def test_resumed_and_retried_exports_keep_it(export, principal, settings, finish):
    settings.EXPORTS_TURN_SECONDS = 0
    work_on(export)
    ExportFile.objects.filter(export=export, state="pending").update(attempts=3)
    export.mark_failed(BuildError("The machine caught fire."))
    export.refresh_from_db()
    again = getattr(service, finish)(export, principal) or export
    settings.EXPORTS_TURN_SECONDS = 60
    run_export(again.pk)
    again.refresh_from_db()
    assert (again.state, headers(again, principal)) == ("completed", {"No.,Mail"})
    assert again.template_version.number == 1


def test_label_that_changes_later_changes_no_template(principal):
    resource = catalogue.resource("ybb", "participants")
    definition = TemplateDef(description="", fields=("id", "email"), records_per_file=2_000)
    version, _ = custom_templates.save(principal, resource, "board", definition)
    assert version.definition["headers"] == ["ID", "Email"]


def test_built_in_template_that_comes_later_wins(save, spec, participants, principal):
    """Its name is in the contract of every caller."""
    save("No.", "Mail")
    version = ExportTemplateVersion.objects.get()
    type(version.template).objects.update(name="standard")
    export = service.submit(spec(participants(1), template="standard", format="csv"))
    assert export.template_version is None


def test_field_that_is_no_more_fails_the_export_with_its_name(export):
    version = export.template_version
    broken = {**version.definition, "fields": ["id", "e_mail"]}
    other = ExportTemplateVersion(template=version.template, number=9, definition=broken)
    other.save()
    type(export).objects.filter(pk=export.pk).update(template_version=other)
    run_export(export.pk)
    export.refresh_from_db()
    assert (export.state, "'e_mail'" in export.error_message) == ("failed", True)
