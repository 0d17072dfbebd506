"""The data export specification: contract 002. Filters are sent and records are pulled, or they come along."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from exports import catalogue
from exports.api import bodies
from exports.exceptions import ExportError
from exports.models import ExportRequest, ExportTemplate, ExportTemplateVersion
from exports.service import Estimate, LaneLoad, Totals
from exports.types import ExportSpec, Principal, Progress, Strategy

from . import platform_answers as answers
from . import platform_shapes as shapes
from . import platform_system as system
from . import platform_system_shapes as system_shapes
from . import platform_template_shapes as template_shapes
from . import platform_templates as templates
from .base import Dialect

VERSIONS_TOLD = 100
"""Of one template, the newest."""


class Body(msgspec.Struct, kw_only=True):
    """A request for an export; keys that are not listed are ignored."""

    export_type: bodies.Resource
    program_id: bodies.ProgramId | None = None
    format: bodies.Format | None = None
    template: bodies.Template | None = None
    columns: bodies.Columns | None = None
    """For template ``custom``: the fields to export, in order."""
    filters: bodies.Object | None = None
    options: bodies.Object | None = None
    large_dataset_options: bodies.Object | None = None
    delivery_options: bodies.Object | None = None
    filename: bodies.Filename | None = None
    user_id: int | str | None = None
    data: bodies.Records = msgspec.field(default_factory=bodies.no_records)
    dataset_id: bodies.DatasetId | None = None


class Platform(Dialect):
    """Dialect ``platform``."""

    name = "platform"
    body = Body

    def spec(self, body: Body, principal: Principal, received: datetime, **path: str) -> ExportSpec:
        """Return the wish."""
        options = bodies.mapping("options", body.options)
        for name in ("large_dataset_options", "delivery_options"):
            if members := bodies.mapping(name, getattr(body, name)):
                options[name] = members
        return ExportSpec(
            dialect=self.name,
            resource=body.export_type,
            principal=principal,
            **bodies.origin(body.data, body.dataset_id),
            template=body.template or None,
            columns=None if body.columns is None else tuple(body.columns),
            format=body.format or None,
            filename=body.filename or None,
            filters=bodies.mapping("filters", body.filters),
            options=options,
            program_id=bodies.whole_number("program_id", body.program_id),
            caller_user_id="" if body.user_id is None else str(body.user_id).replace("\0", "")[:64],
            received_at=received,
        )

    def created(self, export: ExportRequest, request_id: str) -> tuple[int, shapes.Status]:
        """Return the files where they are ready, else how far they are."""
        status = 200 if export.state == export.State.COMPLETED else 202 if export.is_active else 500
        return status, self.status(export, request_id)

    def status(self, export: ExportRequest, request_id: str) -> shapes.Status:
        """Return what the answer to the request would be now."""
        if export.is_active:
            return answers.processing(export, request_id)
        if not export.is_downloadable:
            return answers.failed(export, request_id)
        finished = answers.many_files if export.strategy == Strategy.MULTI_FILE else answers.one_file
        return finished(export, request_id)

    def address(self, export: ExportRequest) -> str:
        """Return the path of its status."""
        return f"/api/export/{export.public_id}/status"

    def error(self, error: ExportError, status: int, request_id: str) -> shapes.Error:
        """Return the error body (document 002, "Error Response")."""
        return {
            "status": "error",
            "message": error.message,
            "error_code": error.code,
            "details": {**answers.NOTHING_KNOWN, **error.details},
            "recovery_options": answers.recovery(error.details),
            "request_id": request_id,
        }

    def estimated(self, estimate: Estimate) -> system_shapes.Estimated:
        """Return what an export would be; PHP compares ``estimated_records``."""
        return system.estimated(estimate)

    def chunks(self, export: ExportRequest) -> shapes.Chunks:
        """Return the files of an export, those to come too."""
        return answers.chunks(export)

    def deleted(self, export: ExportRequest) -> shapes.Deleted:
        """Say that nothing of an export is stored any more."""
        return {
            "status": "success",
            "message": "Export files deleted",
            "data": {"export_id": str(export.public_id), "state": export.State(export.state)},
        }

    def queue(
        self, lanes: Sequence[LaneLoad], now: Mapping[int, Progress], own: Sequence[ExportRequest]
    ) -> system_shapes.Queue:
        """Return what the workers have before them, and where the caller's own exports stand."""
        return system.queue(lanes, [(export, now[export.pk]) for export in own])

    def stats(self, totals: Totals) -> system_shapes.Stats:
        """Return what exports have come to, and the limits that hold (document 002, "System Configuration")."""
        return system.stats(totals, catalogue.policy(self.name), catalogue.definitions().lanes)

    def templates(self, catalogue_name: str, own: Sequence[ExportTemplateVersion]) -> template_shapes.Templates:
        """Return every template under its resource's and its own name, as document 002 prints them."""
        found = {f"{version.template.resource}_{version.template.name}": templates.custom(version) for version in own}
        found |= {
            f"{resource.name}_{template.name}": templates.built_in(resource, template)
            for resource in catalogue.definitions().resources_of(catalogue_name).values()
            for template in resource.templates.values()
        }
        return {"status": "success", "templates": found, "data": {"templates": found}}

    def kept(self, version: ExportTemplateVersion, *, is_new: bool) -> template_shapes.TemplateKept:
        """Say which version of a caller's template there is now."""
        told = templates.custom(version)
        message = f"Template {'created' if is_new else 'saved'}: version {version.number}"
        return {
            "status": "success",
            "message": message,
            "template_id": str(version.template.public_id),
            "data": told,
        }

    def template(self, template: ExportTemplate) -> template_shapes.OneTemplate:
        """Return a caller's template as it is, with its last versions, the newest first."""
        newest = template.versions.select_related("template").order_by("-number")[:VERSIONS_TOLD]
        versions = [templates.custom(version) for version in newest]
        now: template_shapes.Versioned = {**versions[0], "versions": versions}
        return {"status": "success", "data": now}

    def template_deleted(self, template: ExportTemplate) -> template_shapes.TemplateDeleted:
        """Say that nobody can choose it any more."""
        return {
            "status": "success",
            "message": "Template deleted",
            "data": {"template_id": str(template.public_id), "template": template.name},
        }
