"""Time spans in words, in the language of whoever asks."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def duration(seconds: float) -> str:
    """Write a time span in the two largest units that fit."""
    if seconds < 10 and isinstance(seconds, float):
        return _("%(seconds)s s") % {"seconds": number_format(seconds, 1 if seconds >= 0.1 else 2)}
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return _("%(seconds)d s") % {"seconds": rest}
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}


def roughly(seconds: float) -> str:
    """Write a time span that is only estimated: whole seconds, at least one."""
    return duration(max(round(seconds), 1))
