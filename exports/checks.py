"""System checks: wrong definitions and settings stop the start and say what to do."""

from collections.abc import Iterator
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from .catalogue import loader
from .conf import conf
from .delivery import addresses

_SLICES_HELD = 12
"""What is read ahead, being written and on its way to the disk; measured."""


@register
def check_definitions(**kwargs: Any) -> list[CheckMessage]:
    """Report every mistake in ``templates_config`` (exports.E001)."""
    directory = Path(conf.templates_dir)
    return [
        Error(
            f"{mistake.file.relative_to(directory.parent)}, {mistake.problem.key}: {mistake.problem.message}",
            hint=mistake.problem.hint,
            id="exports.E001",
        )
        for mistake in loader.read(directory).mistakes
    ]


@register
def check_time_zone(**kwargs: Any) -> list[CheckMessage]:
    """Report an export time zone that does not exist (exports.E002)."""
    try:
        ZoneInfo(conf.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return [
            Error(
                f"EXPORTS_TIME_ZONE names the unknown time zone '{conf.time_zone}'.",
                hint="Use a name of the IANA database, such as 'Asia/Jakarta'.",
                id="exports.E002",
            )
        ]
    return []


@register
def check_lease(**kwargs: Any) -> list[CheckMessage]:
    """Report a lease that lapses between two heartbeats (exports.E003)."""
    if conf.lease_seconds < 3 * conf.beat_seconds:
        return [
            Error(
                "EXPORTS_LEASE_SECONDS must be at least three times EXPORTS_BEAT_SECONDS.",
                hint="A lease that lapses while its worker is well makes every part run twice.",
                id="exports.E003",
            )
        ]
    return []


@register
def check_memory(**kwargs: Any) -> list[CheckMessage]:
    """Report a limit that heavy records would pass in every export (exports.E004)."""
    if conf.memory_limit_bytes and conf.memory_limit_bytes < _SLICES_HELD * conf.slice_bytes:
        return [
            Error(
                f"EXPORTS_MEMORY_LIMIT_BYTES must be at least {_SLICES_HELD} times EXPORTS_SLICE_BYTES.",
                hint="A worker holds that much while it writes heavy records; 0 sets no limit.",
                id="exports.E004",
            )
        ]
    return []


@register
def check_policies(**kwargs: Any) -> list[CheckMessage]:
    """Report limits that would let nothing through (exports.E005)."""
    return [
        Error(
            f"The limit '{name}' of dialect '{dialect}' must be at least 1, not {value}.",
            hint="EXPORT_MAX_RECORDS and EXPORT_RETENTION_DAYS are whole numbers.",
            id="exports.E005",
        )
        for dialect, limits in conf.policies.items()
        for name, value in limits.items()
        if value < 1
    ]


@register
def check_email(**kwargs: Any) -> list[CheckMessage]:
    """Report e-mail that is switched on and cannot be sent (exports.E006), or whose password is sent in the clear."""
    if not conf.email_enabled:
        return []
    found: list[CheckMessage] = [
        Error(
            f"E-mail is switched on, but {problem}",
            hint=f"{hint} Or set ENABLE_EMAIL_NOTIFICATIONS=off.",
            id="exports.E006",
        )
        for problem, hint in _email_problems()
    ]
    is_secret = settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL or settings.EMAIL_HOST in ("localhost", "127.0.0.1")
    if settings.EMAIL_HOST_PASSWORD and not is_secret:
        sentence = "The password of the mail server is sent in the clear."
        found.append(Warning(sentence, hint="Set SMTP_USE_TLS=on.", id="exports.W006"))
    return found


def _email_problems() -> Iterator[tuple[str, str]]:
    if not settings.EMAIL_HOST:
        yield "SMTP_HOST names no mail server.", "Name it."
    if problem := addresses.problem(parseaddr(settings.DEFAULT_FROM_EMAIL)[1]):
        yield f"SMTP_FROM_ADDRESS {problem}", "Say who the mail is from."
    if bool(settings.EMAIL_HOST_USER) != bool(settings.EMAIL_HOST_PASSWORD):
        yield "of SMTP_USER and SMTP_PASSWORD only one is set.", "Set both, or none where the server asks for none."
    for domain in conf.email_domains:
        if addresses.problem(f"name@{domain}"):
            yield f"EXPORTS_EMAIL_DOMAINS names '{domain}', which is no domain.", "Write domains such as example.org."


@register
def check_webhook_networks(**kwargs: Any) -> list[CheckMessage]:
    """Report a network that is none (exports.E007)."""
    return [
        Error(
            f"WEBHOOK_NETWORKS names '{network}', which is no network.",
            hint="Write networks as 10.1.2.0/24, without bits behind the mask, separated by commas.",
            id="exports.E007",
        )
        for network in conf.webhook_networks
        if not _is_network(network)
    ]


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
