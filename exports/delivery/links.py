"""Links that a browser follows without a key: signed, for one file, for as long as that is kept."""

import uuid
from datetime import datetime

from django.core import signing
from django.utils import timezone

from exports.conf import conf
from exports.exceptions import NotFound

_SALT = "exports.delivery.links"
ARCHIVE = 0
"""Number of the archive; files are counted from 1."""
STREAM = -1
"""Number of what leaves while it is made, whichever file that will be."""


def to_file(public_id: uuid.UUID, number: int, expires_at: datetime) -> str:
    """Return a link to a file, or with number ``ARCHIVE`` to all of them."""
    return f"{conf.public_url}/files/{token(public_id, number, expires_at)}"


def to_stream(public_id: uuid.UUID, expires_at: datetime) -> str:
    """Return a link to what leaves of an export while it is made."""
    return f"{conf.public_url}/streams/{token(public_id, STREAM, expires_at)}"


def to_page(public_id: uuid.UUID) -> str:
    """Return the address of an export's page in the portal, for who may see it there."""
    # Reversing it would load every view into a process that only sends mail.
    return f"{conf.public_url}/exports/{public_id}/"


def token(public_id: uuid.UUID, number: int, expires_at: datetime) -> str:
    """Return what a link carries: whose file, which one and until when, signed."""
    return signing.dumps((public_id.hex, number, int(expires_at.timestamp())), salt=_SALT)


def opened(text: str) -> tuple[uuid.UUID, int]:
    """Return the export and the number of the file that a link is for.

    Raises:
        NotFound: the link was not made here, was changed, or its time is over; the answer is the same.
    """
    try:
        public_id, number, expires_at = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise NotFound from error
    if expires_at < timezone.now().timestamp():
        raise NotFound
    return uuid.UUID(public_id), int(number)
