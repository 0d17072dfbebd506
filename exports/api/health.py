"""Whether the service can do its work, for monitors; open to everybody, so it tells nothing else."""

from django.db import Error
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from exports.models.health import QueueHealth, queue_health

from .dialects import ybb_shapes as shapes
from .dialects.ybb_answers import time
from .views import DialectView

SERVICE, VERSION = "YBB Data Processing Service", "1.0.0"
"""The words of document 001, "Verify Installation"."""


class Health(DialectView):
    """``GET /health``: ``healthy``; ``degraded`` while large exports find no worker; 503 while the database is away."""

    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request) -> Response:
        """Answer in the shape of document 001, with the lanes of the queue beside it."""
        try:
            queue = queue_health()
        except Error:
            return Response(_unhealthy(), status=503)
        return Response(_health(queue))


def _health(queue: QueueHealth) -> shapes.Health:
    return {
        "status": "healthy" if queue.healthy else "degraded",
        "timestamp": time(timezone.now()),
        "service": SERVICE,
        "version": VERSION,
        "workers": queue.healthy,
        "lanes": _lanes(queue),
    }


def _unhealthy() -> shapes.Unhealthy:
    return {"status": "unhealthy", "timestamp": time(timezone.now()), "service": SERVICE, "version": VERSION}


def _lanes(queue: QueueHealth) -> dict[str, shapes.Lane]:
    """Return seconds since a task of each lane was last finished, and how long the oldest export waits for a worker."""
    return {
        lane.lane: {
            "alive": lane.alive,
            "canary_age": _rounded(lane.canary_age),
            "oldest_waiting": _rounded(lane.oldest_waiting),
        }
        for lane in queue.lanes
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
