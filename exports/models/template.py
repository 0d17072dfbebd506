"""Templates that callers make: a name, and a row for each version that never changes."""

import uuid
from collections.abc import Mapping
from typing import Any, NoReturn, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exports.types import Principal

from .log import actor_name
from .owned import Owned, may_see_all, own


class ExportTemplateQuerySet(models.QuerySet["ExportTemplate"]):
    """Queries over templates."""

    def visible_to(self, principal: Principal) -> Self:
        """Return what a caller may see: its own; everything for staff who may view all."""
        return self.all() if may_see_all(principal) else self.filter(own(principal))

    def usable_by(self, principal: Principal) -> Self:
        """Return what a caller may choose: its own, whatever it may see."""
        return self.filter(own(principal), deleted_at=None)


class ExportTemplate(Owned):
    """One template by its name; what it says is in its versions."""

    public_id = models.UUIDField(_("template ID"), default=uuid.uuid4, unique=True, editable=False)
    catalogue = models.CharField(_("catalogue"), max_length=32)
    resource = models.CharField(_("resource"), max_length=64)
    name = models.CharField(_("name"), max_length=64)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(
        _("deleted at"), null=True, blank=True, help_text=_("From then on nobody can choose it.")
    )

    objects = ExportTemplateQuerySet.as_manager()

    class Meta:
        ordering = ("catalogue", "resource", "name", "pk")
        verbose_name, verbose_name_plural = _("custom template"), _("custom templates")
        constraints = (
            models.UniqueConstraint(fields=("owner", "catalogue", "resource", "name"), name="template_once_per_owner"),
        )

    def __str__(self) -> str:
        return f"{self.resource} {self.name}"

    def latest(self) -> "ExportTemplateVersion | None":
        """Return its newest version; None between its making and that of the first."""
        return self.versions.order_by("-number").first()

    def add_version(self, definition: Mapping[str, Any], principal: Principal) -> "ExportTemplateVersion":
        """Return the version that says this: the newest where it does, else one more.

        Call it in a transaction that has locked the row, so that no two become the same number.
        """
        newest = self.latest()
        if newest is not None and newest.definition == definition:
            return newest
        number = 1 if newest is None else newest.number + 1
        return self.versions.create(number=number, definition=definition, author=actor_name(principal))

    def mark_deleted(self) -> None:
        """Take it from choice; exports that were asked for with it keep their version."""
        type(self).objects.filter(pk=self.pk, deleted_at=None).update(deleted_at=timezone.now())


class FixedQuerySet(models.QuerySet["ExportTemplateVersion"]):
    """Refuses to change what exports were made by."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise TypeError("A version of a template never changes.")

    def delete(self) -> NoReturn:
        """Refuse."""
        raise TypeError("A version of a template never changes.")


class ExportTemplateVersion(models.Model):
    """What a template said at one time."""

    template = models.ForeignKey(
        ExportTemplate, verbose_name=_("custom template"), on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"), help_text=_("Counted from 1."))
    definition = models.JSONField(_("definition"), help_text=_("Fields, headers and look, as the exports have them."))
    author = models.CharField(_("who"), max_length=150, blank=True, help_text=_("Who it was, as the name stood then."))
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    objects = FixedQuerySet.as_manager()

    class Meta:
        ordering = ("template_id", "number")
        verbose_name, verbose_name_plural = _("version of a template"), _("versions of templates")
        constraints = (models.UniqueConstraint(fields=("template", "number"), name="version_once_per_template"),)

    def __str__(self) -> str:
        return f"{self.template.name}, version {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new version.

        Raises:
            TypeError: it was written before.
        """
        if self.pk is not None:
            raise TypeError("A version of a template never changes.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise TypeError("A version of a template never changes.")
