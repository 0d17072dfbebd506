"""What can be exported, and how each dialect may ask for it.

The definitions are TOML files: ``templates_config/CATALOGUE/RESOURCE.toml`` (see ``schema.py``) and
``templates_config/policies.toml`` (see ``policies.py``). Adding a resource is adding a file.

``resource("ybb", "participants")`` and ``policy("ybb")`` are what callers use; both read the files once per process.
"""

from functools import cache
from pathlib import Path

import msgspec

from exports.conf import conf
from exports.exceptions import UnknownName

from .custom import check_name, checked, resolve_custom
from .filters import Filter
from .loader import Definitions, read
from .policies import Chunks, LaneRule, Policy
from .resolve import shows_sensitive
from .resources import Option, Resource, Template
from .schema import TemplateDef, did_you_mean
from .source_schema import Source

__all__ = [
    "Chunks",
    "Filter",
    "LaneRule",
    "Option",
    "Policy",
    "Resource",
    "Source",
    "Template",
    "TemplateDef",
    "check_name",
    "checked",
    "definitions",
    "did_you_mean",
    "policy",
    "resolve_custom",
    "resource",
    "shows_sensitive",
]


@cache
def _read_once(directory: Path) -> Definitions:
    return read(directory)


def definitions() -> Definitions:
    """Return everything the definition files say."""
    return _read_once(Path(conf.templates_dir))


def resource(catalogue: str, name: str) -> Resource:
    """Return one resource.

    Raises:
        UnknownName: the catalogue has no resource of that name; the message lists those it has.
    """
    known = definitions().resources_of(catalogue)
    if name not in known:
        raise UnknownName(
            f"Export type '{name}' not found. Known export types: {', '.join(known)}.", field="export_type"
        )
    return known[name]


def policy(dialect: str) -> Policy:
    """Return what a dialect allows here.

    Raises:
        KeyError: ``policies.toml`` has no table for the dialect; a system check reports that at start.
    """
    return msgspec.structs.replace(definitions().policies[dialect], **conf.policies.get(dialect, {}))
