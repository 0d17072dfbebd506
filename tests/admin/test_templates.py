"""Auditors read every custom template and its versions in the admin; nobody changes one there."""

import pytest
from django.urls import reverse

from exports import catalogue, custom_templates
from exports.catalogue import TemplateDef
from exports.types import Principal
from tests.made import person


@pytest.fixture
def template(db):
    resource = catalogue.resource("platform", "participants")
    definition = TemplateDef(
        description="", fields=("id", "email"), headers=("No.", "<b>Mail</b>"), records_per_file=1_000
    )
    version, _ = custom_templates.save(Principal(user=person("owner")), resource, "board", definition)
    return version.template


def test_auditor_reads_templates_and_versions(client, template):
    client.force_login(
        person("auditor", "view_all", "view_exporttemplate", "view_exporttemplateversion", is_staff=True)
    )
    listed = client.get(reverse("admin:exports_exporttemplate_changelist"), {"q": "board"}).content.decode()
    page = reverse("admin:exports_exporttemplate_change", args=[template.pk])
    assert page in listed
    told = client.get(page).content.decode()
    assert "&lt;b&gt;Mail&lt;/b&gt;" in told
    assert "<b>Mail" not in told
    assert client.post(page, {"name": "other"}).status_code == 403
    assert client.post(reverse("admin:exports_exporttemplate_delete", args=[template.pk])).status_code == 403


def test_staff_see_their_own(client, template):
    clerk = person("clerk", "view_exporttemplate", is_staff=True)
    client.force_login(clerk)
    assert client.get(reverse("admin:exports_exporttemplate_change", args=[template.pk])).status_code == 302
