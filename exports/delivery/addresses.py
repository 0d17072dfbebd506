"""Addresses of e-mail: one mailbox each, in the plain form that every mail server takes."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

MOST_CHARACTERS = 254
"""RFC 5321, section 4.5.3.1.3, less the angle brackets."""
_EXAMPLE = "name@example.org"
# A quoted part may hold nearly anything, a literal is a machine's number, and % or ! ask a server to pass mail on.
_UNUSUAL = set('"[]%!')
_plain = EmailValidator(allowlist=[])


def problem(address: str) -> str:
    """Return what is wrong with an address, as the end of a sentence about it; nothing where all is well."""
    if len(address) > MOST_CHARACTERS:
        return f"must not be longer than {MOST_CHARACTERS} characters."
    try:
        _plain(address)
    except ValidationError:
        return f"must be one e-mail address such as {_EXAMPLE}, without a name."
    if not address.isascii() or not _UNUSUAL.isdisjoint(address) or len(address.rpartition("@")[0]) > 64:
        return f"must be a plain e-mail address such as {_EXAMPLE}: no quotes, no routes, no letters beyond ASCII."
    return ""


def is_in(address: str, domains: Iterable[str]) -> bool:
    """Tell whether an address belongs to one of the domains itself."""
    return address.rpartition("@")[2].lower() in {domain.lower() for domain in domains}
