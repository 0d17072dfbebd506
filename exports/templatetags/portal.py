"""How the portal shows states, sizes, times and warnings: icons and plain words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext

from exports.models import ExportLog, ExportRequest
from exports.notes import shown
from exports.spans import duration, roughly
from exports.types import Progress

register = template.Library()

State, Event = ExportRequest.State, ExportLog.Event

SPRITE = "vendor/bootstrap-icons/icons.svg"


@dataclass(frozen=True)
class Look:
    """How something is shown: never by colour alone."""

    word: str | Promise
    icon: str
    colour: str = "secondary"

    @property
    def icon_class(self) -> str:
        """The class that colours an icon on its own."""
        return f"text-{self.colour}-emphasis"


STATES: dict[str, Look] = {
    State.PENDING: Look(State.PENDING.label, "hourglass", "info"),
    State.QUEUED: Look(State.QUEUED.label, "list-ol", "info"),
    State.PROCESSING: Look(State.PROCESSING.label, "arrow-repeat", "primary"),
    State.COMPLETED: Look(State.COMPLETED.label, "check-circle-fill", "success"),
    State.FAILED: Look(State.FAILED.label, "exclamation-triangle-fill", "danger"),
    State.CANCELLED: Look(State.CANCELLED.label, "x-circle-fill", "warning"),
    State.EXPIRED: Look(State.EXPIRED.label, "clock-history"),
}
EVENTS: dict[str, Look] = {
    Event.INITIATED: Look(Event.INITIATED.label, "plus-circle"),
    Event.QUEUED: Look(Event.QUEUED.label, "list-ol", "info"),
    Event.PROCESSING: Look(Event.PROCESSING.label, "play-circle", "primary"),
    Event.PROGRESS: Look(Event.PROGRESS.label, "file-earmark-check", "primary"),
    Event.COMPLETED: Look(Event.COMPLETED.label, "check-circle-fill", "success"),
    Event.FAILED: Look(Event.FAILED.label, "exclamation-triangle-fill", "danger"),
    Event.RETRIED: Look(Event.RETRIED.label, "arrow-counterclockwise", "info"),
    Event.CANCELLED: Look(Event.CANCELLED.label, "x-circle-fill", "warning"),
    Event.DOWNLOADED: Look(Event.DOWNLOADED.label, "download", "success"),
    Event.DENIED: Look(Event.DENIED.label, "shield-exclamation", "danger"),
    Event.INTERRUPTED: Look(Event.INTERRUPTED.label, "exclamation-triangle-fill", "warning"),
    Event.EXPIRED: Look(Event.EXPIRED.label, "clock-history"),
    Event.DELETED: Look(Event.DELETED.label, "trash"),
}
WARNINGS = {
    "kept_as_text": ngettext_lazy(
        "%(count)s value in %(column)s did not fit the column's kind and was written as text",
        "%(count)s values in %(column)s did not fit the column's kind and were written as text",
        "total",
    ),
    "character_replaced": ngettext_lazy(
        "%(count)s value in %(column)s held characters that the format cannot hold; they were replaced",
        "%(count)s values in %(column)s held characters that the format cannot hold; they were replaced",
        "total",
    ),
    "cell_cut": ngettext_lazy(
        "%(count)s value in %(column)s was longer than a cell can be and was cut",
        "%(count)s values in %(column)s were longer than a cell can be and were cut",
        "total",
    ),
    "cell_shortened": ngettext_lazy(
        "%(count)s value in %(column)s was longer than the lines of a cell; its beginning is shown",
        "%(count)s values in %(column)s were longer than the lines of a cell; their beginnings are shown",
        "total",
    ),
    "no_glyph": ngettext_lazy(
        "%(count)s value in %(column)s held characters that no font has; boxes with their codes are drawn",
        "%(count)s values in %(column)s held characters that no font has; boxes with their codes are drawn",
        "total",
    ),
    "control_character": ngettext_lazy(
        "%(count)s value in %(column)s held control characters; boxes with their codes are drawn",
        "%(count)s values in %(column)s held control characters; boxes with their codes are drawn",
        "total",
    ),
    "many_rows": gettext_lazy("%(count)s records are more than people read in a document; all of them are in it"),
    "sensitive_masked": gettext_lazy("%(column)s is sensitive; whoever asked may not export it, so it is hidden"),
    "sort_ignored": gettext_lazy("The rows could not be sorted by %(column)s and stayed in the order they came in"),
}
OTHER_WARNING = ngettext_lazy(
    "%(count)s value in %(column)s: %(cause)s", "%(count)s values in %(column)s: %(cause)s", "total"
)
FORMATS = {"excel": "Excel", "csv": "CSV", "json": "JSON", "pdf": "PDF"}


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """Draw an icon of the sprite; words beside it say what it means."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        classes,
        static(SPRITE),
        name,
    )


@register.filter
def look(export: ExportRequest) -> Look:
    """Return the look of an export's state; files that may not be fetched any more are expired, swept or not."""
    is_overdue = export.state == export.State.COMPLETED and not export.is_downloadable
    return STATES[State.EXPIRED if is_overdue else export.state]


@register.filter
def event_look(event: str) -> Look:
    """Return the look of an event."""
    return EVENTS.get(event) or Look(event, "info-circle-fill")


@register.filter
def format_name(name: str) -> str:
    """Return what people call a format."""
    return FORMATS.get(name, name.upper())


@register.filter
def words(name: str) -> str:
    """Turn a name such as ``form_status`` into words."""
    text = str(name).replace("_", " ")
    return text[:1].upper() + text[1:]


@register.filter
def noted(value: object) -> str:
    """Return the value of a filter in one line."""
    return shown(value)


@register.filter
def number(value: int) -> str:
    """Write a number with separators between thousands."""
    return number_format(value, force_grouping=True)


@register.filter
def moment(value: datetime) -> str:
    """Write a time to the second, in the zone of the settings."""
    # Translators: Django's date format; the day, then the time with seconds.
    return date_format(timezone.localtime(value), pgettext("date format", "j M Y, H:i:s"))


@register.filter
def age(moment: datetime) -> str:
    """Say how long ago something was."""
    if (timezone.now() - moment).total_seconds() < 60:
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(moment, depth=1)}


@register.filter
def time_left(moment: datetime) -> str:
    """Say in how long something will be."""
    if (moment - timezone.now()).total_seconds() < 60:
        return _("within a minute")
    return _("in %(time)s") % {"time": timeuntil(moment, depth=1)}


register.filter(duration)
register.filter(roughly)


@register.filter
def percentage(progress: Progress) -> int:
    """Return how much of an export is done in whole percent; all of it only when it is."""
    return int(progress.percentage)


@register.filter
def roundly(value: float) -> str:
    """Write a number that is only estimated: its first two digits."""
    return number(int(float(f"{value:.2g}")))


@register.filter
def warning_sentence(warning: dict[str, Any]) -> str:
    """Say what was noticed in the data, and where."""
    code, count = warning.get("code", ""), warning.get("count", 0)
    values = {
        "total": count,
        "count": number(count),
        "column": words(warning.get("column", "")),
        "cause": words(code).lower(),
    }
    rows = ", ".join(number(row) for row in warning.get("rows", ()))
    where = _(" (rows %(rows)s)") % {"rows": rows} if rows else ""
    return f"{WARNINGS.get(code, OTHER_WARNING) % values}{where}."
