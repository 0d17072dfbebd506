"""Versions of templates are history: nobody changes them."""

import pytest

from exports import catalogue, custom_templates
from exports.catalogue import TemplateDef
from exports.models import ExportTemplateVersion


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["save", "delete"])
def test_version_never_changes(principal, change):
    resource = catalogue.resource("ybb", "participants")
    definition = TemplateDef(description="", fields=("id",), records_per_file=1_000)
    version, _ = custom_templates.save(principal, resource, "board", definition)
    with pytest.raises(TypeError, match="never changes"):
        getattr(version, change)()
    for refused in (ExportTemplateVersion.objects.all().delete, lambda: ExportTemplateVersion.objects.update(number=2)):
        with pytest.raises(TypeError, match="never changes"):
            refused()
