"""The sentence about an export, and the few words of a list, in the language of whoever asks."""

from collections.abc import Iterator

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exports.models import ExportRequest
from exports.spans import roughly
from exports.types import Progress


def sentence(export: ExportRequest, now: Progress) -> str:
    """Say how far it is."""
    if now.is_stale:
        time = roughly(now.heartbeat_age or 0)
        return _("No word from its worker for %(time)s; another will take over") % {"time": time}
    if now.queue_position is not None:
        return ", ".join((_place(now.queue_position), _start(now)))
    if export.state != export.State.PROCESSING:
        return export.error_message or str(export.get_state_display())
    return ", ".join(_work(now))


def note(now: Progress) -> str:
    """Say in few words what is to be waited for."""
    if now.is_stale:
        return _("no word from its worker")
    if now.queue_position is not None:
        return _("number %(position)s, %(start)s") % {"position": _number(now.queue_position), "start": _start(now)}
    return "" if now.seconds_left is None else _left(now.seconds_left)


def _place(position: int) -> str:
    if position == 1:
        return _("Next in the queue")
    return _("Number %(position)s in the queue") % {"position": _number(position)}


def _start(now: Progress) -> str:
    if not now.starts_in:
        return _("begins in a moment")
    return _("begins in about %(time)s") % {"time": roughly(now.starts_in)}


def _left(seconds: float) -> str:
    return _("about %(time)s left") % {"time": roughly(seconds)}


def _work(now: Progress) -> Iterator[str]:
    if now.stage == "data_retrieval":
        yield from _reading(now)
    elif now.stage == "compression":
        yield _("Packing the archive")
    elif now.stage == "verification":
        yield _("Checking what was written")
    else:
        yield from _writing(now)
    if now.starts_in and now.starts_in >= 1:
        yield _("goes on in about %(time)s") % {"time": roughly(now.starts_in)}


def _reading(now: Progress) -> Iterator[str]:
    total = now.records_total
    text = ngettext("Reading %(done)s of %(total)s row", "Reading %(done)s of %(total)s rows", total)
    yield text % {"done": _number(now.records_done), "total": _number(total)}
    if now.seconds_left is not None:
        yield _left(now.seconds_left)


def _writing(now: Progress) -> Iterator[str]:
    total = now.records_total
    text = ngettext("Writing %(done)s of %(total)s row", "Writing %(done)s of %(total)s rows", total)
    yield text % {"done": _number(now.records_done), "total": _number(total)}
    if now.seconds_left is not None:
        yield _left(now.seconds_left)
    if now.parts_total > 1:
        yield _("file %(number)s of %(total)s") % {"number": _number(now.part), "total": _number(now.parts_total)}


def _number(value: int) -> str:
    return number_format(value, force_grouping=True)
