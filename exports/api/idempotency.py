"""The ``Idempotency-Key`` header (IETF draft-ietf-httpapi-idempotency-key-header): a request that may be sent twice."""

import hashlib
from typing import cast

from rest_framework.request import Request

from exports.exceptions import BadRequest
from exports.types import Idempotency

HEADER = "Idempotency-Key"
LONGEST = 255


def idempotency(request: Request) -> Idempotency | None:
    """Return what the header says, with the fingerprint of address and body (bytes, as parsed); None without one.

    Raises:
        BadRequest: the key is empty, too long, or not printable ASCII.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return None
    # The draft writes keys as quoted strings; those who do not quote mean the same.
    key = key.strip().removeprefix('"').removesuffix('"')
    if not (0 < len(key) <= LONGEST and key.isascii() and key.isprintable()):
        raise BadRequest(f"{HEADER} must be 1 to {LONGEST} printable ASCII characters.", field=HEADER)
    fingerprint = hashlib.sha256(f"{request.path}\n".encode() + cast(bytes, request.data)).hexdigest()
    return Idempotency(key=key, fingerprint=fingerprint)
