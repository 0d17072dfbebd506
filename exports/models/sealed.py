"""Secrets that have to be read again, so that hashing them would not do: encrypted before they reach the database.

The key follows from ``SECRET_KEY``. What an older key of ``SECRET_KEY_FALLBACKS`` has sealed can still be read.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

__all__ = ["InvalidToken", "seal", "seal_anew", "unseal"]

_PURPOSE = b"exports.models.sealed"
"""Makes a key of our own out of one that signs other things too (RFC 5869, section 3.2)."""


def seal(secret: str) -> str:
    """Return a secret as the database may keep it."""
    return _fernet().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the secret. Raises InvalidToken where no key that is known has sealed it."""
    return _fernet().decrypt(sealed).decode()


def seal_anew(sealed: str) -> str:
    """Return the same secret, sealed with the key of today; as it is where it was. Raises as ``unseal``."""
    try:
        _key(settings.SECRET_KEY).decrypt(sealed)
    except InvalidToken:
        return _fernet().rotate(sealed).decode()
    return sealed


def _fernet() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
