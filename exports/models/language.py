"""Which language a person chose in the portal, for what is written to them while they are not there."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class LanguageChoiceQuerySet(models.QuerySet["LanguageChoice"]):
    """Queries over choices."""

    def of(self, email: str) -> str:
        """Return the language of the person with this address; empty where that is not known."""
        found = self.filter(user__email__iexact=email).order_by("user").values_list("language", flat=True)
        return found.first() or ""


class LanguageChoice(models.Model):
    """The language that one person chose last."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, related_name="language_choice"
    )
    language = models.CharField(_("language"), max_length=8)

    objects = LanguageChoiceQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("language choice"), _("language choices")

    def __str__(self) -> str:
        return self.language
