"""How far an export is, in numbers and in words: read from its rows, estimated from what exports have cost lately.

The words are in the language of whoever asks; the API asks in English.
"""

from collections.abc import Iterator

from django.db.models import Avg
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import ExportAnalytics, ExportRequest
from .types import Progress

USUAL_SPEED = 100_000.0
"""Records a second, until this installation has measured its own."""
RECENT = 20
"""How many finished exports the estimate looks at."""


def progress(export: ExportRequest) -> Progress:
    """Return how far an export is."""
    done = export.record_count if export.state == export.State.COMPLETED else export.records_done()
    position = queue_position(export)
    left = _seconds_left(export, done)
    return Progress(
        state=export.state,
        stage=export.stage,
        percentage=round(100 * done / export.record_count, 1) if export.record_count else 0.0,
        records_done=done,
        records_total=export.record_count,
        parts_done=export.parts_done,
        parts_total=export.parts_total,
        seconds_left=left,
        queue_position=position,
        sentence=_sentence(export, done, left, position),
    )


def queue_position(export: ExportRequest) -> int | None:
    """Return how many exports of the lane come first, plus one; None for one that does not wait."""
    if export.state not in (export.State.PENDING, export.State.QUEUED):
        return None
    waiting = ExportRequest.objects.filter(lane=export.lane, state__in=(export.State.PENDING, export.State.QUEUED))
    return waiting.filter(pk__lt=export.pk).count() + 1


def _seconds_left(export: ExportRequest, done: int) -> float | None:
    if not export.is_active:
        return None
    if export.started_at and done:
        elapsed = (timezone.now() - export.started_at).total_seconds()
        return round(elapsed * (export.record_count - done) / done, 1)
    return round(export.record_count / _usual_speed(export.format), 1)


def _usual_speed(format: str) -> float:
    recent = ExportAnalytics.objects.filter(format=format, state="completed", record_count__gte=1_000)[:RECENT]
    return recent.aggregate(speed=Avg("records_per_second"))["speed"] or USUAL_SPEED


def _sentence(export: ExportRequest, done: int, left: float | None, position: int | None) -> str:
    if position is not None:
        if position == 1:
            return _("Next in the queue")
        return _("Number %(position)s in the queue") % {"position": _number(position)}
    if export.state != export.State.PROCESSING:
        return export.error_message or str(export.get_state_display())
    if export.stage == export.Stage.COMPRESSION:
        return _("Packing the archive")
    return ", ".join(_writing(export, done, left))


def _writing(export: ExportRequest, done: int, left: float | None) -> Iterator[str]:
    total = export.record_count
    text = ngettext("Writing %(done)s of %(total)s row", "Writing %(done)s of %(total)s rows", total)
    yield text % {"done": _number(done), "total": _number(total)}
    if left is not None:
        yield _("about %(seconds)s s left") % {"seconds": _number(max(round(left), 1))}
    if export.parts_total > 1:
        number = min(export.parts_done + 1, export.parts_total)
        yield _("file %(number)s of %(total)s") % {"number": _number(number), "total": _number(export.parts_total)}


def _number(value: int) -> str:
    return number_format(value, force_grouping=True)
