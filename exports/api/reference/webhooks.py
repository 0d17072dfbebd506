"""Webhooks, in the words of dialect ``v1``: every route and method."""

from exports.api.dialects import v1_webhook_shapes as shapes
from exports.api.webhooks import Changes, NewWebhook
from exports.exceptions import BadRequest, Conflict, NotFound, UnknownName

from . import shared
from .operation import Answer, Operation

_ONE = "/api/v1/webhooks/{webhook_id}"
_PAGE = shared.page(status="A state, such as `active`.")

OPERATIONS: dict[str, Operation] = {
    "POST /api/v1/webhooks": Operation(
        id="v1_create_webhook",
        summary="Make a webhook",
        description="It is told what becomes of the exports of this key.",
        body=NewWebhook,
        answers={
            201: Answer(
                description="The webhook and its secret.", shapes=(shapes.WebhookWithSecret,), headers=("Location",)
            )
        },
        refusals=(BadRequest, UnknownName, Conflict),
    ),
    "GET /api/v1/webhooks": Operation(
        id="v1_list_webhooks",
        summary="Your webhooks, newest first",
        parameters=_PAGE,
        answers={200: Answer(description="A page of them.", shapes=(shapes.WebhookList,))},
        refusals=shared.LIST,
    ),
    f"GET {_ONE}": Operation(
        id="v1_get_webhook",
        summary="How a webhook is",
        answers={200: Answer(description="As it stands now.", shapes=(shapes.Webhook,))},
    ),
    f"PATCH {_ONE}": Operation(
        id="v1_change_webhook",
        summary="Change a webhook",
        description="What is left out stays; `status` pauses it, or brings it back.",
        body=Changes,
        answers={200: Answer(description="What it is now.", shapes=(shapes.Webhook,))},
        refusals=(BadRequest, UnknownName, NotFound),
    ),
    f"DELETE {_ONE}": Operation(
        id="v1_delete_webhook",
        summary="Tell a webhook nothing any more",
        answers={204: Answer(description="It is gone.")},
    ),
    f"POST {_ONE}/rotate": Operation(
        id="v1_rotate_webhook",
        summary="Give a webhook another secret",
        description="The one before signs beside it for a day.",
        answers={200: Answer(description="The new secret, shown this once.", shapes=(shapes.WebhookWithSecret,))},
    ),
    f"POST {_ONE}/test": Operation(
        id="v1_test_webhook",
        summary="Tell a webhook that it works",
        answers={
            202: Answer(description="The delivery.", shapes=(shapes.Delivery,), headers=("Location",)),
        },
        refusals=(NotFound, Conflict),
    ),
    f"GET {_ONE}/deliveries": Operation(
        id="v1_list_deliveries",
        summary="What a webhook was told, newest first",
        parameters=_PAGE,
        answers={200: Answer(description="A page of it, with every attempt.", shapes=(shapes.DeliveryList,))},
        refusals=(*shared.LIST, *shared.MISSING),
    ),
    f"POST {_ONE}/deliveries/{{delivery_id}}/redeliver": Operation(
        id="v1_redeliver",
        summary="Tell a webhook something again",
        description="The delivery keeps its ID.",
        answers={202: Answer(description="The delivery.", shapes=(shapes.Delivery,), headers=("Location",))},
        refusals=(NotFound, Conflict),
    ),
}
