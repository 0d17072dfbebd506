"""Templates that callers make of the fields of a resource, beside those of the definition files.

A template is its owner's: to everybody else it does not exist. Each change is a version of its own that stays as it is,
and an export keeps the version that it was asked for with, whatever becomes of the template.
"""

import uuid

import msgspec
from django.db import transaction
from django.db.models import OuterRef, Subquery

from . import catalogue
from .catalogue import Resource, Template, TemplateDef
from .exceptions import Conflict, NotFound, UnknownName
from .models import ExportTemplate, ExportTemplateVersion
from .models.request import asked_by
from .types import Principal

MOST_TEMPLATES, MOST_VERSIONS = 200, 1_000
"""That a caller may have, and that a template may have."""


def save(
    principal: Principal, resource: Resource, name: str, definition: TemplateDef
) -> tuple[ExportTemplateVersion, bool]:
    """Make a template, or the next version of it; return the version that says this, and whether the template is new.

    What has not changed gets no new version. A deleted one that is made again goes on counting.

    Raises:
        BadRequest: the message names what is wrong with it.
        Conflict: a built-in template has the name, or there are too many.
    """
    catalogue.check_name(resource, name)
    # As the database gives it back, so that it can be compared.
    said = msgspec.json.decode(msgspec.json.encode(catalogue.checked(resource, name, definition)))
    with transaction.atomic():
        who = asked_by(principal)
        template, is_new = ExportTemplate.objects.get_or_create(
            owner=who["owner"],
            catalogue=resource.catalogue,
            resource=resource.name,
            name=name,
            defaults={"user": who["user"], "client": who["client"]},
        )
        template = ExportTemplate.objects.select_for_update().get(pk=template.pk)
        is_new = is_new or template.deleted_at is not None
        version = template.add_version(said, principal)
        if is_new:
            ExportTemplate.objects.filter(pk=template.pk).update(deleted_at=None)
        _check_numbers(template, version)
    return version, is_new


def find(resource: Resource, name: str | None, principal: Principal) -> Template:
    """Return the template of a name, the resource's default for None: a built-in one, else the caller's own.

    Raises:
        UnknownName: there is none, or it is somebody else's; the answer is the same.
        BadRequest: the resource has changed, so that the template leads nowhere now.
    """
    if not name or name in resource.templates:
        return resource.template(name)
    own = {template.name: template for template in _own(principal, resource.catalogue, resource.name)}
    version = own[name].latest() if name in own else None
    if version is None:
        raise UnknownName(
            f"Template '{name}' not found for {resource.name}", field="template", allowed=[*resource.templates, *own]
        )
    return resolved(resource, version)


def of_version(resource: Resource, row: int) -> Template:
    """Return a template as one version has it. Raises BadRequest as ``find``."""
    return resolved(resource, ExportTemplateVersion.objects.select_related("template").get(pk=row))


def resolved(resource: Resource, version: ExportTemplateVersion) -> Template:
    """Return a version as one that can be used. Raises BadRequest as ``find``."""
    definition = msgspec.convert(version.definition, TemplateDef)
    return catalogue.resolve_custom(resource, version.template.name, definition, version=version.number, row=version.pk)


def versions_for(principal: Principal, catalogue_name: str) -> list[ExportTemplateVersion]:
    """Return the newest version of each template a caller may choose."""
    own = _own(principal, catalogue_name)
    place = {template.pk: place for place, template in enumerate(own)}
    of_same = ExportTemplateVersion.objects.filter(template=OuterRef("template")).order_by("-number")
    rows = ExportTemplateVersion.objects.filter(template__in=place, number=Subquery(of_same.values("number")[:1]))
    return sorted(rows.select_related("template"), key=lambda version: place[version.template_id])


def is_sensitive(version: ExportTemplateVersion) -> bool:
    """Tell whether a version shows a sensitive field."""
    template = version.template
    resource = catalogue.definitions().resources.get((template.catalogue, template.resource))
    definition = msgspec.convert(version.definition, TemplateDef)
    return resource is not None and catalogue.shows_sensitive(definition, resource.fields, resource.options)


def get(public_id: uuid.UUID, principal: Principal) -> ExportTemplate:
    """Return a template of the caller's own. Raises NotFound."""
    found = ExportTemplate.objects.usable_by(principal).filter(public_id=public_id).first()
    if found is None:
        raise NotFound("Template not found")
    return found


def _own(principal: Principal, catalogue_name: str, resource: str = "") -> list[ExportTemplate]:
    """Return a caller's templates; where people and their clients have the same name, the caller's own comes last."""
    rows = ExportTemplate.objects.usable_by(principal).filter(catalogue=catalogue_name)
    rows = rows.filter(resource=resource) if resource else rows
    return sorted(rows, key=lambda template: (template.owner == principal.owner, template.pk))


def _check_numbers(template: ExportTemplate, version: ExportTemplateVersion) -> None:
    """Refuse what nobody needs; the transaction takes it back."""
    if ExportTemplate.objects.filter(owner=template.owner, deleted_at=None).count() > MOST_TEMPLATES:
        raise Conflict(f"You have {MOST_TEMPLATES} templates. Delete one first.", field="template")
    if version.number > MOST_VERSIONS:
        raise Conflict(f"The template has {MOST_VERSIONS:,} versions. Make one of another name.", field="template")
