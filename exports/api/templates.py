"""Templates: those of the definition files for everybody, and those that callers make for themselves."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import msgspec
from rest_framework.request import Request
from rest_framework.response import Response

from exports import catalogue, custom_templates
from exports.catalogue import Resource, TemplateDef
from exports.exceptions import BadRequest, TooManyBytes, UnknownName
from exports.types import Kind

from . import bodies
from .actions import PlatformView
from .authentication import principal_of
from .dialects.ybb import Ybb
from .views import DialectView, public_id, require_length

MOST_BYTES = 256 * 1024
"""Of a template as JSON."""
Name = Annotated[str, msgspec.Meta(max_length=100)]
Text = Annotated[str, msgspec.Meta(max_length=500)]
_API_NAMES = {"records_per_file": "recommended_chunk_size", "include": "include_related"}
"""What this dialect calls members of a definition."""


class NewTemplate(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A template as somebody wants it, in the words that ``GET`` prints; what is not said is as in the default one."""

    export_type: Name
    template: Name | None = None
    name: Name | None = None
    catalogue: Name | None = None
    """Whose resource; ``ybb`` where exports are going to be asked for through that dialect."""
    description: Text = ""
    fields: list[Name]
    headers: list[str] | None = None
    include_related: list[Name] | None = None
    max_records_single_file: int | None = None
    recommended_chunk_size: int | None = None
    empty: Name | None = None
    csv_delimiter: Annotated[str, msgspec.Meta(max_length=1)] | None = None
    number_formats: dict[str, str] | list[Any] | None = None
    keys: dict[str, Name] | list[Any] | None = None
    about_sheet: bool | None = None
    related: Name | None = None
    program_id: int | str | None = None
    """A template is for every programme; whoever sends it with everything may."""
    # What ``GET`` prints besides, so that it can be sent back.
    optimized_for_large_datasets: Any = None
    includes_sensitive_data: Any = None
    version: Any = None
    versions: Any = None
    custom: Any = None
    template_id: Any = None
    created_at: Any = None


class Templates(PlatformView):
    """``GET``: what there is to choose from; ``POST``: a template of one's own, or a new version of it."""

    def get(self, request: Request) -> Response:
        """Answer with the built-in templates of a catalogue and the caller's own."""
        name = _catalogue(request.query_params.get("catalogue") or catalogue.policy(self.dialect.name).catalogue)
        return Response(self.dialect.templates(name, custom_templates.versions_for(principal_of(request), name)))

    def post(self, request: Request) -> Response:
        """Answer 201 for a new template, 200 for one that was there, changed or not."""
        require_length(request)
        if len(request.data or b"") > MOST_BYTES:
            raise TooManyBytes(f"A template must not be larger than {MOST_BYTES:,} bytes.")
        wanted = bodies.decode(request.data, NewTemplate)
        bodies.whole_number("program_id", wanted.program_id)
        name = _catalogue(wanted.catalogue or catalogue.policy(self.dialect.name).catalogue)
        resource = catalogue.resource(name, wanted.export_type)
        try:
            version, is_new = custom_templates.save(
                principal_of(request), resource, _name(wanted), _definition(resource, wanted)
            )
        except BadRequest as error:
            raise _in_api_names(error) from error
        return Response(self.dialect.kept(version, is_new=is_new), status=201 if is_new else 200)


class OneTemplate(PlatformView):
    """``GET``: a template of the caller's own with its versions; ``DELETE``: take it from choice."""

    def get(self, request: Request, template_id: str) -> Response:
        """Answer with all that was ever said of it."""
        return Response(self.dialect.template(custom_templates.get(public_id(template_id), principal_of(request))))

    def delete(self, request: Request, template_id: str) -> Response:
        """Take it from choice; exports that were asked for with it stay as they are."""
        template = custom_templates.get(public_id(template_id), principal_of(request))
        template.mark_deleted()
        return Response(self.dialect.template_deleted(template))


class YbbTemplates(DialectView):
    """``GET``: what there is to choose from, in the words of dialect ``ybb``."""

    dialect: Ybb

    def get(self, request: Request, resource: str | None = None) -> Response:
        """Answer with the built-in templates of a resource, or of all, and the caller's own."""
        own = custom_templates.versions_for(principal_of(request), catalogue.policy(self.dialect.name).catalogue)
        return Response(self.dialect.templates(resource, own))


def _catalogue(name: str) -> str:
    known = sorted({catalogue for catalogue, _ in catalogue.definitions().resources})
    if name not in known:
        sentence = f"Catalogue '{name[:64]}' does not exist. Known catalogues: {', '.join(known)}."
        raise UnknownName(sentence, field="catalogue")
    return name


def _name(wanted: NewTemplate) -> str:
    if wanted.template and wanted.name and wanted.template != wanted.name:
        raise BadRequest("Fields 'template' and 'name' mean the same; send one of them.", field="name")
    return wanted.template or wanted.name or ""


def _definition(resource: Resource, wanted: NewTemplate) -> TemplateDef:
    """Return the definition, which may still have the problems that ``catalogue.checked`` tells."""
    usual = resource.template(None)
    said = {
        "description": wanted.description,
        "fields": wanted.fields,
        "headers": wanted.headers or (),
        "records_per_file": _or(wanted.recommended_chunk_size, usual.records_per_file),
        "max_records_single_file": wanted.max_records_single_file,
        "empty": _or(wanted.empty, usual.empty),
        "csv_delimiter": _or(wanted.csv_delimiter, usual.csv_delimiter),
        "number_formats": _number_formats(wanted, usual.number_formats),
        "keys": usual.keys if wanted.keys is None else bodies.mapping("keys", wanted.keys),
        "about_sheet": _or(wanted.about_sheet, usual.about_sheet),
        "include": tuple(_options(resource, wanted.include_related or ())),
        "related": wanted.related or "text",
    }
    try:
        return msgspec.convert(said, TemplateDef)
    except msgspec.ValidationError as error:
        raise bodies.misfit(error) from error


def _or(value: Any, usual: Any) -> Any:
    return usual if value is None else value


def _number_formats(wanted: NewTemplate, usual: Mapping[Kind, str]) -> Mapping[Any, str]:
    if wanted.number_formats is None:
        return usual
    found = bodies.mapping("number_formats", wanted.number_formats)
    for kind in found:
        if kind not in set(Kind):
            hint = catalogue.did_you_mean(kind, Kind) or f"Kinds: {', '.join(Kind)}."
            raise UnknownName(f"'{kind[:64]}' is no kind of values. {hint}", field=f"number_formats.{kind[:64]}")
    return found


def _options(resource: Resource, names: list[str] | tuple[str, ...]) -> Iterator[str]:
    """Yield the options that are meant: document 002 prints ``essays`` where the option is ``include_essays``."""
    for name in names:
        yield f"include_{name}" if name not in resource.options and f"include_{name}" in resource.options else name


def _in_api_names(error: BadRequest) -> BadRequest:
    """Return the problems of a definition under the names that its members have here."""
    for each in (error.details, *error.details.get("problems", ())):
        member, bracket, rest = str(each.get("field", "")).partition("[")
        each["field"] = _API_NAMES.get(member, member) + bracket + rest
    return error
