"""Templates in the words of dialect ``platform`` (document 002, "Template System")."""

from collections.abc import Iterable

from exports import custom_templates
from exports.catalogue import Resource, Template
from exports.models import ExportTemplateVersion

from . import platform_template_shapes as shapes
from .platform_answers import time


def built_in(resource: Resource, template: Template) -> shapes.Template:
    """Return a template of the definition files."""
    return {
        "export_type": resource.name,
        "template": template.name,
        "description": template.description,
        "fields": [column.name for column in template.columns],
        "headers": [column.header for column in template.columns],
        "include_related": _related(template.include),
        "max_records_single_file": template.max_records_single_file,
        "recommended_chunk_size": template.records_per_file,
        "includes_sensitive_data": template.sensitive,
        "version": template.version,
        "custom": False,
    }


def custom(version: ExportTemplateVersion) -> shapes.Template:
    """Return a version of somebody's own template; what is told can be changed and sent back."""
    template, said = version.template, version.definition
    return {
        "template_id": str(template.public_id),
        "catalogue": template.catalogue,
        "export_type": template.resource,
        "template": template.name,
        "description": said["description"],
        "fields": said["fields"],
        "headers": said["headers"],
        "include_related": _related(said["include"]),
        "max_records_single_file": said["max_records_single_file"],
        "recommended_chunk_size": said["records_per_file"],
        "empty": said["empty"],
        "csv_delimiter": said["csv_delimiter"],
        "number_formats": said["number_formats"],
        "keys": said["keys"],
        "about_sheet": said["about_sheet"],
        "related": said["related"],
        "includes_sensitive_data": custom_templates.is_sensitive(version),
        "version": version.number,
        "custom": True,
        "created_at": time(version.created_at),
    }


def _related(options: Iterable[str]) -> list[str]:
    return [name.removeprefix("include_") for name in options]
