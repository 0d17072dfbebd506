"""Where a webhook's address leads: taken apart, resolved once, and refused where that is inside.

Whoever names an address for the portal to call could otherwise reach what only the portal can: the metadata service of
a cloud, a database without a password, the admin page of a router.
"""

import queue
import re
import socket
import threading
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, NamedTuple

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from exports.conf import conf
from exports.exceptions import BadRequest
from exports.models.client import in_networks

LONGEST = 500
PORTS = {"https": 443, "http": 80}
RESOLVE_SECONDS = 5.0
"""How long a name server may take; an attempt must end, and the system's own limit is half a minute."""

_PRINTABLE = re.compile(r"[!-\[\]-~]+")
_PUBLIC_IPV6 = IPv6Network("2000::/3")
"""All that is given out so far (RFC 4291, section 2.4). IPv4 inside IPv6 (mapped, compatible, NAT64), ULA, link-local
and multicast addresses lie elsewhere."""
_NO_HOSTS = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
"""For protocols, and the way into 6to4 (RFC 6890, RFC 7526); older Pythons take them for public."""
_TUNNELS = (IPv6Network("2001::/23"), IPv6Network("2002::/16"), IPv6Network("2001:db8::/32"), IPv6Network("3fff::/20"))
"""Teredo, 6to4, and what is in no route; they too may carry an inside IPv4 address."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A webhook's address, taken apart."""

    scheme: str
    host: str
    port: int
    path: str
    """With the query."""


class Address(NamedTuple):
    """What a host's name leads to, as ``socket.connect`` takes it."""

    family: socket.AddressFamily
    address: tuple[Any, ...]


def target(url: str) -> Target:
    """Take an address apart.

    Raises:
        BadRequest: it is none that a webhook may have.
    """
    if len(url) > LONGEST or not _PRINTABLE.fullmatch(url):
        raise _wrong(f"must be an address of at most {LONGEST} ASCII characters without spaces")
    try:
        parts = parse_url(url)
    except LocationParseError as error:
        raise _wrong("is no address such as https://example.org/hooks") from error
    if parts.scheme not in PORTS or not parts.host:
        raise _wrong("must begin with https:// and a host")
    if parts.auth is not None:
        raise _wrong("must hold no user name and no password")
    if parts.fragment is not None:
        raise _wrong("must hold no fragment (#)")
    host = parts.host.removeprefix("[").removesuffix("]")
    return Target(scheme=parts.scheme, host=host, port=parts.port or PORTS[parts.scheme], path=parts.request_uri)


def addresses(target: Target) -> list[Address]:
    """Resolve a target's host, once, and return the addresses that may be connected to; at least one.

    Raises:
        BadRequest: there is none. Whether a name is unknown or leads inside is not told: that would map the inside.
    """
    found = _resolved(target.host, target.port)
    public = [each for each in found if is_public(each.address[0])]
    inside = [each for each in found if in_networks(each.address[0], conf.webhook_networks)]
    if public and (target.scheme, target.port) == ("https", PORTS["https"]):
        inside = [each for each in found if each in public or each in inside]
    if inside:
        return inside
    if public:
        raise _wrong("must begin with https:// and name no other port than 443")
    raise _wrong("leads to no public address")


def is_public(address: str) -> bool:
    """Tell whether everybody can reach an IP address, so that reaching it is no privilege of the portal's."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return _is_public_ipv4(parsed) if isinstance(parsed, IPv4Address) else _is_public_ipv6(parsed)


def _is_public_ipv4(address: IPv4Address) -> bool:
    is_host = not any(address in network for network in _NO_HOSTS)
    return address.is_global and not address.is_multicast and is_host


def _is_public_ipv6(address: IPv6Address) -> bool:
    tunnelled = any(address in network for network in _TUNNELS)
    return address in _PUBLIC_IPV6 and address.is_global and not tunnelled and address.scope_id is None


def _resolved(host: str, port: int) -> list[Address]:
    # Nothing ends a look-up before its time, so one that takes too long is left behind.
    answers: queue.SimpleQueue[list[Address]] = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put(_look_up(host, port)), name="look-up", daemon=True).start()
    try:
        return answers.get(timeout=RESOLVE_SECONDS)
    except queue.Empty:
        return []


def _look_up(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [Address(family, address) for family, _, _, _, address in found]


def _wrong(sentence: str) -> BadRequest:
    return BadRequest(f"Field 'url' {sentence}.", field="url")
