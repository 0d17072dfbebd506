"""A notice told to a webhook: an event as JSON, signed as https://www.standardwebhooks.com says."""

import base64
import hashlib
import hmac
import logging
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec
from django.utils import timezone

from exports.conf import conf
from exports.exceptions import BadRequest, NotDelivered
from exports.models import ExportFile, ExportRequest, Notice, Webhook
from exports.models.notice import TEST
from exports.models.sealed import InvalidToken
from exports.models.webhook import SECRET_PREFIX

from . import links, posting, targets

logger = logging.getLogger(__name__)

GONE = 410
ASK_TO_WAIT = (429, 503)


def send(notice: Notice) -> int:
    """Tell a notice to its webhook and return the status of the answer.

    Raises:
        NotDelivered: it was not taken.
    """
    webhook = notice.webhook
    assert webhook is not None  # noqa: S101 - notices of this channel have one
    if not webhook.is_active:
        raise NotDelivered(f"The webhook is {webhook.state}.")
    if not webhook.may_be_told:
        raise NotDelivered("The API key that made this webhook is not valid any more.", for_good=True)
    body = msgspec.json.encode(payload(notice))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "YBB-Export-Portal",
        **signed(str(notice.public_id), int(time.time()), body, _secrets(webhook)),
    }
    try:
        status = _post(webhook, body, headers)
    except NotDelivered as refused:
        is_gone = refused.status == GONE
        if webhook.disable("The receiver answered 410 Gone.") if is_gone else webhook.note_failure():
            logger.warning("Webhook %s is disabled: %s", webhook.public_id, webhook.reason)
        # Whoever tries a webhook out looks at once.
        refused.for_good = is_gone or notice.event == TEST
        raise
    webhook.note_success()
    return status


def payload(notice: Notice) -> dict[str, Any]:
    """Return what is told; nothing in it is personal."""
    kind = "webhook" if notice.event == TEST else "export"
    about = {} if notice.export is None else _about(notice.export, notice.event)
    return {"type": f"{kind}.{notice.event}", "timestamp": _time(notice.created_at), "data": about}


def signed(message_id: str, sent_at: int, body: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """Return the headers of a message; one signature for each secret (Standard Webhooks, "Webhook headers")."""
    content = b"%s.%d.%s" % (message_id.encode(), sent_at, body)
    keys = [base64.b64decode(secret.removeprefix(SECRET_PREFIX)) for secret in secrets]
    signatures = [base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode() for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def _secrets(webhook: Webhook) -> list[str]:
    try:
        return webhook.signing_secrets()
    except InvalidToken as error:
        raise NotDelivered("The secret cannot be read: was SECRET_KEY changed?") from error


def _post(webhook: Webhook, body: bytes, headers: dict[str, str]) -> int:
    try:
        target = targets.target(webhook.url)
        addresses = targets.addresses(target)
    except BadRequest as error:
        raise NotDelivered(error.message) from error
    answer = posting.post(target, addresses, body, headers)
    if 200 <= answer.status < 300:
        return answer.status
    raise NotDelivered(
        f"The receiver answered {answer.status}{'; redirects are not followed' * (300 <= answer.status < 400)}.",
        status=answer.status,
        retry_after=_seconds(answer.retry_after) if answer.status in ASK_TO_WAIT else 0,
    )


def _seconds(text: str) -> float:
    """Return how long a Retry-After says to wait (RFC 9110, section 10.2.3); 0 where it says nothing."""
    if text.isascii() and text.isdecimal():
        return int(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0
    return max((moment.replace(tzinfo=moment.tzinfo or UTC) - timezone.now()).total_seconds(), 0)


def _about(export: ExportRequest, event: str) -> dict[str, Any]:
    address = f"{conf.public_url}/api/v1/exports/{export.public_id}"
    told = {
        "export_id": str(export.public_id),
        "state": export.state,
        "resource": export.resource,
        "template": export.template,
        "format": export.format,
        "record_count": export.record_count,
        "file_count": export.parts_total,
        "created_at": _time(export.created_at),
        "completed_at": _time(export.completed_at),
        "expires_at": _time(export.expires_at),
        "status_url": address,
    }
    if event == ExportRequest.State.FAILED:
        told["error"] = {"code": export.error_code, "message": export.error_message}
    if event == ExportRequest.State.COMPLETED:
        told |= _download(export, address)
    return told


def _download(export: ExportRequest, address: str) -> dict[str, Any]:
    """Return what is known of the file that a download sends: the archive, or the only one."""
    files = list(export.files.all())
    archive = [file for file in files if file.kind == ExportFile.Kind.ARCHIVE]
    file = next(iter(archive or files), None)
    if file is None or (len(files) > 1 and not archive):
        return {}
    told: dict[str, Any] = {"file_size": file.size, "sha256": file.sha256}
    if export.is_downloadable and export.expires_at is not None:
        number = links.ARCHIVE if archive else file.number
        told |= {
            "download_url": f"{address}/download",
            "file_url": links.to_file(export.public_id, number, export.expires_at),
        }
    return told


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
