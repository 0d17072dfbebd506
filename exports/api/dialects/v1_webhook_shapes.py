"""The shapes of webhooks in dialect ``v1``; document 003 knows none."""

from typing import Literal, TypedDict

from .base import Address, Count, Id, Link, Moment, Number, Seconds
from .v1_shapes import Pagination


class Webhook(TypedDict):
    """An address that is told what becomes of exports."""

    webhook_id: Id
    url: Link
    description: str
    events: list[str]
    status: Literal["active", "paused", "disabled"]
    reason: str
    created_at: Moment
    last_success_at: Moment | None
    consecutive_failures: Count
    previous_secret_until: Moment | None
    deliveries_url: Address


class WebhookWithSecret(Webhook):
    """A webhook and the secret its deliveries are signed with, which is never shown again."""

    secret: str


class WebhookList(TypedDict):
    """A page of webhooks, newest first."""

    data: list[Webhook]
    pagination: Pagination


class Attempt(TypedDict):
    """One attempt to deliver; ``status`` is what the receiver answered."""

    number: Number
    status: int | None
    error: str
    seconds: Seconds
    created_at: Moment


class Delivery(TypedDict):
    """What a webhook was told, or is to be told."""

    delivery_id: Id
    event: str
    export_id: Id | None
    status: Literal["waiting", "sent", "given_up"]
    created_at: Moment
    delivered_at: Moment | None
    next_attempt_at: Moment | None
    attempts: list[Attempt]


class DeliveryList(TypedDict):
    """A page of deliveries, newest first."""

    data: list[Delivery]
    pagination: Pagination
