"""Webhooks: made, changed, tried out and looked after, in the words of dialect ``v1``."""

from typing import Annotated, Literal, cast

import msgspec
from rest_framework.request import Request
from rest_framework.response import Response

from exports import webhooks
from exports.models import Notice, Webhook
from exports.models.notice import TEST

from . import bodies
from .authentication import principal_of
from .dialects import v1_webhook_shapes as shapes
from .dialects.v1_answers import pagination, time
from .listing import filtered, page_of
from .views import DialectView, public_id, require_length

LOOKUPS = {"status": "state"}
Text = Annotated[str, msgspec.Meta(max_length=500)]


class NewWebhook(msgspec.Struct, kw_only=True):
    """A request for a webhook."""

    url: Text
    events: list[Text] | None = None
    """All of them where none is named."""
    description: Text = ""


class Changes(msgspec.Struct, kw_only=True):
    """What is to be otherwise; what is left out stays."""

    url: Text | None = None
    events: list[Text] | None = None
    description: Text | None = None
    status: Literal["active", "paused"] | None = None


class WebhookView(DialectView):
    """A view of a webhook of the caller's own."""

    def webhook(self, request: Request, webhook_id: str) -> Webhook:
        """Return it. Raises NotFound for somebody else's, as for what does not exist."""
        return webhooks.get(public_id(webhook_id), principal_of(request))


class Webhooks(DialectView):
    """``POST``: make a webhook; ``GET``: those of the caller, newest first."""

    def get(self, request: Request) -> Response:
        """Answer with a page of them."""
        page = page_of(request, filtered(request, webhooks.webhooks_for(principal_of(request)), LOOKUPS))
        told = [_told(webhook) for webhook in page.rows]
        answer: shapes.WebhookList = {"data": told, "pagination": pagination(page)}
        return Response(answer)

    def post(self, request: Request) -> Response:
        """Answer with the webhook and its secret, which is never shown again."""
        require_length(request)
        wanted = bodies.decode(request.data, NewWebhook)
        webhook, secret = webhooks.create(principal_of(request), wanted.url, wanted.events, wanted.description)
        answer: shapes.WebhookWithSecret = {**_told(webhook), "secret": secret}
        return Response(answer, status=201, headers={"Location": _address(webhook)})


class OneWebhook(WebhookView):
    """``GET``: how it is; ``PATCH``: change it; ``DELETE``: tell it nothing any more."""

    def get(self, request: Request, webhook_id: str) -> Response:
        """Answer for a webhook of the caller's own."""
        return Response(_told(self.webhook(request, webhook_id)))

    def patch(self, request: Request, webhook_id: str) -> Response:
        """Answer with what it is now; ``active`` also brings back one that was disabled."""
        require_length(request)
        webhook = self.webhook(request, webhook_id)
        wanted = bodies.decode(request.data, Changes)
        webhooks.change(
            webhook,
            url=wanted.url,
            events=wanted.events,
            description=wanted.description,
            active=None if wanted.status is None else wanted.status == "active",
        )
        return Response(_told(webhook))

    def delete(self, request: Request, webhook_id: str) -> Response:
        """Give up what was waiting for it."""
        self.webhook(request, webhook_id).delete_for_owner()
        return Response(status=204)


class Rotate(WebhookView):
    """``POST``: give it another secret."""

    def post(self, request: Request, webhook_id: str) -> Response:
        """Answer with the new secret, shown this once; the one before signs beside it for a day."""
        webhook = self.webhook(request, webhook_id)
        secret = webhook.rotate()
        answer: shapes.WebhookWithSecret = {**_told(webhook), "secret": secret}
        return Response(answer)


class Test(WebhookView):
    """``POST``: tell it that it works."""

    def post(self, request: Request, webhook_id: str) -> Response:
        """Answer 202 with the delivery, whose attempt is in the log a moment later."""
        webhook = self.webhook(request, webhook_id)
        return _on_its_way(webhook, webhooks.test(webhook))


class Deliveries(WebhookView):
    """``GET``: what it was told or is to be told, newest first."""

    def get(self, request: Request, webhook_id: str) -> Response:
        """Answer with a page of deliveries and their attempts."""
        rows = webhooks.deliveries(self.webhook(request, webhook_id))
        page = page_of(request, filtered(request, rows, LOOKUPS))
        told = [_delivery(notice) for notice in page.rows]
        answer: shapes.DeliveryList = {"data": told, "pagination": pagination(page)}
        return Response(answer)


class Redeliver(WebhookView):
    """``POST``: tell it something again."""

    def post(self, request: Request, webhook_id: str, delivery_id: str) -> Response:
        """Answer 202 with the delivery, which keeps its ID."""
        webhook = self.webhook(request, webhook_id)
        return _on_its_way(webhook, webhooks.redeliver(webhook, public_id(delivery_id)))


def _on_its_way(webhook: Webhook, notice: Notice) -> Response:
    return Response(_delivery(notice), status=202, headers={"Location": f"{_address(webhook)}/deliveries"})


def _address(webhook: Webhook) -> str:
    return f"/api/v1/webhooks/{webhook.public_id}"


def _told(webhook: Webhook) -> shapes.Webhook:
    return {
        "webhook_id": str(webhook.public_id),
        "url": webhook.url,
        "description": webhook.description,
        "events": webhook.events,
        "status": cast(Literal["active", "paused", "disabled"], webhook.state),
        "reason": webhook.reason,
        "created_at": time(webhook.created_at),
        "last_success_at": time(webhook.last_success_at),
        "consecutive_failures": webhook.consecutive_failures,
        "previous_secret_until": time(webhook.previous_until),
        "deliveries_url": f"{_address(webhook)}/deliveries",
    }


def _delivery(notice: Notice) -> shapes.Delivery:
    is_waiting = notice.state == Notice.State.WAITING
    return {
        "delivery_id": str(notice.public_id),
        "event": f"{'webhook' if notice.event == TEST else 'export'}.{notice.event}",
        "export_id": str(notice.export.public_id) if notice.export else None,
        "status": cast(Literal["waiting", "sent", "given_up"], notice.state),
        "created_at": time(notice.created_at),
        "delivered_at": time(notice.sent_at),
        "next_attempt_at": time(notice.due_at) if is_waiting else None,
        "attempts": [
            {
                "number": attempt.number,
                "status": attempt.status,
                "error": attempt.error,
                "seconds": attempt.seconds,
                "created_at": time(attempt.created_at),
            }
            for attempt in notice.log.all()
        ],
    }
