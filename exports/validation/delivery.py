"""How a request wants its files cut, packed and kept (document 002, "Large Dataset Request Format")."""

import re
from collections.abc import Mapping
from typing import Any

from exports.catalogue import Policy, Template
from exports.exceptions import BadRequest
from exports.types import Cut, ExportSpec, Strategy

LARGE, DELIVERY = "large_dataset_options", "delivery_options"
"""Members of the options; what the one may hold may stand in the other too, as the document's own PHP does it."""
STRATEGIES = {
    "auto": None,
    "multi_file": Strategy.MULTI_FILE,
    "streaming": Strategy.STREAMING,
    "compressed": Strategy.COMPRESSED,
}
COMPRESSIONS = {"gzip": True, "zip": None, "none": False}
"""Whether a single file is put inside gzip; a ZIP is what several are put into."""
LEAST_CHUNK, MOST_CHUNK = 1_000, 25_000
MOST_DAYS = 365
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(KB|MB|GB)", re.IGNORECASE)


def cut_of(spec: ExportSpec, template: Template) -> Cut:
    """Return how the records become files. Raises BadRequest, which names the member."""
    strategy, packed = _strategy(spec), _packed(spec)
    if (strategy, packed) in ((Strategy.COMPRESSED, False), (Strategy.STREAMING, True)):
        where = f"{LARGE}.compression"
        raise BadRequest(f"Field '{where}' contradicts the strategy '{strategy}'.", field=where)
    return Cut(
        records_per_file=template.records_per_file,
        most_in_single=template.max_records_single_file,
        strategy=strategy,
        chunk_size=_number(spec, "chunk_size", LEAST_CHUNK, MOST_CHUNK),
        packed=packed,
    )


def wants_archive(spec: ExportSpec) -> bool:
    """Tell whether several files are put into a ZIP as well. Raises BadRequest."""
    return _flag(spec, "create_zip_archive", default=True)


def retention_of(spec: ExportSpec, policy: Policy) -> int:
    """Return for how many hours the files are kept. Raises BadRequest."""
    days = _number(spec, "retention_days", 1, MOST_DAYS)
    return policy.retention_hours if days is None else 24 * days


def check_limits(spec: ExportSpec) -> None:
    """Refuse sizes that are none; what a file or a worker may weigh at most is the installation's to say."""
    for name in ("max_file_size", "memory_limit"):
        value, where = _found(spec, name)
        if value is not None and not (isinstance(value, str) and _SIZE.fullmatch(value)):
            raise BadRequest(f"Field '{where}' must be a size such as '50MB'.", field=where)
    _flag(spec, "parallel_processing", default=True)


def told_by_mail(spec: ExportSpec) -> tuple[bool | None, str, str, str]:
    """Return whether somebody is told by e-mail, None where that is not said, and who, each with where it stands.

    Raises:
        BadRequest: one of them is of the wrong kind.
    """
    wanted, flag = _found(spec, "email_notification")
    if wanted is not None and not isinstance(wanted, bool):
        raise BadRequest(f"Field '{flag}' must be true or false.", field=flag)
    address, where = _found(spec, "email_address")
    if address is not None and not isinstance(address, str):
        raise BadRequest(f"Field '{where}' must be text.", field=where)
    if spec.notify_email:
        address, where = spec.notify_email, spec.notify_field
    return spec.notify if wanted is None else wanted, flag, address or "", where


def _strategy(spec: ExportSpec) -> Strategy | None:
    word, where = _found(spec, "strategy")
    if word is not None and word not in STRATEGIES:
        raise BadRequest(f"Field '{where}' must be one of: {', '.join(STRATEGIES)}.", field=where)
    return STRATEGIES[word] if word is not None else None


def _packed(spec: ExportSpec) -> bool | None:
    word, where = _found(spec, "compression")
    if word is not None and word not in COMPRESSIONS:
        raise BadRequest(f"Field '{where}' must be one of: {', '.join(COMPRESSIONS)}.", field=where)
    return COMPRESSIONS[word] if word is not None else None


def _number(spec: ExportSpec, name: str, least: int, most: int) -> int | None:
    value, where = _found(spec, name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadRequest(f"Field '{where}' must be a whole number from {least:,} to {most:,}.", field=where)
    return value


def _flag(spec: ExportSpec, name: str, *, default: bool) -> bool:
    value, where = _found(spec, name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise BadRequest(f"Field '{where}' must be true or false.", field=where)
    return value


def _found(spec: ExportSpec, name: str) -> tuple[Any, str]:
    """Return a member's value, None where it is not said, and where it stands."""
    for group in (LARGE, DELIVERY):
        members = spec.options.get(group) or {}
        if not isinstance(members, Mapping):
            raise BadRequest(f"Field '{group}' must be an object.", field=group)
        if members.get(name) is not None:
            return members[name], f"{group}.{name}"
    return None, name
