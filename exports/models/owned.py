"""What belongs to a caller: to an API client, to a person, or to both where a client acts for a person."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exports.types import Principal


class Owned(models.Model):
    """A row that somebody made and that is not there for others."""

    owner = models.CharField(_("caller"), max_length=32)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="%(class)ss",
    )
    client = models.ForeignKey(
        "exports.ApiClient",
        verbose_name=_("API client"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="%(class)ss",
    )

    class Meta:
        abstract = True


def own(principal: Principal) -> Q:
    """Return which rows are a caller's own; those of a client are also those of the person it acts for."""
    rows = Q(pk__in=())
    if principal.client is not None:
        rows |= Q(client=principal.client)
    if principal.user is not None:
        rows |= Q(user=principal.user) | Q(client__user=principal.user)
    return rows


def may_see_all(principal: Principal) -> bool:
    """Tell whether a caller is one of the staff who may see what belongs to others."""
    user = principal.user
    return user is not None and user.is_active and bool(user.has_perm("exports.view_all"))
