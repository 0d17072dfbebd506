"""Addresses that are told what becomes of exports: made, changed and tried out by whoever's exports these are."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from .conf import conf
from .delivery import targets
from .exceptions import BadRequest, Conflict, NotFound, UnknownName
from .models import ExportRequest, Notice, Webhook
from .models.notice import TEST, NoticeQuerySet
from .models.sealed import seal
from .models.webhook import WebhookQuerySet, new_secret
from .types import Principal

LONGEST_DESCRIPTION = 200


def create(
    principal: Principal, url: str, events: Sequence[str] | None = None, description: str = ""
) -> tuple[Webhook, str]:
    """Make a webhook for all events, or for some; return it with its secret, which is shown this once.

    Raises:
        BadRequest: the address is none, or leads inside.
        UnknownName: there is no such event.
        Conflict: the caller has as many as are allowed.
    """
    secret = new_secret()
    webhook = Webhook(
        owner=principal.owner,
        user=principal.user,
        client=principal.client,
        url=_checked_url(url),
        events=_checked_events(Webhook.Event.values if events is None else events),
        description=_checked_description(description),
        sealed_secret=seal(secret),
    )
    with transaction.atomic():
        ExportRequest.objects.admit_one_at_a_time()
        if Webhook.objects.visible_to(principal).count() >= conf.max_webhooks:
            raise Conflict(f"You have {conf.max_webhooks} webhooks. Delete one first.", limit=conf.max_webhooks)
        webhook.save()
    return webhook, secret


def webhooks_for(principal: Principal) -> WebhookQuerySet:
    """Return a caller's webhooks, newest first."""
    return Webhook.objects.visible_to(principal)


def get(public_id: uuid.UUID, principal: Principal) -> Webhook:
    """Return a webhook of the caller's own. Raises NotFound."""
    found = webhooks_for(principal).filter(public_id=public_id).first()
    if found is None:
        raise NotFound("Webhook not found")
    return found


def change(
    webhook: Webhook,
    *,
    url: str | None = None,
    events: Sequence[str] | None = None,
    description: str | None = None,
    active: bool | None = None,
) -> None:
    """Change what is given. Raises as ``create``."""
    changes: dict[str, Any] = {}
    if url is not None:
        changes["url"] = _checked_url(url)
    if events is not None:
        changes["events"] = _checked_events(events)
    if description is not None:
        changes["description"] = _checked_description(description)
    if changes:
        Webhook.objects.filter(pk=webhook.pk).update(**changes)
        webhook.refresh_from_db()
    if active is not None:
        _ = webhook.resume() if active else webhook.pause()


def test(webhook: Webhook) -> Notice:
    """Have the webhook told that it works; the log of its deliveries says how that went.

    Raises:
        Conflict: it is told nothing at present.
    """
    _require_active(webhook)
    # Asking ten times is no way to have the portal call ten times.
    waiting = webhook.notices.filter(event=TEST, state=Notice.State.WAITING).first()
    return waiting or Notice.objects.create(
        event=TEST, channel=Notice.Channel.WEBHOOK, webhook=webhook, recipient=webhook.host
    )


def deliveries(webhook: Webhook) -> NoticeQuerySet:
    """Return what the webhook was told or is to be told, with every attempt, newest first."""
    return Notice.objects.filter(webhook=webhook).select_related("export").prefetch_related("log")


def redeliver(webhook: Webhook, public_id: uuid.UUID) -> Notice:
    """Have one delivery told again, now, under the same ID.

    Raises:
        NotFound: the webhook has no such delivery.
        Conflict: it is told nothing at present.
    """
    notice = deliveries(webhook).filter(public_id=public_id).first()
    if notice is None:
        raise NotFound("Delivery not found")
    _require_active(webhook)
    notice.tell_again()
    return notice


def _require_active(webhook: Webhook) -> None:
    if not webhook.is_active:
        raise Conflict(f"The webhook is {webhook.state}; make it active first.", state=webhook.state)


def _checked_url(url: str) -> str:
    # What counts is where the name leads when it is called; this is only so that a mistake is known at once.
    targets.addresses(targets.target(url))
    return url


def _checked_events(events: Sequence[str]) -> list[str]:
    known = Webhook.Event.values
    for event in events:
        if event not in known:
            raise UnknownName(f"Event '{event}' does not exist.", field="events", allowed=known)
    if not events:
        raise BadRequest("Field 'events' must name at least one event.", field="events")
    return [event for event in known if event in events]


def _checked_description(description: str) -> str:
    if len(description) > LONGEST_DESCRIPTION or "\0" in description:
        raise BadRequest(
            f"Field 'description' must be text of at most {LONGEST_DESCRIPTION} characters.", field="description"
        )
    return description
