"""The language of the pages, as people choose it at their foot."""

from django.conf import settings
from django.http import HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from exports.models import LanguageChoice

from .access import PortalRequest


@require_POST
def choose(request: PortalRequest) -> HttpResponseBase:
    """Show pages in another language, and remember it of who is signed in: e-mail is written in it."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        LanguageChoice.objects.update_or_create(user=request.user, defaults={"language": language})
    return set_language(request)
