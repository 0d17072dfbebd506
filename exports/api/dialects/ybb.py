"""The YBB Data Management Service: contract 001, with what the integration of document 000 reads besides."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from exports import catalogue
from exports.api import bodies
from exports.exceptions import (
    Busy,
    ExportError,
    FileNotFound,
    InvalidFilename,
    InvalidSheetName,
    NoData,
    NotFound,
    StorageFull,
    TooManyAtOnce,
    TooManyRecords,
)
from exports.models import ExportRequest, ExportTemplateVersion
from exports.types import ExportSpec, Principal, Strategy

from . import ybb_answers as answers
from . import ybb_shapes as shapes
from .base import Dialect

ERROR_TYPES: tuple[tuple[type[ExportError], str], ...] = (
    (InvalidFilename, "filename_validation"),
    (InvalidSheetName, "filename_validation"),
    (TooManyRecords, "large_dataset"),
)
"""The words document 000 ("Enhanced Error Display") switches on; everything else gets one by its status."""

ERROR_TYPES_BY_STATUS = {
    400: "validation",
    401: "authentication",
    403: "permission",
    404: "not_found",
    405: "validation",
    409: "conflict",
    411: "validation",
    413: "large_dataset",
    415: "validation",
    422: "validation",
    503: "timeout",
    507: "storage",
}


class Body(msgspec.Struct, kw_only=True):
    """A request for an export; keys that are not listed are ignored, as the old service did."""

    data: bodies.Records = msgspec.field(default_factory=bodies.no_records)
    dataset_id: bodies.DatasetId | None = None
    template: bodies.Template | None = None
    format: bodies.Format | None = None
    filename: bodies.Filename | None = None
    sheet_name: str | None = None
    filters: bodies.Object | None = None
    options: bodies.Object | None = None
    program_id: bodies.ProgramId | None = None
    user_id: int | str | None = None


class Ybb(Dialect):
    """Dialect ``ybb``."""

    name = "ybb"
    body = Body
    # Its clients send a 5xx again and give up at a 4xx (document 001, "Retry").
    statuses = {TooManyAtOnce: 503}

    def spec(self, body: Body, principal: Principal, received: datetime, **path: str) -> ExportSpec:
        """Return the wish; the resource is in the path."""
        return ExportSpec(
            dialect=self.name,
            resource=path["resource"],
            principal=principal,
            records=None if body.dataset_id else _records(body.data),
            dataset=bodies.identifier("dataset_id", body.dataset_id) if body.dataset_id else None,
            template=body.template or None,
            format=body.format or None,
            filename=body.filename or None,
            sheet_name=body.sheet_name or None,
            filters=bodies.mapping("filters", body.filters),
            options=bodies.mapping("options", body.options),
            program_id=bodies.whole_number("program_id", body.program_id),
            # PostgreSQL keeps no NUL.
            caller_user_id="" if body.user_id is None else str(body.user_id).replace("\0", "")[:64],
            received_at=received,
        )

    def created(self, export: ExportRequest, request_id: str) -> tuple[int, shapes.Created]:
        """Return the files where they are ready; PHP decides by the presence of ``export_strategy``."""
        if export.state == export.State.COMPLETED:
            finished = answers.many_files if export.strategy == Strategy.MULTI_FILE else answers.one_file
            return 200, finished(export, request_id)
        if export.is_active:
            return 202, answers.processing(export, request_id)
        status = 507 if export.error_code == StorageFull.code else 500
        return status, answers.failed(export, request_id)

    def status(self, export: ExportRequest, request_id: str) -> shapes.Status:
        """Return what document 001 lists ("Export Status"), and how far it is.

        Raises:
            NotFound: the export has expired; PHP asks for the status to know whether it can download.
        """
        about = answers.about(export)
        if export.is_active:
            waiting: shapes.ProcessingStatus = {**answers.processing(export, request_id), **about}
            return waiting
        if not export.is_downloadable:
            if export.state in (export.State.COMPLETED, export.State.EXPIRED):
                raise NotFound
            failed: shapes.FailedStatus = {**answers.failed(export, request_id), **about}
            return failed
        if export.strategy == Strategy.MULTI_FILE:
            many: shapes.ManyFilesStatus = {**answers.many_files(export, request_id), **about}
            return many
        one: shapes.OneFileStatus = {**answers.one_file(export, request_id), **about}
        return one

    def address(self, export: ExportRequest) -> str:
        """Return the path of its status."""
        return f"/api/ybb/export/{export.public_id}/status"

    def error(self, error: ExportError, status: int, request_id: str) -> shapes.Error:
        """Return the error body (document 001, "Error Response Format")."""
        by_class = next((word for kind, word in ERROR_TYPES if isinstance(error, kind)), None)
        return {
            "status": "error",
            "message": _message(error),
            "error_code": error.code,
            "error_type": by_class or ERROR_TYPES_BY_STATUS.get(status, "server"),
            "details": error.details,
            "request_id": request_id,
        }

    def templates(
        self, resource: str | None, own: Sequence[ExportTemplateVersion]
    ) -> shapes.Templates | shapes.TemplatesOfOne:
        """Return the templates of one resource, or of all, with those that the caller made."""
        resources = catalogue.definitions().resources_of(self._catalogue)
        if resource is not None:
            if resource not in resources:
                raise NotFound(f"Export type '{resource}' not found", field="export_type", allowed=list(resources))
            return {"status": "success", "export_type": resource, "data": answers.templates(resources[resource], own)}
        return {"status": "success", "data": {name: answers.templates(found, own) for name, found in resources.items()}}

    def status_mappings(self) -> shapes.StatusMappings:
        """Return every code with its label."""
        mappings: dict[str, dict[str, str]] = {}
        for resource in catalogue.definitions().resources_of(self._catalogue).values():
            mappings |= {name: dict(labels) for name, labels in resource.mappings.items()}
        return {"status": "success", "data": mappings}

    @property
    def _catalogue(self) -> str:
        return catalogue.policy(self.name).catalogue


def _records(data: msgspec.Raw) -> bytes:
    raw = bytes(data)
    if raw in (b"null", b'""', b"{}", b"false"):
        raise NoData(field="data")
    return bodies.record_list(raw)


def _message(error: ExportError) -> str:
    if isinstance(error, FileNotFound) and "number" in error.details:
        return f"Batch file {error.details['number']} not found or expired"
    if isinstance(error, FileNotFound):
        return NotFound().message
    return Busy().message if isinstance(error, Busy) else error.message
